// What a launch file or a file name says reaches notifications, sessions and terminals as text.

import { expect, test, vi } from 'vitest'

const seen: string[] = []
vi.mock('vscode', () => ({
  window: {
    showErrorMessage: async (message: string) => void seen.push(message),
    createTerminal: ({ name }: { name: string }) => {
      seen.push(name)
      return { show() {} }
    },
  },
  debug: {
    onDidReceiveDebugSessionCustomEvent: (hear: (event: object) => void) => {
      const session = { id: '1', type: 'ppc440', name: HOSTILE }
      hear({ session, event: 'ppc440/uart', body: { uart: 0, data: [65] } })
    },
    onDidTerminateDebugSession() {},
  },
  EventEmitter: class {
    fire() {}
  },
  Disposable: { from() {} },
  Uri: {},
  FileType: {},
  workspace: {},
}))

const HOSTILE = '[run me](command:workbench.action.quit)\u001b]0;x\u0007'
const LINK = /\[[^\]]+\]\((https?:|command:|file:)/

test('the name of a launch configuration without a program', async () => {
  const { Configurations } = await import('../../src/host/configurations.ts')
  const configurations = new Configurations({} as never, {} as never)
  seen.length = 0
  await configurations.resolveDebugConfiguration(undefined, { type: 'ppc440', request: 'launch', name: HOSTILE })
  expect(seen).toEqual([expect.stringContaining('command:workbench.action.quit')])
  expect(seen[0]).not.toMatch(LINK)
})

test('a file name that becomes the name of a session', async () => {
  const { launchOf } = await import('../../src/host/configurations.ts')
  expect(launchOf(`Debug ${HOSTILE}.elf`, '/x').name).not.toMatch(LINK)
})

test('the name of a session that becomes the title of a terminal', async () => {
  const { openUartTerminals } = await import('../../src/views/vscode/uartTerminal.ts')
  seen.length = 0
  openUartTerminals()
  expect(seen).toEqual([expect.stringMatching(/^UART0: \[run me\] \(command/)])
  expect(seen[0]).not.toContain('\u001b')
})
