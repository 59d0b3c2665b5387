// F5 in a folder without a launch.json: which program, and how to stop it.

import { beforeEach, expect, test, vi } from 'vitest'
import type { ClientFiles } from '../../src/dap/host.ts'

interface Item {
  readonly label: string
}

let contents: Record<string, number>
let asked: readonly Item[] | undefined
let pick: (items: readonly Item[]) => Item | undefined
let lines: string[]
let breakpoints: { readonly enabled: boolean }[]
let begin: (session: object) => void

const uri = (path: string) => ({ path, fsPath: path, scheme: 'file', toString: () => `file://${path}` })

vi.mock('vscode', () => ({
  window: {
    async showQuickPick(items: readonly Item[]) {
      asked = items
      return pick(items)
    },
    showErrorMessage: async (message: string) => void lines.push(message),
  },
  workspace: {
    fs: {
      readDirectory: async () => Object.keys(contents).map(name => [name, 1]),
      stat: async ({ path }: { path: string }) => ({ mtime: contents[path.split('/').at(-1)!] }),
    },
    asRelativePath: ({ path }: { path: string }) => path.split('/').at(-1),
    workspaceFolders: [{ uri: uri('/w') }],
  },
  debug: {
    breakpoints: [],
    activeDebugConsole: { appendLine: (line: string) => void lines.push(line) },
    onDidStartDebugSession: (hear: typeof begin) => {
      begin = hear
    },
  },
  Uri: { joinPath: (folder: { path: string }, name: string) => uri(`${folder.path}/${name}`) },
  FileType: { Directory: 2, File: 1 },
}))

beforeEach(async () => {
  asked = undefined
  lines = []
  breakpoints = []
  pick = () => undefined
  Object.defineProperty((await import('vscode')).debug, 'breakpoints', { get: () => breakpoints, configurable: true })
})

/** ELF, 32 bits, big-endian, executable, PowerPC. */
const HEADER = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 20])

const EXAMPLE = uri('/extension/media/first-steps.s') as never

async function pressF5() {
  const { Configurations } = await import('../../src/host/configurations.ts')
  const files = { read: async () => HEADER } as unknown as ClientFiles
  return await new Configurations(files, EXAMPLE).resolveDebugConfiguration(undefined, {} as never)
}

test('the only program is taken, and named', async () => {
  contents = { 'boot.elf': 1, 'notes.txt': 2 }
  expect(await pressF5()).toMatchObject({ name: 'Debug boot.elf', program: '/w/boot.elf' })
  expect(asked).toBeUndefined()
})

test('of several one is chosen, the last one built first', async () => {
  contents = { 'old.elf': 1, 'new.elf': 3, middle: 2 }
  pick = items => items[1]
  expect(await pressF5()).toMatchObject({ name: 'Debug middle', program: '/w/middle' })
  expect(asked!.map(({ label }) => label)).toEqual(['new.elf', 'middle', 'old.elf'])
})

test('of several none is begun when none is chosen', async () => {
  contents = { 'a.elf': 1, 'b.elf': 2 }
  expect(await pressF5()).toBeUndefined()
  expect(lines).toEqual([])
})

test('where there is none, it is said what to do', async () => {
  contents = { 'notes.txt': 1 }
  expect(await pressF5()).toBeUndefined()
  expect(lines).toEqual([expect.stringContaining('There is no PowerPC program')])
})

test('the configurations offered are those of programs that exist', async () => {
  contents = { 'a.elf': 1, 'b.elf': 2 }
  const { Configurations } = await import('../../src/host/configurations.ts')
  const files = { read: async () => HEADER } as unknown as ClientFiles
  const offered = await new Configurations(files, EXAMPLE).provideDebugConfigurations()
  expect(offered.map(({ program }) => program)).toEqual(['${workspaceFolder}/b.elf', '${workspaceFolder}/a.elf'])
})

test.each([
  ['with nothing to stop it', {}, [], true],
  ['with a breakpoint', {}, [{ enabled: true }], false],
  ['with a breakpoint that is off', {}, [{ enabled: false }], true],
  ['that stops on entry', { stopOnEntry: true }, [], false],
  ['that is not debugged', { noDebug: true }, [], false],
])('the first session of a folder, %s', async (_, configuration, set, isTold) => {
  const { hintAtFirstSession } = await import('../../src/host/firstHint.ts')
  const memory = new Map<string, unknown>()
  hintAtFirstSession({
    get: (key: string) => memory.get(key),
    update: (k: string, v: unknown) => memory.set(k, v),
  } as never)
  begin({ type: 'node', configuration })
  expect(lines).toEqual([])
  breakpoints = set
  begin({ type: 'ppc440', configuration })
  expect(lines).toEqual(isTold ? [expect.stringMatching(/^Nothing stops this program\..*"stopOnEntry": "main"/)] : [])
  begin({ type: 'ppc440', configuration: {} })
  expect(lines).toHaveLength(isTold ? 1 : 0)
})

test.each([
  [{ 'a.s': 1 }, '/w/a.s'],
  [{ 'a.elf': 1, 'b.s': 2 }, '/w/a.elf'],
])('of %j F5 takes what needs nothing else', async (files, program) => {
  contents = files
  expect(await pressF5()).toMatchObject({ program })
  expect(asked).toBeUndefined()
})

test('where there are only sources for a toolchain, F5 says that they have to be built', async () => {
  contents = { 'main.c': 1, 'start.s': 2 }
  expect(await pressF5()).toBeUndefined()
  expect(lines).toEqual([expect.stringContaining('There are sources here, but no PowerPC program')])
})

test('where there is nothing, the example is offered, and launch.json stays without it', async () => {
  contents = {}
  const { Configurations } = await import('../../src/host/configurations.ts')
  const configurations = new Configurations({} as never, EXAMPLE)
  const folder = { uri: uri('/w') } as never
  const offered = await configurations.offered.provideDebugConfigurations!(folder)
  expect(offered).toMatchObject([{ program: '/extension/media/first-steps.s' }])
  // VS Code asks for no folder, too, and would show it twice.
  expect(await configurations.offered.provideDebugConfigurations!(undefined)).toEqual([])
  expect(await configurations.provideDebugConfigurations()).toEqual([])
})
