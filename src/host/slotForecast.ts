// Which breakpoints of the editor will have a comparator, before there is a session: a worker loads the program that F5 would
// take, sets the breakpoints as a session does, and is dismissed without running anything.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import * as vscode from 'vscode'
import type { ClientFiles } from '../dap/host.ts'
import { SNAPSHOT_REQUEST, type Snapshot } from '../protocol/messages.ts'
import { fileName } from '../util/fileName.ts'
import type { ForecastAnswer, SlotForecaster } from '../views/vscode/plannedSlots.ts'
import type { WorkerLink } from './channel.ts'
import { type Configurations, launchOf } from './configurations.ts'
import { findPrograms } from './findElf.ts'
import { RelayAdapter } from './relayAdapter.ts'
import { toPath } from './workspaceFiles.ts'

/** The launch configuration that was used or chosen last in a workspace. */
const LAST = 'ppc440.lastLaunch'

interface Means {
  readonly startWorker: () => WorkerLink | Promise<WorkerLink>
  readonly files: ClientFiles
  readonly configurations: Configurations
  readonly state: vscode.Memento
}

export class Forecasts implements SlotForecaster {
  readonly #means: Means
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChange = this.#changed.event
  readonly #subscriptions: vscode.Disposable
  #watched: vscode.Disposable | undefined

