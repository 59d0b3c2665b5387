// The view of the peripherals as data: the devices of the board and a snapshot (and the one of the stop before) in, rows out.
// What is said of a register its device's table says; the timers of the core, which every board has, stand before the
// devices, of which a board may have many.

import { REGISTER_GROUPS } from '../../isa/registerGroups.ts'
import { registerByName } from '../../isa/registers.ts'
import type { ShownDevice, Snapshot, TimerState } from '../../protocol/messages.ts'
import { groupRow, type RegisterFormat, type RegisterRow, registerRow } from './registerRow.ts'

export function peripheralRows(
  devices: readonly ShownDevice[],
  now: Snapshot,
  before?: Snapshot,
  format: RegisterFormat = 'hexadecimal',
): readonly RegisterRow[] {
  // A stub has no registers to show: what was asked of it stands in the Debug Console.
  const modelled = devices.filter(({ registers }) => registers.length > 0)
  return [
    timers(now, before, format),
    ...modelled.map(({ name, text, where, registers }) =>
      groupRow(
        name,
        `${where} · ${text}`,
        registers.map(register => {
          const label = register.name.slice(name.length + 1)
          return registerRow({ name: register.name, label, register, text: register.text }, now, before, format)
        }),
      ),
    ),
  ]
}

/** DEC, the fixed interval timer and the watchdog: their registers, and when each is due. */
function timers(now: Snapshot, before: Snapshot | undefined, format: RegisterFormat): RegisterRow {
  const names = REGISTER_GROUPS.find(({ title }) => title === 'Timers')!.names.filter(name => name in now.registers)
  const registers = names.map(name => {
    const register = registerByName(name)
    const remark = name === 'DEC' ? { remark: decrementerIn(now.timers) } : {}
    return registerRow({ name, register, text: register?.text ?? '', ...remark }, now, before, format)
  })
  const { fixedInterval, watchdog } = now.timers
  const events = [
    eventRow('FIT', 'fixed interval timer', fixedInterval, now.timers),
    eventRow('WDT', 'watchdog timer', watchdog, now.timers),
  ]
  return groupRow('Core timers', 'DEC, FIT, watchdog, time base', [...registers, ...events])
}

const decrementerIn = (timers: TimerState): string =>
  timers.decrementer === undefined ? 'stands still' : `reaches 0 in ${duration(timers.decrementer, timers)}`

function eventRow(name: string, what: string, clocks: number, timers: TimerState): RegisterRow {
  const text = `next event in ${clocks.toLocaleString('en')} clocks, ${duration(clocks, timers)} · ${what}`
  return { id: name, name, text, value: '', changed: false, tooltip: '', spoken: `${name}, ${text}`, children: [] }
}

/** `20.5 µs` of the program's time. */
function duration(clocks: number, { frequency }: TimerState): string {
  const seconds = clocks / frequency
  const [factor, unit] = seconds >= 1 ? [1, 's'] : seconds >= 1e-3 ? [1e3, 'ms'] : [1e6, 'µs']
  return `${Number((seconds * factor).toPrecision(3))} ${unit}`
}
