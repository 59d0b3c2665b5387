// What is typed in the Debug Console about the machine. Expectations are the source's, GNU objdump's and the manual's.

import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const COFFEE = resolve('examples/coffee/coffee.elf')
const OBJDUMP = 'powerpc-linux-gnu-objdump'
const MAIN = resolve('examples/coffee/main.c')
const LINE = lineOf('coffee/main.c', 'uart_init();')

let dap: DapClient
beforeAll(async () => {
  dap = new DapClient()
  await dap.launch(COFFEE, { reserveSlots: ['IAC4'], breakpoints: { [MAIN]: [LINE] } })
  await dap.stopped()
})
afterAll(() => dap.session.dispose())

const typed = async (expression: string): Promise<string> => {
  const [frame] = await dap.stack()
  return (await dap.ask('evaluate', { expression, context: 'repl', frameId: frame!.id })).result
}

test('slots', async () => {
  const [first, , , fourth] = (await typed('slots')).split('\n')
  expect(first).toMatch(new RegExp(`^IAC1 {2}0x[0-9a-f]{8} {2}main.c:${LINE}$`))
  expect(fourth).toBe('IAC4  left to the program')
})

test('help lists all of them', async () => {
  const help = await typed('help')
  for (const name of ['slots', 'tlb', 'x/8i $pc', 'info line', 'where', 'last write x']) expect(help).toContain(name)
})

describe('tlb', () => {
  test('lists the valid entries', async () => {
    expect(await typed('tlb')).toMatch(/^\s*\d+ {2}0x00000000 -> 0x000000000 {2}256 MB .* SX SW SR$/m)
  })

  test('says how an address is translated, by any expression', async () => {
    const said = await typed('tlb $pc')
    const [frame] = await dap.stack()
    const pc = frame!.instructionPointerReference!.toLowerCase()
    expect(said).toContain(`${pc} with PID = 0, MSR[IS] = 0, MSR[DS] = 0, MSR[PR] = 0`)
    // One entry of 256 MB maps what lies there to the same address, 36 bits wide.
    expect(said).toMatch(new RegExp(`execute {2}0x0${pc.slice(2)} by TLB entry \\d+\n`))
    expect(await typed('tlb main')).toMatch(/load {5}0x000100[0-9a-f]{3} by TLB entry/)
  })

  test('says which interrupt comes where it is not', async () => {
    // The entries are of address space 0; data is looked for in space 1.
    await typed('$msr.DS = 1')
    const said = await typed('tlb 0x9000a000')
    await typed('$msr.DS = 0')
    expect(said).toMatch(/execute {2}0x[0-9a-f]{9} by TLB entry/)
    expect(said).toContain('load     Data TLB Error interrupt')
    expect(said).toContain('store    Data TLB Error interrupt')
    // Which entry would do in the other space stands below.
    expect(said).toMatch(/^\s*\d+ {2}0x90000000 -> .* space 0/m)
  })
})

describe.skipIf(!have(OBJDUMP))('memory', () => {
  const objdump = (...args: string[]): string => execFileSync(OBJDUMP, [...args, COFFEE], { encoding: 'utf8' })

  test('x/4i shows the instructions that objdump shows, and where the program stands', async () => {
    const [frame] = await dap.stack()
    const pc = Number(frame!.instructionPointerReference)
    const lines = (await typed('x/4i $pc')).trimEnd().split('\n')
    const theirs = [
      ...objdump('-d', `--start-address=${pc}`, `--stop-address=${pc + 16}`).matchAll(/^ +[0-9a-f]+:\t.{12}\t(\w+)/gm),
    ]
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^=> 0x[0-9a-f]{8} <main\+0x[0-9a-f]+>: /)
    expect(lines.map(line => /: (\S+)/.exec(line)![1])).toEqual(theirs.map(([, mnemonic]) => mnemonic))
  })

  test('x/6x shows words, four a line', async () => {
    const words = [...objdump('-s', '-j', '.text').matchAll(/^ [0-9a-f]+ ((?:[0-9a-f]{8} ){4})/gm)]
      .slice(0, 2)
      .flatMap(([, line]) => line!.trim().split(' '))
    const start = /\.text +[0-9a-f]+ +([0-9a-f]+)/.exec(objdump('-h'))![1]!
    const said = await typed(`x/6x 0x${start}`)
    expect(said.match(/0x[0-9a-f]{8}(?!:)/g)).toEqual(words.slice(0, 6).map(word => `0x${word}`))
    expect(said.trimEnd().split('\n')).toHaveLength(2)
  })

  test('what is not there is said', async () => {
    expect(await typed('x/4x 0xfffffff0')).toContain('There is no memory beyond.')
    expect(await typed('x/2i 0x9000a000')).toBe('There is no memory at 0x9000a000.\n')
    await expect(typed('x/2i nowhere')).rejects.toThrow('nowhere')
  })
})

test('info line', async () => {
  expect(await typed('info line $pc')).toContain(`<main+`)
  expect(await typed('info line $pc')).toContain(`main.c:${LINE}`)
})

test.each(['auto', 'compiler', 'interpreter'] as const)('engine: %s', async engine => {
  const session = new DapClient()
  const line = lineOf('coffee/main.c', 'machine_init(&machine);')
  await session.launch(COFFEE, { engine, breakpoints: { [MAIN]: [line] } })
  await session.stopped()
  const said = await session.evaluate('engine', 'repl')
  const [, name, compiled, all] = /is (\w+)\. .*: ([\d,]+) instructions; the run has ([\d,]+)\./.exec(said)!
  const [many, whole] = [compiled, all].map(text => Number(text!.replaceAll(',', '')))
  expect(name).toBe(engine)
  expect(many! <= whole!).toBe(true)
  // The self test computes a CRC in a loop before that line.
  expect(many! > 0).toBe(engine !== 'interpreter')
  session.session.dispose()
})

describe('interrupt', () => {
  test('leads to the handler, and SRR0 and SRR1 tell from where', async () => {
    const [frame] = await dap.stack()
    const pc = frame!.instructionPointerReference!
    await typed('$msr.EE = 1')
    const msr = await dap.evaluate('$msr')
    await typed('interrupt decrementer')
    expect(await dap.stopped()).toMatchObject({ reason: 'goto', description: 'Took the Decrementer interrupt' })
    // The vector of IVOR10 (user's manual, table 6-2), MSR with EE and PR off, and where to return to.
    expect(await dap.evaluate('$pc == ($ivpr & 0xffff0000 | $ivor10 & 0xfff0)')).toBe('1')
    expect(await dap.evaluate('$msr.EE')).toMatch(/^0/)
    expect(await dap.evaluate('$srr0')).toContain(pc)
    expect((await dap.evaluate('$srr1')).slice(0, 10)).toBe(msr.slice(0, 10))
    // The handler returns to where it was struck.
    await dap.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: pc }] })
    await dap.step('continue')
    expect((await dap.stack())[0]!.instructionPointerReference).toBe(pc)
  })

  test('that is masked has to wait, and what is none is named', async () => {
    await typed('$msr.CE = 0')
    await expect(typed('interrupt critical')).rejects.toThrow(/MSR\[CE\] is 0 .*\$msr\.CE = 1/)
    await expect(typed('interrupt data')).rejects.toThrow(/not the name of one interrupt: there are Critical Input, /)
    await expect(typed('interrupt debug')).rejects.toThrow(/belongs to whoever has the comparators/)
  })
})
