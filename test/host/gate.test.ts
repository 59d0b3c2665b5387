// The gate to files: what lies beneath a folder is given, whatever leads out of it or would make us wait is not.

import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FilePlace } from '../../src/dap/host.ts'
import { wholeFile } from '../../src/dap/wholeFile.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { type VirtualFileSystem, virtualFiles } from '../../src/host/virtualFiles.ts'

const text = async (reading: Promise<Uint8Array>): Promise<string> => new TextDecoder().decode(await reading)

describe('of this machine', () => {
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'gate-')))
  const folder = join(outer, 'project')
  const in_ = (...names: string[]): FilePlace => ({ folder, names })

  beforeAll(() => {
    mkdirSync(join(folder, 'sub'), { recursive: true })
    mkdirSync(join(outer, 'project-of-others'))
    for (const [path, contents] of [
      ['project/data.txt', 'inside'],
      ['project/sub/deep.txt', 'deep'],
      ['secret.txt', 'secret'],
      ['project-of-others/secret.txt', 'secret'],
    ] as const)
      writeFileSync(join(outer, path), contents)
    for (const [link, target] of [
      ['inside', 'sub/deep.txt'],
      ['insideFolder', 'sub'],
      ['file', '../secret.txt'],
      ['folder', '..'],
      ['neighbour', '../project-of-others'],
      ['absolute', '/etc/passwd'],
      ['environ', '/proc/self/environ'],
      ['zero', '/dev/zero'],
      ['loop', 'loop'],
      ['dangling', 'nowhere'],
    ] as const)
      symlinkSync(target, join(folder, link))
    execFileSync('mkfifo', [join(folder, 'pipe'), join(outer, 'pipe')])
    truncateSync(join(folder, 'data.txt'))
    writeFileSync(join(folder, 'data.txt'), 'inside')
    writeFileSync(join(folder, 'huge.bin'), '')
    truncateSync(join(folder, 'huge.bin'), 3 * 2 ** 30)
  })
  afterAll(() => rmSync(outer, { recursive: true }))

  test.each([
    ['a file', ['data.txt'], 'inside'],
    ['a file in a folder', ['sub', 'deep.txt'], 'deep'],
    ['a link that stays inside', ['inside'], 'deep'],
    ['a file behind a linked folder that stays inside', ['insideFolder', 'deep.txt'], 'deep'],
  ])('%s is read', async (_, names, contents) => {
    expect(await nodeFiles.stat(in_(...names))).toMatchObject({ kind: 'file', size: contents.length })
    expect(await text(nodeFiles.read(in_(...names), 0, 100))).toBe(contents)
    expect(await text(nodeFiles.read(in_(...names), 1, 2))).toBe(contents.slice(1, 3))
  })

  test.each([
    ['a link to a file outside', ['file'], /out of the folder/],
    ['what is behind a linked folder', ['folder', 'secret.txt'], /out of the folder/],
    ['a linked folder', ['folder'], /out of the folder/],
    ['a neighbour whose name begins alike', ['neighbour', 'secret.txt'], /out of the folder/],
    ['an absolute link', ['absolute'], /out of the folder/],
    ['the environment of the debugger', ['environ'], /out of the folder/],
    ['a device', ['zero'], /out of the folder/],
    ['a pipe', ['pipe'], /neither a file nor a folder/],
    ['a link to itself', ['loop'], /leads to itself/],
    ['a link to nowhere', ['dangling'], /no such file/],
    ['what is beneath a file', ['data.txt', 'x'], /no such file/],
    ['a name with a zero byte', ['data.txt\0x'], /zero byte/],
    ['..', ['..', 'secret.txt'], /out of the folder/],
    ['a name that is too long', ['x'.repeat(5000)], /too long/],
  ])('%s is not', async (_, names, why) => {
    expect(await nodeFiles.stat(in_(...names))).toMatchObject({ kind: 'none', why: expect.stringMatching(why) })
    await expect(nodeFiles.read(in_(...names), 0, 100)).rejects.toThrow(why)
    expect(await nodeFiles.names(in_(...names))).toBeUndefined()
  })

  test('a folder has names, none of which is followed', async () => {
    expect(await nodeFiles.names(in_('sub'))).toEqual(['deep.txt'])
    expect(await nodeFiles.stat(in_())).toMatchObject({ kind: 'directory' })
    expect(await nodeFiles.names(in_())).toContain('environ')
  })

  test('what is written in a link is told, wherever it leads, and permissions are', async () => {
    const told = async (...names: string[]) => (await nodeFiles.stat(in_(...names))).link
    expect(await told('file')).toBe('../secret.txt')
    expect(await told('dangling')).toBe('nowhere')
    expect(await told('insideFolder')).toBe('sub')
    // A link that is not the last name is not what is asked about.
    expect(await told('insideFolder', 'deep.txt')).toBeUndefined()
    expect(await nodeFiles.stat(in_('data.txt'))).toMatchObject({
      mode: statSync(join(folder, 'data.txt')).mode & 0o777,
    })
  })

  test('beneath the root of the file system there is nothing', async () => {
    expect(await nodeFiles.stat({ folder: '/', names: ['etc', 'passwd'] })).toMatchObject({ kind: 'none' })
    await expect(nodeFiles.read({ folder: '/', names: ['proc', 'self', 'environ'] }, 0, 1)).rejects.toThrow(/root/)
  })

  test('3 GB have a size at once, and any piece of them', async () => {
    expect(await nodeFiles.stat(in_('huge.bin'))).toMatchObject({ kind: 'file', size: 3 * 2 ** 30 })
    expect((await nodeFiles.read(in_('huge.bin'), 3 * 2 ** 30 - 5, 100)).length).toBe(5)
    await expect(wholeFile(nodeFiles, in_('huge.bin'))).rejects.toThrow('it is larger than 1 GB')
  })

  test('a path of the user may be anywhere, but has to be a file', async () => {
    expect(await text(wholeFile(nodeFiles, join(folder, 'file')))).toBe('secret')
    for (const path of [join(outer, 'pipe'), '/dev/zero', '/dev/tty', outer])
      await expect(wholeFile(nodeFiles, path)).rejects.toThrow(
        /neither a file nor a folder|it is a folder|no such file/,
      )
    await expect(wholeFile(nodeFiles, join(outer, 'nowhere'))).rejects.toThrow('there is no such file')
    expect((await wholeFile(nodeFiles, '/proc/self/status')).length).toBe(0)
  })

  test('a file that is replaced by a link again and again: what is read is what was inside', async () => {
    const path = join(folder, 'changing')
    const other = join(outer, 'other')
    let swaps = 0
    const swap = (): void => {
      if (swaps++ % 2 === 0) writeFileSync(other, 'inside')
      else symlinkSync('../secret.txt', other)
      renameSync(other, path)
    }
    swap()
    const answers = new Set<string>()
    for (let i = 0; i < 200; i++) {
      const reading = text(nodeFiles.read(in_('changing'), 0, 100)).catch(() => 'refused')
      // Some readings are left alone: those answer what is inside, however late they begin.
      const swapsMeanwhile = 2 * (i % 3)
      for (let n = 0; n < swapsMeanwhile; n++) await new Promise(resume => setImmediate(() => resume(swap())))
      answers.add(await reading)
    }
    expect(answers.has('secret')).toBe(false)
    expect(answers.has('inside')).toBe(true)
  })
})

