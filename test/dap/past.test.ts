// Going back as a client of the adapter has it: a program that reads files and writes to its standard output.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { fromBase64 } from '../../src/util/base64.ts'
import { DapClient } from '../support/dap.ts'
import { LinuxProgram } from '../support/linuxProgram.ts'
import { have } from '../support/tools.ts'

const isThere = have('powerpc-linux-gnu-gcc')

describe.skipIf(!isThere)('a program that reads files', () => {
  const program = isThere ? new LinuxProgram('linux/files.c', '-O0') : undefined!
  const lines = isThere ? program.lines : []
  if (isThere) {
    writeFileSync(join(dirname(program.path), 'data.txt'), 'one\ntwo\nthree\n')
    mkdirSync(join(dirname(program.path), 'sub'))
  }
  const lineWith = (text: string): number => lines.findIndex(line => line.includes(text)) + 1
  let dap: DapClient
  afterEach(() => dap.session.dispose())

  const launched = async (more: object = {}): Promise<void> => {
    dap = new DapClient()
    const breakpoints = { [program.source]: ['"first %c', '"directory %d', 'return 3;'].map(lineWith) }
    await dap.launch(program.path, { machine: 'linux-user', args: ['x'], breakpoints, ...more })
    await dap.stopped()
  }
  const output = (): string => {
    const bodies = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body)
    const texts = bodies as { readonly category: string; readonly output: string }[]
    return texts.flatMap(each => (each.category === 'stdout' || each.category === 'stderr' ? each.output : [])).join('')
  }
  const at = (text: string): string => `files.c:${lineWith(text)}`

  test('runs backwards to its breakpoints, and forward again with the same files, writing nothing twice', async () => {
    await launched()
    await dap.step('continue')
    await dap.step('continue')
    expect(await dap.where()).toBe(at('return 3;'))
    // Its standard output waits in a buffer of its own.
    expect(output()).toBe('to standard error\n')
    await dap.step('reverseContinue')
    expect(await dap.where()).toBe(at('"directory %d'))
    const { description } = await dap.step('reverseContinue')
    expect([await dap.where(), description]).toEqual([
      at('"first %c'),
      expect.stringMatching(/^In the past: IAC\d matched /),
    ])
    expect((await dap.step('reverseContinue')).description).toMatch(/^In the past: The beginning of the history/)
    for (const text of ['"first %c', '"directory %d', 'return 3;']) {
      await dap.step('continue')
      expect(await dap.where()).toBe(at(text))
    }
    expect(output()).toBe('to standard error\n')
    await dap.ask('continue', { threadId: 1 })
    await dap.next('exited')
    expect(output()).toMatch(/^to standard error\nargument x\nline: one\nline: two\nline: three\nsize 14\nfirst o\n/)
  })

  test('steps back by lines', async () => {
    await launched()
    await dap.step('next')
    expect(await dap.where()).toBe(at('fclose(file);'))
    await dap.step('stepBack')
    expect(await dap.where()).toBe(at('"first %c'))
    await dap.step('stepBack')
    expect(await dap.where()).toBe(at('rewind(file)'))
    await dap.step('stepBack', 'instruction')
    await dap.step('stepIn', 'instruction')
    expect(await dap.where()).toBe(at('rewind(file)'))
  })

  test('leads to who wrote a variable last', async () => {
    await launched()
    await dap.ask('ppc440/lastWrite', { name: 'i' })
    const stop = await dap.stopped()
    expect(stop.description).toMatch(/^In the past: .* matched a write to .*: i$/)
    expect([await dap.where(), await dap.evaluate('i')]).toEqual([at('i < argc'), '1'])
    await dap.ask('ppc440/back', { to: 'present' })
    await dap.stopped()
    expect([await dap.where(), await dap.evaluate('i')]).toEqual([at('"first %c'), '2'])
  })

  test('leads to where a register changed last', async () => {
    await launched()
    await dap.ask('ppc440/lastWrite', { name: '$r3' })
    const { description } = await dap.stopped()
    const [, before, after] = /of r3: (0x\w+) → (0x\w+)/.exec(description!)!
    expect(Number(await dap.evaluate('$r3'))).toBe(Number(before))
    await dap.step('stepIn', 'instruction')
    expect(Number(await dap.evaluate('$r3'))).toBe(Number(after))
  })

  test('does so from the console, too, which knows where it is and what it can be asked', async () => {
    await launched()
    expect(await dap.evaluate('last write i', 'repl')).toBe('Going back …')
    expect((await dap.stopped()).description).toMatch(/matched a write to .*: i$/)
    expect(await dap.evaluate('where', 'repl')).toMatch(
      /^At instruction (\d+), 0x[0-9a-f]{8}; the history goes from 0 to \d+, so this is the past\.$/,
    )
    await dap.evaluate('back to present', 'repl')
    await dap.stopped()
    await dap.evaluate('last true i == 1', 'repl')
    expect([(await dap.stopped()).description, await dap.evaluate('i')]).toEqual([
      expect.stringMatching(/a change of/),
      '1',
    ])
    await dap.evaluate('go to cycle 2000', 'repl')
    expect((await dap.stopped()).description).toMatch(/^In the past: At cycle 2\d{3}$/)
    await expect(dap.evaluate('go to cycle 999999999999', 'repl')).rejects.toThrow(/has not come to cycle/)
    await dap.evaluate('go to 1000', 'repl')
    expect((await dap.stopped()).description).toBe('In the past: At instruction 1000')
    await dap.evaluate('back to present', 'repl')
    await dap.stopped()
    expect(await dap.where()).toBe(at('"first %c'))
    expect(await dap.evaluate('help', 'repl')).toMatch(/^last write x.*back to caller.*expression of C/s)
    // What the program calls so is its own.
    expect(await dap.evaluate('count', 'repl')).toBe('0')
    await expect(dap.evaluate('last write 7 + 8', 'repl')).rejects.toThrow(/does not lie in memory/)
  })

  test('goes to an instruction by its number, or says which there are', async () => {
    await launched()
    await dap.ask('ppc440/goTo', { instruction: 1000 })
    expect((await dap.stopped()).description).toBe('In the past: At instruction 1000')
    await expect(dap.ask('ppc440/goTo', { instruction: 1e12 })).rejects.toThrow(
      /is not in the history, which goes from 0 to \d+/,
    )
  })

  test('is saved in a capsule, and gone through elsewhere: where it was saved, and back', async () => {
    await launched()
    await dap.step('continue')
    const { base64 } = await dap.ask('ppc440/capsule', { withProgram: true })
    const here = await dap.evaluate('where', 'repl')
    dap.session.dispose()
    const folder = mkdtempSync(join(tmpdir(), 'ppc440-capsule-'))
    const capsule = join(folder, 'bug.capsule')
    writeFileSync(capsule, fromBase64(base64)!)
    dap = new DapClient()
    const breakpoints = { [program.source]: [lineWith('"first %c')] }
    await dap.launch('', { capsule, breakpoints })
    expect((await dap.stopped()).description).toBe('Where the capsule was recorded')
    const offered = dap.events.find(({ event }) => event === 'ppc440/breakpoints')
    expect(offered?.body).toEqual({
      breakpoints: ['"first %c', '"directory %d', 'return 3;'].map(text => ({
        line: lineWith(text),
        path: program.source,
      })),
    })
    expect([await dap.where(), await dap.evaluate('where', 'repl')]).toEqual([at('"directory %d'), here])
    await dap.step('reverseContinue')
    expect([await dap.where(), await dap.evaluate('i')]).toEqual([at('"first %c'), '2'])
    expect(output()).toBe('')
  })

  test('opens no capsule of another program, none that is empty, and none without a history', async () => {
    await launched()
    const { base64 } = await dap.ask('ppc440/capsule', { withProgram: false })
    dap.session.dispose()
    const capsule = join(mkdtempSync(join(tmpdir(), 'ppc440-capsule-')), 'bug.capsule')
    writeFileSync(capsule, fromBase64(base64)!)
    dap = new DapClient()
    await dap.ask('initialize', { adapterID: 'ppc440' })
    await expect(dap.ask('launch', { capsule })).rejects.toThrow(/has no program in it: set "program" to the files/)
    await expect(dap.ask('launch', { capsule, program: resolve('examples/coffee/coffee.elf') })).rejects.toThrow(
      /is of another program than coffee\.elf/,
    )
    await expect(dap.ask('launch', { capsule, program: program.path, history: '0' })).rejects.toThrow(/"history" is 0/)
    await expect(dap.ask('launch', { capsule: program.path, program: '' })).rejects.toThrow(
      /this is no capsule: it is no JSON/,
    )
  })

  test('keeps nothing where the launch asks for that, and says so', async () => {
    await launched({ history: '0' })
    const withdrawn = dap.events.find(({ event }) => event === 'capabilities')
    expect(withdrawn?.body).toEqual({ capabilities: { supportsStepBack: false, supportsRestartFrame: false } })
    await expect(dap.ask('stepBack', { threadId: 1 })).rejects.toThrow('no history of this run is kept')
  })

  test('refuses a size of history that cannot be', async () => {
    dap = new DapClient()
    await dap.ask('initialize', { adapterID: 'ppc440' })
    await expect(dap.ask('launch', { program: program.path, history: 'much' })).rejects.toThrow(/"history" is "much"/)
  })
})
