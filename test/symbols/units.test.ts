import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contextHere, evaluate } from '../../src/debuggee/evaluation.ts'
import { Program } from '../../src/debuggee/program.ts'
import { have } from '../support/tools.ts'
import { build, haveGcc, loadElf, output } from './guest.ts'
import { coreFile } from './stops/coreFile.ts'
import { createMachine, memoryOf } from './stops/stops.ts'

const expressions = [
  'sizeof(struct node)',
  'sizeof(number)',
  'sizeof(struct node *)',
  '((struct node *)0) + 1',
  '(int)BUSY',
  '(enum state)3',
  '(enum state)7',
]

/** gdb's values of the expressions in a core file: decimal, as ours. */
function gdbAnswers(path: string, core: string): string[] {
  const args = ['-nx', '-batch', '-iex', 'set osabi GNU/Linux', path, '-ex', `core-file ${core}`]
  const answers = output('gdb-multiarch', ...args, ...expressions.flatMap(text => ['-ex', `print ${text}`]))
  return [...answers.matchAll(/^\$\d+ = (?:\(.*?\) )?(.*)$/gm)].map(([, value]) => value)
}

/** `0x0000000c` as gdb has it. */
const spelled = (value: string): string => value.replace(/^0x0*(?=.)/, '0x')

describe('a type that two files have each for itself', () => {
  const skip = !haveGcc || !have('gdb-multiarch')

  it.each(['-O0', '-O2'])('is that of the file where the program stands, with %s', { skip }, level => {
    const path = build(['start.S', 'units_one.c', 'units_two.c'], level, '-g')
    const elf = loadElf(path)
    const program = new Program(elf)
    const folder = mkdtempSync(join(tmpdir(), 'units-'))
    try {
      const seen = ['sum_list', 'sum_tree'].map(name => {
        const machine = createMachine(path)
        const [stop] = program.symbols.functionAddresses(name)
        while (machine.cpu.pc >>> 0 !== stop) machine.run({ budget: 1 })
        const core = join(folder, name)
        writeFileSync(core, coreFile(machine.cpu, memoryOf(machine, program)))
        const context = contextHere(machine, program)
        const ours = expressions.map(text => spelled(evaluate(context, text).value))
        expect(ours).toEqual(gdbAnswers(path, core))
        return ours.join()
      })
      expect(seen[0]).not.toBe(seen[1])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
  // A key of 8 bytes and two pointers, aligned to 8; a pointer and an int.
  it.each([
    ['sum_tree', 16],
    ['sum_list', 8],
  ])('is so in the condition of a breakpoint: %s', { skip }, (name, size) => {
    const path = build(['start.S', 'units_one.c', 'units_two.c'], '-O0', '-g')
    const program = new Program(loadElf(path))
    const resolution = program.resolve({ kind: 'function', name, condition: `sizeof(struct node) == ${size}` })
    if (resolution.kind !== 'found') throw new Error(resolution.why)
    const machine = createMachine(path)
    while (machine.cpu.pc >>> 0 !== resolution.addresses[0]) machine.run({ budget: 1 })
    expect(resolution.conditions.condition!.truth(contextHere(machine, program))).toBe(true)
  })
})
