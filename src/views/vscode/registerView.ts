// "PowerPC 440 Registers" in the Run and Debug side bar. Draws the latest snapshot of the session in focus; never reads
// the emulator, so that looking changes nothing and costs nothing while hidden.

import * as vscode from 'vscode'
import { SNAPSHOT_EVENT, SNAPSHOT_REQUEST, type Snapshot } from '../../protocol/messages.ts'
import { type RegisterRow, registerRows } from '../models/registers.ts'

const VIEW = 'ppc440.registers'

/** The latest snapshot of a session and the last one of the stop before it. */
interface ShownSnapshots {
  readonly now: Snapshot
  readonly before?: Snapshot
}

export function showRegisters(): vscode.Disposable {
  const view = new RegisterView()
  return vscode.Disposable.from(
    view,
    vscode.commands.registerCommand('ppc440.copyValue', (row: RegisterRow) =>
      vscode.env.clipboard.writeText(row.value),
    ),
  )
}

class RegisterView implements vscode.TreeDataProvider<RegisterRow> {
  readonly #histories = new Map<string, ShownSnapshots>()
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  readonly #tree = vscode.window.createTreeView<RegisterRow>(VIEW, { treeDataProvider: this })
  readonly #subscriptions = vscode.Disposable.from(
    this.#tree,
    this.#changed,
    this.#tree.onDidChangeVisibility(() => this.#pull()),
    vscode.debug.onDidChangeActiveDebugSession(() => this.#pull()),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      if (this.#histories.delete(id)) this.#draw()
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type === 'ppc440' && event === SNAPSHOT_EVENT) this.#take(session, body as Snapshot)
    }),
  )

  dispose(): void {
    this.#subscriptions.dispose()
  }

  getChildren(row?: RegisterRow): RegisterRow[] {
    if (row) return [...row.children]
    const history = this.#histories.get(vscode.debug.activeDebugSession?.id ?? '')
    return history ? [...registerRows(history.now, history.before)] : []
  }

  getTreeItem(row: RegisterRow): vscode.TreeItem {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState
    const item = new vscode.TreeItem(row.name, row.children.length ? Collapsed : None)
    item.id = row.id
    item.description = row.text
    item.iconPath = icon(row)
    item.tooltip = new vscode.MarkdownString(row.tooltip)
    item.accessibilityInformation = { label: row.spoken }
    if (row.value) item.contextValue = 'value'
    return item
  }

  #take({ id }: vscode.DebugSession, now: Snapshot): void {
    const history = this.#histories.get(id)
    if (history && now.version <= history.now.version) return
    // What there was before the first stop is no stop to compare with.
    const last = history?.now.stop === 0 ? undefined : history?.now
    const before = now.stop === last?.stop ? history?.before : last
    this.#histories.set(id, { now, ...(before && { before }) })
    this.#draw()
  }

  /** A view that becomes visible late, or turns to another session, has missed the events so far. */
  #pull(): void {
    this.#draw()
    const session = vscode.debug.activeDebugSession
    if (!this.#tree.visible || session?.type !== 'ppc440' || this.#histories.has(session.id)) return
    session.customRequest(SNAPSHOT_REQUEST).then(
      snapshot => this.#take(session, snapshot as Snapshot),
      () => {}, // Not launched yet: the first stop will bring an event.
    )
  }

  #draw(): void {
    const running = this.#histories.get(vscode.debug.activeDebugSession?.id ?? '')?.now.running
    this.#tree.message = running ? 'Running. These are the values of the last stop.' : ''
    this.#changed.fire(undefined)
  }
}

/** A sign for those who see it; `accessibilityInformation` and the text say the same in words. */
function icon({ changed, slot }: RegisterRow): vscode.ThemeIcon {
  if (changed) return new vscode.ThemeIcon('diff-modified', new vscode.ThemeColor('debugTokenExpression.number'))
  if (slot === 'held')
    return new vscode.ThemeIcon('debug-breakpoint', new vscode.ThemeColor('debugIcon.breakpointForeground'))
  if (slot === 'free') return new vscode.ThemeIcon('circle-outline')
  return new vscode.ThemeIcon('blank')
}