describe('that only the editor reaches', () => {
  const FILE = 1
  const DIRECTORY = 2
  const LINK = 64
  const tree: Readonly<Record<string, { type: number; text?: string; size?: number }>> = {
    'vfs://host/project': { type: DIRECTORY },
    'vfs://host/project/data.txt': { type: FILE, text: 'inside' },
    'vfs://host/project/%2e%2e': { type: FILE, text: 'a strange name' },
    'vfs://host/project/link': { type: FILE | LINK, text: 'secret' },
    'vfs://host/project/linked': { type: DIRECTORY | LINK },
    'vfs://host/project/linked/x': { type: FILE, text: 'secret' },
    'vfs://host/project/pipe': { type: 0 },
    'vfs://host/project/huge': { type: FILE, size: 2 ** 40 },
  }
  let reads = 0
  const fs: VirtualFileSystem<string> = {
    toUri: path => path,
    join: (folder, name) => `${folder}/${name}`,
    async stat(uri) {
      const found = tree[uri]
      if (found === undefined) throw Object.assign(new Error(uri), { code: 'FileNotFound' })
      return { type: found.type, size: found.size ?? found.text?.length ?? 0 }
    },
    async readFile(uri) {
      reads++
      return new TextEncoder().encode(tree[uri]!.text)
    },
    readDirectory: async () => [
      ['b', FILE],
      ['a', FILE],
    ],
  }
  const files = virtualFiles(fs)
  const in_ = (...names: string[]): FilePlace => ({ folder: 'vfs://host/project', names })

  test('a file is read in pieces, and asked for once', async () => {
    expect(await files.stat(in_('data.txt'))).toEqual({ kind: 'file', size: 6 })
    reads = 0
    const pieces = [await text(files.read(in_('data.txt'), 0, 4)), await text(files.read(in_('data.txt'), 4, 4))]
    expect([pieces, reads]).toEqual([['insi', 'de'], 1])
    expect(await files.names(in_())).toEqual(['a', 'b'])
  })

  test.each([
    ['a link', ['link'], /link/],
    ['what is behind one', ['linked', 'x'], /link/],
    ['what is no file', ['pipe'], /neither/],
    ['what is too large', ['huge'], /larger/],
    ['what is not there', ['nowhere'], /no such file/],
  ])('%s is not', async (_, names, why) => {
    reads = 0
    expect(await files.stat(in_(...names))).toMatchObject({ kind: 'none', why: expect.stringMatching(why) })
    await expect(files.read(in_(...names), 0, 1)).rejects.toThrow(why)
    expect(reads).toBe(0)
  })
})
