// Going back to, and through, what takes no instruction: interrupts that strike instead of one, and waiting.

import { describe, expect, test } from 'vitest'
import { Continue } from '../../../src/debuggee/steps/goal.ts'
import { Ivor } from '../../../src/isa/interrupts.ts'
import { Spr } from '../../../src/isa/registers.ts'
import { stateHash } from '../../../src/machine/snapshot.ts'
import { li, mfspr, mtspr, word } from '../../compiler/programs.ts'
import { A } from '../../support/core.ts'
import { HandTurned, programOf, SILENT } from '../../support/target.ts'

const HANDLER = 0x100
/** At A + HANDLER, with r5 to save in: the instruction is passed over. */
const SKIP = [mfspr(5, Spr.SRR0), word('addi', { rt: 5, ra: 5, si: 4 }), mtspr(Spr.SRR0, 5), word('rfi')]

/** Some code, and a handler that `ivor` leads to. */
function handled(ivor: number, code: readonly number[], handler: readonly number[]): Uint8Array {
  const start = [...li(3, A & 0xffff0000), mtspr(Spr.IVPR, 3), ...li(3, (A & 0xffff) + HANDLER)]
  const words = [...start, mtspr(Spr.IVOR0 + ivor, 3), ...code]
  while (words.length < HANDLER / 4) words.push(word('ori'))
  return programOf([...words, ...handler])
}

function session(elf: Uint8Array, more: object = {}): HandTurned {
  const loop = new HandTurned(elf, { tick: 1, history: 64 << 20, ...more })
  loop.target.join(SILENT)
  loop.target.breakpoints.settled = true
  return loop
}

const here = ({ target: { machine, pc, isInPast } }: HandTurned): unknown => [
  ...[machine.retired, pc.toString(16), isInPast, stateHash(machine)],
]

describe('an interrupt instead of an instruction', () => {
  // Counts, and has an illegal instruction in its loop.
  const illegal = handled(Ivor.PROGRAM, [word('addi', { rt: 4, ra: 4, si: 1 }), 0, word('b', { li: -2 })], SKIP)

  test('is gone to, and back to from where it led', () => {
    const loop = session(illegal)
    const { target } = loop
    target.resume(new Continue())
    loop.turn(3)
    target.pause()
    loop.turn()
    const struck = target.happenings('interrupt')
    expect(struck.length).toBeGreaterThan(100)
    const { moment, what } = struck[50]!
    target.travel(past => past.goToInstruction(moment.retired, moment.interrupts))
    loop.turn()
    expect([what, target.machine.retired, target.pc]).toEqual([Ivor.PROGRAM, moment.retired, A + HANDLER])
  })

  test('is where the present is, and another future begins', () => {
    const loop = session(illegal)
    const { target } = loop
    const handler = { kind: 'instruction', address: A + HANDLER, hitCondition: '5' } as const
    target.breakpoints.replace({ owner: 'silent', list: 'all' }, [handler])
    target.replan()
    target.resume(new Continue())
    loop.turn()
    const present = here(loop)
    target.travel(past => past.stepInstruction())
    loop.turn()
    target.resume(new Continue())
    loop.turn()
    expect(here(loop)).toEqual(present)
    target.writing(() => target.machine.setRegister('r7', 7))
    expect(target.machine.inputs.at(-1)).toMatchObject({ kind: 'register', interrupts: 1 })
    target.breakpoints.replace({ owner: 'silent', list: 'all' }, [])
    target.replan()
    target.resume(new Continue())
    loop.turn(2)
    target.pause()
    loop.turn()
    const other = here(loop)
    target.travel(past => past.goToBeginning())
    loop.turn()
    target.resume(new Continue())
    loop.turn()
    expect(here(loop)).toEqual(other)
  })
})

test('waiting is repeated however long it is, also at the pace of the wall', () => {
  const timer = [...li(3, 0x4000_0000), mtspr(Spr.DEC, 3), ...li(3, 0x0400_0000), mtspr(Spr.TCR, 3)]
  const wait = [...li(3, 0x0004_9000), word('mtmsr', { rs: 3 }), word('b', { li: 0 })]
  const loop = session(handled(Ivor.DECREMENTER, [...timer, ...wait], [word('b', { li: 0 })]), { pace: 'real' })
  const { target } = loop
  target.resume(new Continue())
  loop.turn(200)
  target.pause()
  loop.turn()
  const present = here(loop)
  target.travel(past => past.goToInstruction(3))
  loop.turn()
  target.resume(new Continue())
  loop.turn()
  expect(here(loop)).toEqual(present)
})
