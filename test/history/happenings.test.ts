// What a history tells of a run, held against a program whose every loop does the same things at instruction numbers that
// can be counted by hand.

import { describe, expect, test } from 'vitest'
import type { EngineName } from '../../src/compiler/engines.ts'
import { readElf } from '../../src/elf/elf.ts'
import { HAPPENING_KINDS, Happenings } from '../../src/history/happenings.ts'
import { History } from '../../src/history/history.ts'
import { Spr } from '../../src/isa/registers.ts'
import { Machine } from '../../src/machine/machine.ts'
import { type Moment, momentOf } from '../../src/machine/moment.ts'
import { A, encode } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'

const HANDLER = 0x2000
const UART = 4
const { addi, b, mtspr, rfi, sc, stb } = encode
const lis = (t: number, value: number): number => (15 << 26) | (t << 21) | value
const put = (character: string): number[] => [addi(7, 0, character.charCodeAt(0)), stb(7, 0, UART)]
const SET_UP = [
  ...[lis(UART, 0xef60), addi(UART, UART, 0x300), mtspr(Spr.IVPR, 31)],
  ...[addi(5, 0, HANDLER), mtspr(Spr.IVOR0 + 8, 5)],
  // DBCR0[IAC1] without IDM: the event is noted in DBSR, and nothing else comes of it.
  ...[addi(6, 0, A + 4 * 12), mtspr(Spr.IAC1, 6), lis(6, 0x80), mtspr(Spr.DBCR0, 6)],
]
const LOOP = [...put('H'), ...put('i'), ...put('\n'), sc, b(-4 * 7)]
/** With the rfi of the handler. */
const PER_LOOP = 9
/** Within a loop, instructions before each: the store of 'H', that of 'i', and what follows the sc. */
const [LINE, EVENT, INTERRUPT] = [1, 3, 7]

function started(engine: EngineName = 'interpreter'): { machine: Machine; history: History } {
  const program = writeElf(A, [
    { address: A, bytes: bytesOf([...SET_UP, ...LOOP]) },
    { address: HANDLER, bytes: bytesOf([rfi]) },
  ])
  const machine = new Machine({ ramSize: 1 << 20, core: '440ep', reset: 'boot', engine }, readElf(program))
  let ms = 0
  return { machine, history: new History(machine, { budget: 64 << 20, now: () => (ms += 20) }) }
}

/** In pieces of random-looking lengths, with snapshots in between. */
function runOn({ machine, history }: ReturnType<typeof started>, end: number): void {
  while (machine.retired < end) {
    history.run({ budget: Math.min(end - machine.retired, 1 + (machine.retired % 997)) })
    history.record()
  }
}

function goTo({ history }: ReturnType<typeof started>, moment: Moment): void {
  const way = history.goTo(moment, () => ({ budget: 5000 }))
  while (way.next().done !== true);
}

const told = (history: History) => HAPPENING_KINDS.map(kind => history.happenings(kind).map(each => ({ ...each })))
const at = (loop: number, within: number): number => SET_UP.length + PER_LOOP * loop + within

