// A tree of registers in the side bar, of the core or of devices. Draws the latest snapshot of the session in focus; never
// reads the emulator, so that looking changes nothing and costs nothing while hidden.

import * as vscode from 'vscode'
import { REGISTER_FORMATS, type RegisterFormat, type RegisterRow } from '../models/registerRow.ts'
import type { ShownSnapshots, Snapshots } from './snapshots.ts'

/** How numbers are shown, in all trees of registers alike. */
export class ShownFormat {
  current: RegisterFormat = 'hexadecimal'
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChange = this.#changed.event

  async choose(): Promise<void> {
    const choices = REGISTER_FORMATS.map(format => ({
      label: format,
      ...(format === this.current && { description: 'now' }),
    }))
    const chosen = await vscode.window.showQuickPick(choices, { title: 'Show Registers As' })
    if (chosen === undefined) return
    this.current = chosen.label
    this.#changed.fire(undefined)
  }

  dispose(): void {
    this.#changed.dispose()
  }
}

export interface TreeContents {
  /** Undefined: nothing is known yet, and the welcome text of the view is shown. */
  readonly rows: (shown: ShownSnapshots, format: RegisterFormat) => readonly RegisterRow[] | undefined
  /** Said above the rows. */
  readonly message?: (shown: ShownSnapshots) => string | undefined
}

export class RegisterTree implements vscode.TreeDataProvider<RegisterRow> {
  readonly #snapshots: Snapshots
  readonly #format: ShownFormat
  readonly #contents: TreeContents
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  readonly #tree: vscode.TreeView<RegisterRow>
  readonly #subscriptions: vscode.Disposable

  /** @param view its id */
  constructor(view: string, snapshots: Snapshots, format: ShownFormat, contents: TreeContents) {
    this.#snapshots = snapshots
    this.#format = format
    this.#contents = contents
    this.#tree = vscode.window.createTreeView<RegisterRow>(view, { treeDataProvider: this })
    this.#subscriptions = vscode.Disposable.from(
      this.#tree,
      this.#changed,
      this.#tree.onDidChangeVisibility(({ visible }) => {
        if (visible) snapshots.pull()
      }),
      snapshots.onDidChange(() => this.draw()),
      format.onDidChange(() => this.draw()),
    )
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  draw(): void {
    const shown = this.#snapshots.ofActiveSession
    const isRunning = shown?.now.running
    const message = shown && this.#contents.message?.(shown)
    this.#tree.message = isRunning ? 'Running. These are the values of the last stop.' : (message ?? '')
    this.#changed.fire(undefined)
  }

  getChildren(row?: RegisterRow): RegisterRow[] {
    if (row) return [...row.children]
    const shown = this.#snapshots.ofActiveSession
    return shown ? [...(this.#contents.rows(shown, this.#format.current) ?? [])] : []
  }

  getTreeItem(row: RegisterRow): vscode.TreeItem {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState
    const item = new vscode.TreeItem(row.name, row.children.length ? Collapsed : None)
    item.id = row.id
    item.description = row.text
    item.iconPath = icon(row)
    item.tooltip = new vscode.MarkdownString(row.tooltip)
    item.accessibilityInformation = { label: row.spoken }
    item.contextValue = [
      ...(row.value ? ['value'] : []),
      ...(row.expression === undefined ? [] : ['settable']),
      ...(row.toggled === undefined ? [] : ['flag']),
      ...(row.pin === undefined ? [] : [row.pin.isPinned ? 'pinned' : 'pinnable']),
    ].join(' ')
    return item
  }
}

/** A sign for those who see it; `accessibilityInformation` and the text say the same in words. */
function icon({ changed, slot, pin }: RegisterRow): vscode.ThemeIcon {
  if (changed) return new vscode.ThemeIcon('diff-modified', new vscode.ThemeColor('debugTokenExpression.number'))
  if (slot === 'held')
    return new vscode.ThemeIcon('debug-breakpoint', new vscode.ThemeColor('debugIcon.breakpointForeground'))
  if (slot === 'free') return new vscode.ThemeIcon('circle-outline')
  return new vscode.ThemeIcon(pin?.isPinned ? 'pinned' : 'blank')
}