  constructor(means: Means) {
    this.#means = means
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.debug.onDidStartDebugSession(({ type, configuration }) => {
        if (type === 'ppc440') void means.state.update(LAST, configuration)
      }),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('launch')) this.#changed.fire(undefined)
      }),
    )
  }

  dispose(): void {
    this.#watched?.dispose()
    this.#subscriptions.dispose()
  }

  async forecast(breakpoints: readonly vscode.Breakpoint[]): Promise<ForecastAnswer> {
    const folder = vscode.workspace.workspaceFolders?.[0]
    const configuration = folder && (await this.#configuration(folder))
    if (folder === undefined || configuration === undefined) return { kind: 'none' }
    if (configuration === 'several') return { kind: 'several' }
    const resolved = this.#means.configurations.resolveDebugConfigurationWithSubstitutedVariables(folder, configuration)
    this.#watch(String(resolved.program))
    const adapter = new RelayAdapter(await this.#means.startWorker(), this.#means.files)
    try {
      return { kind: 'planned', name: configuration.name, ...(await planned(adapter, resolved, breakpoints)) }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return { kind: 'failed', name: configuration.name, why }
    } finally {
      adapter.dispose()
    }
  }

  /** The person says which program is meant. */
  async choose(): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]
    if (folder === undefined) return
    const written = launches(folder)
    const found = await findPrograms(folder.uri, this.#means.files)
    const items = [
      ...written.map(configuration => ({ label: configuration.name, description: 'launch.json', configuration })),
      ...found.map(({ uri }) => {
        const label = vscode.workspace.asRelativePath(uri, false)
        return { label, description: 'program', configuration: launchOf(`Debug ${label}`, toPath(uri)) }
      }),
    ]
    const title = 'Which program are the slots to be planned for?'
    const chosen = await vscode.window.showQuickPick(items, { title })
    if (chosen === undefined) return
    await this.#means.state.update(LAST, chosen.configuration)
    this.#changed.fire(undefined)
  }

  /** The one used last; the first of launch.json, which is what F5 takes; the only program there is. */
  async #configuration(folder: vscode.WorkspaceFolder): Promise<vscode.DebugConfiguration | 'several' | undefined> {
    const last = this.#means.state.get<vscode.DebugConfiguration>(LAST)
    const written = launches(folder)
    const same = written.find(({ name }) => name === last?.name)
    if (same ?? last ?? written[0]) return same ?? last ?? written[0]
    const programs = await findPrograms(folder.uri, this.#means.files)
    if (programs.length > 1) return 'several'
    const [only] = programs
    return only && launchOf(`Debug ${fileName(only.uri.path)}`, toPath(only.uri))
  }

  /** A program that is built again has its lines elsewhere. */
  #watch(program: string): void {
    this.#watched?.dispose()
    const again = () => this.#changed.fire(undefined)
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${fileName(program)}`)
    this.#watched = vscode.Disposable.from(watcher, watcher.onDidChange(again), watcher.onDidCreate(again))
  }
}

/** Those for a 440 whose program needs no other variable than the folder. */
function launches(folder: vscode.WorkspaceFolder): readonly vscode.DebugConfiguration[] {
  const all = vscode.workspace.getConfiguration('launch', folder).get<vscode.DebugConfiguration[]>('configurations', [])
  return all
    .filter(({ type, program }) => type === 'ppc440' && typeof program === 'string')
    .map(each => ({ ...each, program: String(each.program).replaceAll(`\${workspaceFolder}`, toPath(folder.uri)) }))
    .filter(({ program }) => !program.includes('${'))
}

/** What a session of this configuration would make of the breakpoints. */
async function planned(
  adapter: RelayAdapter,
  configuration: vscode.DebugConfiguration,
  breakpoints: readonly vscode.Breakpoint[],
): Promise<{ readonly snapshot: Snapshot; readonly own: ReadonlyMap<number, vscode.Breakpoint> }> {
  const ask = asking(adapter)
  const { gdbPort: _, ...launch } = configuration
  await ask('initialize', { adapterID: 'ppc440' })
  await ask('launch', { ...launch, history: '0' })
  const own = new Map<number, vscode.Breakpoint>()
  const note = (
    asked: readonly vscode.Breakpoint[],
    { breakpoints: answers }: P.SetBreakpointsResponse['body'],
  ): void => {
    for (const [n, { id }] of answers.entries()) if (id !== undefined) own.set(id, asked[n]!)
  }
  for (const [path, asked] of byFile(breakpoints)) {
    const lines = asked.map(({ location, ...each }) => ({ line: location.range.start.line + 1, ...conditions(each) }))
    note(asked, await ask('setBreakpoints', { source: { path }, breakpoints: lines }))
  }
  const functions = breakpoints.filter(each => each instanceof vscode.FunctionBreakpoint)
  const names = functions.map(each => ({ name: each.functionName, ...conditions(each) }))
  note(functions, await ask('setFunctionBreakpoints', { breakpoints: names }))
  return { snapshot: await ask<Snapshot>(SNAPSHOT_REQUEST), own }
}

function byFile(breakpoints: readonly vscode.Breakpoint[]): Map<string, vscode.SourceBreakpoint[]> {
  const files = new Map<string, vscode.SourceBreakpoint[]>()
  for (const each of breakpoints) {
    if (!(each instanceof vscode.SourceBreakpoint)) continue
    const path = toPath(each.location.uri)
    files.set(path, [...(files.get(path) ?? []), each])
  }
  return files
}

const conditions = ({ condition, hitCondition, logMessage }: Partial<vscode.Breakpoint>) => ({
  ...(condition !== undefined && { condition }),
  ...(hitCondition !== undefined && { hitCondition }),
  ...(logMessage !== undefined && { logMessage }),
})

/** Requests one after the other. @throws with what the adapter says against it */
function asking(adapter: RelayAdapter) {
  let seq = 0
  const waiting = new Map<number, (response: P.Response) => void>()
  adapter.onDidSendMessage(message => {
    const response = message as P.Response
    if (response.type === 'response') waiting.get(response.request_seq)?.(response)
  })
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ with the request
  return <Body = any>(command: string, args: object = {}): Promise<Body> =>
    new Promise((resolve, reject) => {
      const number = ++seq
      waiting.set(number, ({ success, message, body }) => {
        if (success) resolve(body as Body)
        else reject(new Error((body as P.ErrorResponse['body'] | undefined)?.error?.format ?? message ?? 'no answer'))
      })
      adapter.handleMessage({ seq: number, type: 'request', command, arguments: args } as vscode.DebugProtocolMessage)
    })
}
