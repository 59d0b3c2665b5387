// Which file of the program a path of the client means, and the other way, over trees of files that are here or not.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { PathMapping } from '../../src/dap/sourceMap.ts'
import { Sources } from '../../src/dap/sources.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'sources-')))
afterAll(() => rmSync(root, { recursive: true }))

function put(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), '')
  }
}

const sources = (map: readonly PathMapping[] = [], program = 'proj/prog'): Sources =>
  new Sources(nodeFiles, join(root, program), map)

async function meant(path: string, files: readonly string[], from = sources()) {
  await from.learn(path, files)
  return from.meant(path)
}

put('proj/src/main.c', 'proj/tests/main.c', 'moved/src/main.c', 'moved/other.c')
symlinkSync(join(root, 'proj'), join(root, 'link'))
const MAIN = join(root, 'proj/src/main.c')

test('a file that only its name speaks for is said to be one, once', async () => {
  const notes: string[] = []
  const here = new Sources(nodeFiles, join(root, 'moved/prog'), [], text => notes.push(text))
  const shown = await here.toSource('/build/elsewhere/other.c')
  expect(shown).toMatchObject({
    path: join(root, 'moved/other.c'),
    origin: expect.stringMatching(/elsewhere\/other\.c/),
  })
  await here.toSource('/build/elsewhere/other.c')
  expect(notes).toEqual([
    expect.stringMatching(/^\/build\/elsewhere\/other\.c is not here: .*moved\/other\.c.*sourceMap/),
  ])
  // Folders say the same, or the path is all there is, or the user said where it is.
  expect(await here.toSource('/build/src/main.c')).not.toHaveProperty('origin')
  expect(await here.toSource('other.c')).not.toHaveProperty('origin')
  expect(await here.toSource('./other.c')).not.toHaveProperty('origin')
  const mapped = new Sources(nodeFiles, join(root, 'proj/prog'), [['/build', join(root, 'moved')]], text =>
    notes.push(text),
  )
  expect(await mapped.toSource('/build/other.c')).not.toHaveProperty('origin')
  expect(notes).toHaveLength(1)
})

describe('a path of the client', () => {
  test('means the file it names, and no other of that name', async () => {
    expect(await meant(MAIN, [MAIN])).toEqual({ files: [MAIN] })
    const { files, why } = await meant(join(root, 'proj/tests/main.c'), [MAIN])
    expect([files, why]).toEqual([[], expect.stringMatching(/tests\/main\.c, but from .*src\/main\.c.*sourceMap/)])
    expect(await meant(join(root, 'proj/src/none.c'), [MAIN])).toEqual({ files: [] })
  })

  test('that is relative means what ends so', async () => {
    expect((await meant('src/main.c', [MAIN])).files).toEqual([MAIN])
    expect((await meant('main.c', [MAIN])).files).toEqual([MAIN])
    expect((await meant('tests/main.c', [MAIN])).files).toEqual([])
  })

  test('means a file of another machine that ends like it, with its folder', async () => {
    const files = ['/agent/7/proj/src/gone.c', '/agent/7/proj/src/util.c']
    expect((await meant('/home/me/src/gone.c', files)).files).toEqual([files[0]])
    expect((await meant('/home/me/other/gone.c', files)).files).toEqual([])
    expect((await meant('/home/me/other/gone.c', ['gone.c'])).files).toEqual(['gone.c'])
  })

  test('that may be two of them means neither, and both are named', async () => {
    const { files, why } = await meant('/home/me/src/gone.c', ['/a/src/gone.c', '/b/src/gone.c'])
    expect(files).toEqual([])
    expect(why).toMatch(/may be any of 2 files of the program: \/a\/src\/gone\.c and \/b\/src\/gone\.c.*sourceMap/)
  })

  test('behind a symbolic link is the same file, and is shown as it was opened', async () => {
    const from = sources([], 'link/prog')
    const other = join(root, 'proj/tests/main.c')
    expect((await meant(join(root, 'link/src/main.c'), [MAIN, other], from)).files).toEqual([MAIN])
    expect(await from.toClient(MAIN)).toBe(join(root, 'link/src/main.c'))
    // Of the same opened folder, with no breakpoint in it.
    expect(await from.toClient(other)).toBe(join(root, 'link/tests/main.c'))
  })

  test('on a Windows drive is the same in either case and with either slash', async () => {
    const files = { ...nodeFiles, stat: async () => ({ kind: 'file', size: 0 }) as const, real: async (p: string) => p }
    const from = new Sources(files, 'C:\\work\\prog', [])
    expect((await meant('c:\\Work\\Main.c', ['C:/work/main.c'], from)).files).toEqual(['C:/work/main.c'])
  })
})

describe('a source map', () => {
  test.each([
    ['C:\\proj', 'moved', 'C:/proj/src/main.c'],
    ['c:/proj/', 'moved/', 'C:/proj/src/main.c'],
    ['C:\\proj', 'moved/', 'C:\\proj\\src\\main.c'],
    ['/agent/proj', 'moved', '/agent/proj/src/main.c'],
    ['/agent/proj/', 'moved/', '/agent/proj/src/main.c'],
    ['/agent/./x/../proj', 'moved', '/agent/proj/src/main.c'],
    ['/agent/proj/src/first.c', 'moved/src/main.c', '/agent/proj/src/first.c'],
    ['/', 'moved', '/src/main.c'],
    ['src', 'moved/src', 'src/main.c'],
  ])('%s → %s finds %s, and a breakpoint there is one of it', async (from, to, file) => {
    const mapped = sources([[from, join(root, to) + (to.endsWith('/') ? '/' : '')]])
    const place = join(root, 'moved/src/main.c')
    expect(await mapped.toClient(file)).toBe(place)
    expect((await meant(place, [file], mapped)).files).toEqual([file])
  })

  test('does not fit a folder that only begins so, and the longest entry comes first', async () => {
    const mapped = sources([
      ['/agent', join(root, 'proj')],
      ['/agent/proj', join(root, 'moved')],
      ['/age', join(root, 'moved')],
    ])
    expect(await mapped.toClient('/agent/proj/src/main.c')).toBe(join(root, 'moved/src/main.c'))
    expect(await mapped.toClient('/agent/src/main.c')).toBe(MAIN)
    expect(
      await sources([['/agent/pro', join(root, 'moved')]], 'x/prog').toClient('/agent/proj/other.c'),
    ).toBeUndefined()
  })
})
