// Debug information that the compiler has split off the program: -gsplit-dwarf.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'
import { haveDwp } from '../symbols/guest.ts'

const GCC = 'powerpc-linux-gnu-gcc'
const FLAGS = ['-mcpu=440', '-O0', '-ffreestanding', '-fno-pic', '-mno-sdata', '-fno-stack-protector', '-gsplit-dwarf']
const LINK = ['-nostdlib', '-static', '-no-pie', '-Wl,-Ttext-segment=0x100000', '-Wl,--build-id=none', '-Wl,-e,main']

/** Two files: each has a structure of its own. */
const MAIN = `struct point { int x, y; } origin = { 3, 4 };
int area(int side);
int main(void) {
  int side = origin.x;
  return area(side);
}
`
const AREA = `struct square { int side; } last;
int area(int side) {
  last.side = side;
  return side * last.side;
}
`

describe.skipIf(!have(GCC) || !haveDwp)('a program built with -gsplit-dwarf', () => {
  const top = mkdtempSync(join(tmpdir(), 'ppc440-parts-'))
  let dap: DapClient

  /** Compiles the program in a folder of its own: there is main.dwo, area.dwo and prog.elf. */
  function build(name: string, version = 5, more: readonly string[] = []): string {
    const folder = join(top, name)
    mkdirSync(folder)
    writeFileSync(join(folder, 'main.c'), MAIN)
    writeFileSync(join(folder, 'area.c'), AREA)
    const run = (...args: string[]) => execFileSync(GCC, args, { cwd: folder, stdio: 'ignore' })
    for (const source of ['main', 'area']) run(...FLAGS, `-gdwarf-${version}`, ...more, '-c', `${source}.c`)
    run(...LINK, '-o', 'prog.elf', 'main.o', 'area.o')
    return folder
  }

  /** Moves what was built to where the compiler did not see it. */
  function moved(from: string, to: string, files: readonly string[]): string {
    const folder = join(top, to)
    mkdirSync(folder, { recursive: true })
    for (const file of files) copyFileSync(join(from, file), join(folder, file))
    rmSync(from, { recursive: true })
    return folder
  }

  async function stopInArea(
    folder: string,
    launch: Record<string, unknown> = {},
    source = join(folder, 'area.c'),
  ): Promise<void> {
    dap = new DapClient()
    await dap.launch(join(folder, 'prog.elf'), { ...launch, breakpoints: { [source]: [4] } })
    await dap.stopped()
  }

  const said = () =>
    dap.events
      .filter(({ event }) => event === 'output')
      .map(({ body }) => body.output as string)
      .join('')

  /** What both files have: a local, a global, a type, and a frame of the other file. */
  async function expectAll(): Promise<void> {
    expect(await dap.evaluate('side')).toBe('3')
    expect(await dap.evaluate('last')).toBe('{side = 3}')
    expect(await dap.evaluate('origin')).toBe('{x = 3, y = 4}')
    expect(await dap.evaluate('sizeof(struct point)')).toBe('8')
    expect((await dap.scope(/Local/, 1)).map(({ name, value }) => `${name} = ${value}`)).toEqual(['side = 3'])
    expect(said()).not.toMatch(/split/)
  }

  beforeAll(() => mkdirSync(top, { recursive: true }))
  afterAll(() => rmSync(top, { recursive: true }))
  afterEach(() => dap.session.dispose())

  test.each([4, 5])('of DWARF %i is read where the compiler has put what it split off', async version => {
    await stopInArea(build(`here${version}`, version))
    await expectAll()
  })

  test('is read from beside the program, wherever that was moved', async () => {
    await stopInArea(moved(build('built'), 'elsewhere', ['prog.elf', 'main.dwo', 'area.dwo', 'area.c']))
    await expectAll()
  })

  test('is read from where sourceMap says that the folder is now', async () => {
    const built = build('before')
    const elsewhere = moved(built, 'after/parts', ['main.dwo', 'area.dwo', 'main.c', 'area.c', 'prog.elf'])
    const program = moved(elsewhere, 'program/deep/below', ['prog.elf', 'area.c', 'main.dwo', 'area.dwo'])
    const parts = join(top, 'parts')
    mkdirSync(parts)
    for (const file of ['main.dwo', 'area.dwo']) {
      copyFileSync(join(program, file), join(parts, file))
      rmSync(join(program, file))
    }
    await stopInArea(program, { sourceMap: { [built]: parts } })
    await expectAll()
  })

  test.each([
    ['prog.elf.dwp', 4],
    ['prog.dwp', 4],
  ])('is read from a package beside it, %s', async (name, version) => {
    const folder = build(`package-${name}`, version)
    execFileSync('powerpc-linux-gnu-dwp', ['-e', 'prog.elf', '-o', name], { cwd: folder, stdio: 'ignore' })
    for (const file of ['main.dwo', 'area.dwo']) rmSync(join(folder, file))
    await stopInArea(folder)
    await expectAll()
  })

  test('is debugged by its lines where a file is missing, and that is said by name', async () => {
    const folder = build('missing')
    rmSync(join(folder, 'area.dwo'))
    await stopInArea(folder)
    expect(await dap.where()).toBe('area.c:4')
    expect(await dap.evaluate('origin')).toBe('{x = 3, y = 4}')
    expect(said()).toMatch(/Variables and types are missing .* area\.dwo \(-gsplit-dwarf\); .*sourceMap/)
    expect(said()).not.toMatch(/main\.dwo/)
  })

  test('does not take a file of another build, and goes on to one of its own', async () => {
    const folder = build('mismatch')
    const other = build('other', 5, ['-DOTHER', '-fno-common', '-O1'])
    copyFileSync(join(other, 'area.dwo'), join(folder, 'area.dwo'))
    await stopInArea(folder)
    expect(await dap.where()).toBe('area.c:4')
    expect(said()).toMatch(/mismatch\/area\.dwo has the debug information of another build: it is not used/)
    dap.session.dispose()

    const own = build('own')
    mkdirSync(join(own, 'out'))
    copyFileSync(join(own, 'prog.elf'), join(own, 'out', 'prog.elf'))
    copyFileSync(join(own, 'area.dwo'), join(own, 'out', 'area.dwo'))
    copyFileSync(join(other, 'area.dwo'), join(own, 'area.dwo'))
    await stopInArea(join(own, 'out'), {}, join(own, 'area.c'))
    await expectAll()
  })

  test.each([
    [
      'cut off',
      (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2),
      /area\.dwo is damaged: .*lies outside the file/,
    ],
    ['cut off in its header', (bytes: Uint8Array) => bytes.subarray(0, 40), /area\.dwo is truncated/],
    ['no ELF file', () => new TextEncoder().encode('gone'), /area\.dwo is not an ELF file/],
    ['empty', () => new Uint8Array(), /area\.dwo is not an ELF file/],
  ])('goes on without a file that is %s, which is named', async (name, damage, expected) => {
    const folder = build(`damage-${name.replaceAll(' ', '-')}`)
    const path = join(folder, 'area.dwo')
    writeFileSync(path, damage(readFileSync(path)))
    await stopInArea(folder)
    expect(await dap.where()).toBe('area.c:4')
    expect(await dap.evaluate('origin.y')).toBe('4')
    expect(said()).toMatch(expected)
  })
})
