// "PowerPC 440 Debug Trace" in the Run and Debug side bar: what the debug facility has done, a row for each event. A click leads
// to the source, an action back to the instruction. The command that turns the trace on opens it.

import * as vscode from 'vscode'
import {
  GO_TO_REQUEST,
  type GoToArguments,
  TRACE_REQUEST,
  TRACED_EVENT,
  type TracedRow,
  type TracedRows,
  type TraceSwitch,
} from '../../protocol/messages.ts'
import { type TraceViewRow, traceRows, withNews } from '../models/trace.ts'
import { ask } from './ask.ts'

const VIEW = 'ppc440.debugTrace'
const NO_SESSION = 'Start a PowerPC 440 program first: the trace is of its debug facility.'

/** @param toUri of a path as the adapter has it */
export function traceDebugFacility(toUri: (path: string) => vscode.Uri): vscode.Disposable {
  const view = new TraceView(toUri)
  return vscode.Disposable.from(
    view,
    vscode.commands.registerCommand('ppc440.trace', () => view.toggle()),
    vscode.commands.registerCommand('ppc440.goToTraced', async ({ event }: TraceViewRow) => {
      await ask(GO_TO_REQUEST, { instruction: event.instruction } satisfies GoToArguments, NO_SESSION)
    }),
  )
}

class TraceView implements vscode.TreeDataProvider<TraceViewRow> {
  readonly #toUri: (path: string) => vscode.Uri
  /** Of each session that is traced. */
  readonly #events = new Map<string, readonly TracedRow[]>()
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  readonly #subscriptions: vscode.Disposable

  constructor(toUri: (path: string) => vscode.Uri) {
    this.#toUri = toUri
    const tree = vscode.window.createTreeView<TraceViewRow>(VIEW, { treeDataProvider: this })
    const draw = (): void => void this.#draw()
    this.#subscriptions = vscode.Disposable.from(
      tree,
      this.#changed,
      vscode.debug.onDidChangeActiveDebugSession(draw),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        const known = this.#events.get(session.id)
        if (known === undefined || event !== TRACED_EVENT) return
        this.#events.set(session.id, withNews(known, (body as TracedRows).rows))
        draw()
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        if (this.#events.delete(id)) draw()
      }),
    )
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  /** Turns the trace of the session in focus on or off. */
  async toggle(): Promise<void> {
    const session = vscode.debug.activeDebugSession
    if (session?.type !== 'ppc440') return void vscode.window.showInformationMessage(NO_SESSION)
    const on = !this.#events.has(session.id)
    await session.customRequest(TRACE_REQUEST, { on } satisfies TraceSwitch)
    if (on) this.#events.set(session.id, [])
    else this.#events.delete(session.id)
    await this.#draw()
    if (on) await vscode.commands.executeCommand(`${VIEW}.focus`)
  }

  async #draw(): Promise<void> {
    const isTraced = this.#events.has(vscode.debug.activeDebugSession?.id ?? '')
    await vscode.commands.executeCommand('setContext', 'ppc440.isTraced', isTraced)
    this.#changed.fire(undefined)
  }

  getChildren(row?: TraceViewRow): TraceViewRow[] {
    const events = this.#events.get(vscode.debug.activeDebugSession?.id ?? '')
    return row !== undefined || events === undefined ? [] : [...traceRows(events)]
  }

  getTreeItem({ id, name, text, look, tooltip, spoken, event }: TraceViewRow): vscode.TreeItem {
    const item = new vscode.TreeItem(name)
    item.id = id
    item.description = text
    item.tooltip = new vscode.MarkdownString(tooltip)
    item.iconPath = ICONS[look]
    item.accessibilityInformation = { label: spoken }
    item.contextValue = 'moment'
    if (event.path !== undefined && event.line !== undefined) {
      const selection = new vscode.Range(event.line - 1, 0, event.line - 1, 0)
      const there = [this.#toUri(event.path), { selection }]
      item.command = { command: 'vscode.open', title: 'Go There', arguments: there }
    }
    return item
  }
}

/** Signs for those who see them; the text says the same in words. */
const ICONS: Readonly<Record<TraceViewRow['look'], vscode.ThemeIcon>> = {
  event: new vscode.ThemeIcon('debug-breakpoint', new vscode.ThemeColor('debugIcon.breakpointForeground')),
  acknowledged: new vscode.ThemeIcon('check'),
  interrupt: new vscode.ThemeIcon('zap', new vscode.ThemeColor('charts.orange')),
  owner: new vscode.ThemeIcon('arrow-swap'),
}