describe.each(['interpreter', 'compiler', 'auto'] as const)('%s', engine => {
  const LOOPS = 2000
  const run = started(engine)
  const { machine, history } = run
  runOn(run, at(LOOPS, 0))
  const all = told(history)

  test('each loop’s line, debug event and interrupt are told at their instructions', () => {
    const loops = Array.from({ length: LOOPS }, (_, loop) => loop)
    const numbers = (kind: 'line' | 'debug' | 'interrupt') => history.happenings(kind).map(each => each.moment.retired)
    expect(numbers('line')).toEqual(loops.map(loop => at(loop, LINE)))
    expect(numbers('debug')).toEqual(loops.map(loop => at(loop, EVENT)))
    expect(numbers('interrupt')).toEqual(loops.map(loop => at(loop, INTERRUPT)))
    expect(history.happenings('line')[7]).toMatchObject({ text: 'Hi', what: 0, pc: A + 4 * 10 })
    expect(history.happenings('debug')[7]).toMatchObject({ what: 0x00800000, isDebuggers: false, pc: A + 4 * 12 })
    expect(history.happenings('interrupt')[7]).toMatchObject({ what: 8, pc: A + 4 * 16, moment: { interrupts: 1 } })
    expect(history.happenings('access')).toEqual([])
  })

  test('going to what happened stands where it is about to happen', () => {
    goTo(run, history.happenings('line')[1500]!.moment)
    expect(machine.cpu.pc).toBe(A + 4 * 10)
    goTo(run, history.happenings('interrupt')[1500]!.moment)
    expect(machine.cpu.pc).toBe(HANDLER)
  })

  test('a run that is repeated tells nothing', () => {
    goTo(run, { retired: at(3, 0), cycle: at(3, 0) })
    while (history.isInPast) history.run({ budget: 1234 })
    expect(told(history)).toEqual(all)
  })

  test('a new future takes what came after with it, and its line goes on from where it was', () => {
    // 'H' is out, 'i' is not.
    const from = at(1000, LINE + 1)
    goTo(run, { retired: from, cycle: from })
    machine.poke(A + 4 * (SET_UP.length + 2), bytesOf([addi(7, 0, 'o'.charCodeAt(0))]))
    expect(history.happenings('future').map(({ moment }) => moment.retired)).toEqual([from])
    expect(history.happenings('line').slice(999)).toMatchObject([{ text: 'Hi' }, { text: 'H' }])
    expect(history.happenings('interrupt').length).toBe(1000)
    runOn(run, at(LOOPS, 0))
    const lines = history.happenings('line')
    expect(lines.length).toBe(LOOPS)
    expect(lines.slice(998, 1002).map(({ text }) => text)).toEqual(['Hi', 'Hi', 'Ho', 'Ho'])
    expect(history.happenings('interrupt').map(({ moment }) => moment)).toEqual(all[3]!.map(({ moment }) => moment))
  })
})

test('a stop is told once, and not in the past', () => {
  const run = started()
  const { history } = run
  runOn(run, 100)
  history.noteStop('first')
  history.noteStop('again')
  goTo(run, { retired: 50, cycle: 50 })
  history.noteStop('in the past')
  goTo(run, history.present)
  history.noteStop('back')
  expect(history.happenings('stop').map(({ text, moment }) => [text, moment.retired])).toEqual([['first', 100]])
})

test.each([
  ['interrupt', (to: Happenings, retired: number) => to.interrupt.add(retired, retired, 0, 10, 0)],
  ['line', (to: Happenings, retired: number) => to.add('line', { retired, cycle: retired }, 0, 0, '')],
] as const)('of many of kind %s the oldest are kept less finely, and none is forgotten', (kind, add) => {
  const happenings = new Happenings()
  const COUNT = 300_000
  for (let retired = 0; retired < COUNT; retired++) add(happenings, retired)
  const all = happenings.of(kind).map(each => ({ ...each }))
  expect(all.length).toBeLessThanOrEqual(16_384)
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(COUNT)
  const wrong = all.filter(({ moment, count, last }, i) => {
    const follows = i === 0 ? 0 : all[i - 1]!.last + 1
    return moment.retired !== follows || last !== follows + count - 1
  })
  expect(wrong).toEqual([])
  expect(all.slice(-4000).every(({ count }) => count === 1)).toBe(true)
  const middle = all[100]!
  const moment = { ...middle.moment, retired: middle.moment.retired + (middle.count >> 1) }
  happenings.forgetAfter(moment)
  const last = happenings.of(kind).at(-1)!
  expect([last.moment, last.last]).toEqual([middle.moment, moment.retired])
  expect(last.count).toBeCloseTo(middle.count / 2, -1)
})

test('momentOf in a run is exact where the core calls out', () => {
  const { machine } = started()
  const moments: number[] = []
  machine.uarts[0]!.onTransmit = () => moments.push(momentOf(machine).retired)
  machine.run({ budget: at(1, 0) })
  expect(moments).toEqual([at(0, 1), at(0, 3), at(0, 5)])
})
