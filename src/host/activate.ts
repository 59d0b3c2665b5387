// What both extension hosts, Node's and the browser's, register. Nothing heavy is imported: the adapter is in a worker.

import * as vscode from 'vscode'
import type { ClientFiles } from '../dap/host.ts'
import { helpWithAssembly, type LoadLanguage, newAssembly } from '../views/vscode/assembly.ts'
import { saveCapsule, takeBreakpoints } from '../views/vscode/capsule.ts'
import { traceDebugFacility } from '../views/vscode/debugTrace.ts'
import { explainExceptions } from '../views/vscode/exceptionFocus.ts'
import { openGdbPort } from '../views/vscode/gdbPort.ts'
import { showMemory } from '../views/vscode/memoryView.ts'
import { goThroughThePast } from '../views/vscode/past.ts'
import { showRegisters } from '../views/vscode/registerView.ts'
import { runToLine } from '../views/vscode/runToLine.ts'
import { showSlots } from '../views/vscode/slotView.ts'
import { Snapshots } from '../views/vscode/snapshots.ts'
import { showSourceValues } from '../views/vscode/sourceValues.ts'
import { showTimeline } from '../views/vscode/timelineView.ts'
import { showTlb } from '../views/vscode/tlbView.ts'
import { openUartTerminals } from '../views/vscode/uartTerminal.ts'
import type { WorkerLink } from './channel.ts'
import { Configurations, launchOf } from './configurations.ts'
import { EXAMPLE, showExample } from './example.ts'
import { findPrograms } from './findElf.ts'
import { hintAtFirstSession } from './firstHint.ts'
import { measureRuns } from './measuring.ts'
import { RelayAdapter } from './relayAdapter.ts'
import { Forecasts } from './slotForecast.ts'
import { toPath, toUri } from './workspaceFiles.ts'

/** What differs between the two. */
export interface Platform {
  startWorker(): WorkerLink | Promise<WorkerLink>
  readonly files: ClientFiles
  readonly loadAssembly: LoadLanguage
  /** Programs beside this one can connect to it, also where the editor itself is in a browser. */
  readonly hasPorts: boolean
}

export function activate(
  { subscriptions, workspaceState, extensionUri, globalStorageUri }: vscode.ExtensionContext,
  platform: Platform,
): void {
  const configurations = new Configurations(platform.files, vscode.Uri.joinPath(extensionUri, ...EXAMPLE))
  const snapshots = new Snapshots()
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind
  subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider('ppc440', configurations),
    vscode.debug.registerDebugConfigurationProvider('ppc440', configurations.offered, Dynamic),
    vscode.debug.registerDebugAdapterDescriptorFactory('ppc440', {
      async createDebugAdapterDescriptor() {
        return new vscode.DebugAdapterInlineImplementation(
          new RelayAdapter(await platform.startWorker(), platform.files),
        )
      },
    }),
    vscode.commands.registerCommand('ppc440.debugElf', debugElf),
    vscode.commands.registerCommand('ppc440.chooseElf', () => debugElf()),
    vscode.commands.registerCommand('ppc440.showSlots', () => vscode.commands.executeCommand('ppc440.slots.focus')),
    showExample(extensionUri, globalStorageUri),
    measureRuns(platform.files, globalStorageUri, () => configurations.program()),
    vscode.commands.registerCommand('ppc440.debugCapsule', (file: vscode.Uri) => debugCapsule(file, platform.files)),
    saveCapsule(),
    takeBreakpoints(toUri),
    snapshots,
    showSlots(snapshots, toUri, new Forecasts({ ...platform, configurations, state: workspaceState })),
    showRegisters(snapshots, workspaceState),
    showTlb(snapshots),
    showTimeline(extensionUri),
    showSourceValues(),
    showMemory(extensionUri),
    openUartTerminals(),
    traceDebugFacility(toUri),
    explainExceptions(),
    openGdbPort(platform.hasPorts),
    goThroughThePast(),
    runToLine(toPath),
    helpWithAssembly(platform.loadAssembly),
    newAssembly(),
    hintAtFirstSession(workspaceState),
  )
}

/** @param clicked in the Explorer; from the palette the person chooses a file */
async function debugElf(clicked?: vscode.Uri): Promise<void> {
  const options = { title: 'Debug ELF', openLabel: 'Debug', filters: PROGRAM_FILES }
  const file = clicked ?? (await vscode.window.showOpenDialog(options))?.[0]
  if (file === undefined) return
  const name = `Debug ${vscode.workspace.asRelativePath(file, false)}`
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(file), launchOf(name, toPath(file)))
}

const PROGRAM_FILES = { 'PowerPC programs': ['elf', 'axf', 'out', 's', 'S', 'asm', 'ppc'], 'All files': ['*'] }

/** Its sources are found beside the program of the workspace that is called as the one it was recorded with. */
async function debugCapsule(file: vscode.Uri, files: ClientFiles): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(file)
  const beginning = new TextDecoder().decode((await vscode.workspace.fs.readFile(file)).subarray(0, BEGINNING))
  const recorded = /"program":\{"name":("(?:[^"\\]|\\.)*")/.exec(beginning)?.[1]
  const programs = folder && recorded !== undefined ? await findPrograms(folder.uri, files) : []
  const own = programs.find(({ uri }) => uri.path.endsWith(`/${JSON.parse(recorded!) as string}`))
  const name = `Debug ${vscode.workspace.asRelativePath(file, false)}`
  const launch = { ...launchOf(name, own === undefined ? '' : toPath(own.uri)), capsule: toPath(file) }
  await vscode.debug.startDebugging(folder, launch)
}

/** Bytes in which a capsule names its program. */
const BEGINNING = 4096
