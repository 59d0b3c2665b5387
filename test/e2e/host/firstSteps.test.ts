import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { until } from '../support/until.ts'
import { clearBreakpoints, file } from './api.ts'

suite('first steps', () => {
  setup(clearBreakpoints)
  teardown(async () => {
    await vscode.debug.stopDebugging()
    clearBreakpoints()
  })

  test('the example opens as a copy of the person’s own, and runs to its first comparator', async () => {
    await vscode.commands.executeCommand('ppc440.openExample')
    const { document } = vscode.window.activeTextEditor!
    assert.equal(document.uri.path.split('/').at(-1), 'first-steps.s')
    assert.equal(document.languageId, 'ppc-asm')
    assert.ok(!document.uri.path.includes('/media/'))
    await vscode.commands.executeCommand('ppc440.example.run')
    const [only, ...others] = vscode.debug.breakpoints as readonly vscode.SourceBreakpoint[]
    assert.equal(others.length, 0)
    const { line } = only!.location.range.start
    assert.match(document.lineAt(line).text, /# stop 1:/)
    const session = await until('a session', () => vscode.debug.activeDebugSession)
    const counter = await until('the stop', async () => {
      const { result } = (await session.customRequest('evaluate', { expression: '$r31', context: 'watch' })) as {
        readonly result: string
      }
      return result === '0x00000009' ? result : undefined
    })
    assert.equal(counter, '0x00000009')
    await vscode.commands.executeCommand('ppc440.example.fillSlots')
    assert.equal(vscode.debug.breakpoints.length, 5)
  })

  test('a run with coverage ends by itself and leaves no session', async () => {
    await vscode.commands.executeCommand('ppc440.runWithCoverage', file('coffee/coffee.elf'))
    assert.equal(vscode.debug.activeDebugSession, undefined)
  })

  test('a run with a profile opens it', async () => {
    await vscode.commands.executeCommand('ppc440.runWithProfile', file('coffee/coffee.elf'))
    const tab = await until('the profile', () => vscode.window.tabGroups.activeTabGroup.activeTab)
    assert.equal(tab.label, 'coffee.elf.cpuprofile')
  })
})
