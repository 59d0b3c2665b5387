// The command that opens a port for gdb at the running session, beside the editor.

import * as vscode from 'vscode'
import { GDB_REQUEST, type GdbPortAnswer, type GdbPortRequest } from '../../protocol/messages.ts'
import { ask } from './ask.ts'

const COPY = 'Copy Command'
const ANY_PORT: GdbPortRequest = { port: 0 }

/** What `when` of the command asks. */
const HAS_PORTS = 'ppc440.hasPorts'

export function openGdbPort(hasPorts: boolean): vscode.Disposable {
  void vscode.commands.executeCommand('setContext', HAS_PORTS, hasPorts)
  return vscode.commands.registerCommand('ppc440.openGdbPort', async () => {
    const otherwise = 'Start a PowerPC 440 program first: gdb is served at its session.'
    const answer = await ask<GdbPortAnswer>(GDB_REQUEST, ANY_PORT, otherwise)
    if (answer === undefined) return
    const command = `target remote ${answer.address}`
    const chosen = await vscode.window.showInformationMessage(`gdb can debug the same program: ${command}`, COPY)
    if (chosen === COPY) await vscode.env.clipboard.writeText(command)
  })
}
