// What both extension hosts, Node's and the browser's, register. Nothing heavy is imported: the adapter is in a worker.

import * as vscode from 'vscode'
import type { ClientFiles } from '../dap/host.ts'
import { saveCapsule } from '../views/vscode/capsule.ts'
import { traceDebugFacility } from '../views/vscode/debugTrace.ts'
import { openGdbPort } from '../views/vscode/gdbPort.ts'
import { goThroughThePast } from '../views/vscode/past.ts'
import { showRegisters } from '../views/vscode/registerView.ts'
import { runToLine } from '../views/vscode/runToLine.ts'
import { showTimeline } from '../views/vscode/timelineView.ts'
import { openUartTerminals } from '../views/vscode/uartTerminal.ts'
import type { WorkerLink } from './channel.ts'
import { Configurations, launchOf } from './configurations.ts'
import { hintAtFirstSession } from './firstHint.ts'
import { RelayAdapter } from './relayAdapter.ts'
import { toPath } from './workspaceFiles.ts'

/** What differs between the two. */
export interface Platform {
  startWorker(): WorkerLink | Promise<WorkerLink>
  readonly files: ClientFiles
  /** Programs beside this one can connect to it, also where the editor itself is in a browser. */
  readonly hasPorts: boolean
}

export function activate(
  { subscriptions, workspaceState, extensionUri }: vscode.ExtensionContext,
  platform: Platform,
): void {
  const configurations = new Configurations(platform.files)
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind
  subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider('ppc440', configurations),
    vscode.debug.registerDebugConfigurationProvider('ppc440', configurations, Dynamic),
    vscode.debug.registerDebugAdapterDescriptorFactory('ppc440', {
      async createDebugAdapterDescriptor() {
        return new vscode.DebugAdapterInlineImplementation(
          new RelayAdapter(await platform.startWorker(), platform.files),
        )
      },
    }),
    vscode.commands.registerCommand('ppc440.debugElf', debugElf),
    vscode.commands.registerCommand('ppc440.debugCapsule', debugCapsule),
    saveCapsule(),
    showRegisters(),
    showTimeline(extensionUri),
    openUartTerminals(),
    traceDebugFacility(),
    openGdbPort(platform.hasPorts),
    goThroughThePast(),
    runToLine(toPath),
    hintAtFirstSession(workspaceState),
  )
}

async function debugElf(file: vscode.Uri): Promise<void> {
  const name = `Debug ${vscode.workspace.asRelativePath(file, false)}`
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(file), launchOf(name, toPath(file)))
}

async function debugCapsule(file: vscode.Uri): Promise<void> {
  const name = `Debug ${vscode.workspace.asRelativePath(file, false)}`
  const { program, ...launch } = launchOf(name, '')
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(file), { ...launch, capsule: toPath(file) })
}
