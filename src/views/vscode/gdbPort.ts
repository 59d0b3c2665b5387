// The command that opens a port for gdb at the running session, beside the editor.

import * as vscode from 'vscode'
import { GDB_REQUEST, type GdbPortAnswer, type GdbPortRequest } from '../../protocol/messages.ts'

const COPY = 'Copy Command'

/** What `when` of the command asks. */
const HAS_PORTS = 'ppc440.hasPorts'

export function openGdbPort(hasPorts: boolean): vscode.Disposable {
  void vscode.commands.executeCommand('setContext', HAS_PORTS, hasPorts)
  return vscode.commands.registerCommand('ppc440.openGdbPort', async () => {
    const session = vscode.debug.activeDebugSession
    if (session?.type !== 'ppc440') {
      void vscode.window.showInformationMessage('Start a PowerPC 440 program first: gdb is served at its session.')
      return
    }
    try {
      const { address } = (await session.customRequest(GDB_REQUEST, ANY_PORT)) as GdbPortAnswer
      const command = `target remote ${address}`
      const chosen = await vscode.window.showInformationMessage(`gdb can debug the same program: ${command}`, COPY)
      if (chosen === COPY) await vscode.env.clipboard.writeText(command)
    } catch (error) {
      void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error))
    }
  })
}

const ANY_PORT: GdbPortRequest = { port: 0 }
