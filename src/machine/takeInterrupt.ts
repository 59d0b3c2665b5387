// A debugger has the core take an interrupt where it stands, whatever its cause would be. It is done by writing registers,
// so that the log of inputs has it, and going back goes through it.

import { isCritical, msrAfter } from '../cpu/interrupts.ts'
import { Word } from '../cpu/state.ts'
import { Ivor, interruptName } from '../isa/interrupts.ts'
import { MSR_CE, MSR_EE, MSR_ME } from '../isa/registers.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import type { Machine } from './machine.ts'
import { vectorOf } from './registers.ts'

/** What MSR must have set for the interrupt to come (user's manual, table 6-2, p.175). */
const ENABLED_BY: ReadonlyMap<number, readonly [bit: number, name: string]> = new Map([
  [Ivor.CRITICAL_INPUT, [MSR_CE, 'CE']],
  [Ivor.WATCHDOG_TIMER, [MSR_CE, 'CE']],
  [Ivor.MACHINE_CHECK, [MSR_ME, 'ME']],
  [Ivor.EXTERNAL_INPUT, [MSR_EE, 'EE']],
  [Ivor.DECREMENTER, [MSR_EE, 'EE']],
  [Ivor.FIXED_INTERVAL_TIMER, [MSR_EE, 'EE']],
])

/** @throws UserError where it would not be taken now */
export function takeInterrupt(machine: Machine, ivor: number): void {
  const { cpu } = machine
  if (machine.process !== undefined)
    throw new UserError('no-interrupt', 'a Linux process takes no interrupts', 'signals are what it has instead')
  if (ivor === Ivor.DEBUG)
    throw new UserError(
      'no-interrupt',
      'the Debug interrupt belongs to whoever has the comparators',
      'set a breakpoint',
    )
  const [bit, name] = ENABLED_BY.get(ivor) ?? [0, '']
  const msr = cpu.state.words[Word.MSR]
  if (bit !== 0 && (msr & bit) === 0)
    throw new UserError(
      'no-interrupt',
      `MSR[${name}] is 0 (MSR is ${hex32(msr)}), so the ${interruptName(ivor)} interrupt has to wait`,
      `set it with $msr.${name} = 1`,
    )
  const pairs = isCritical(ivor) ? (ivor === Ivor.MACHINE_CHECK ? ['CSRR', 'MCSRR'] : ['CSRR']) : ['SRR']
  for (const pair of pairs) {
    machine.setRegister(`${pair}0`, cpu.pc)
    machine.setRegister(`${pair}1`, msr)
  }
  machine.setRegister('MSR', msrAfter(ivor, msr))
  machine.setRegister('PC', vectorOf(ivor, machine.vcpu))
}
