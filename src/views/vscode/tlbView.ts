// "PowerPC 440 TLB" in the Run and Debug side bar: what is mapped where, and the question of what becomes of an address.

import * as vscode from 'vscode'
import { type TlbViewRow, tlbRows, tlbSummary } from '../models/tlb.ts'
import { ask } from './ask.ts'
import type { Snapshots } from './snapshots.ts'

const VIEW = 'ppc440.tlb'
const NO_SESSION = 'Start a PowerPC 440 program first.'

export const showTlb = (snapshots: Snapshots): vscode.Disposable =>
  vscode.Disposable.from(
    new TlbView(snapshots),
    vscode.commands.registerCommand('ppc440.explainAddress', (row?: TlbViewRow) => explain(row?.name)),
  )

class TlbView implements vscode.TreeDataProvider<TlbViewRow> {
  readonly #snapshots: Snapshots
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  readonly #subscriptions: vscode.Disposable

  constructor(snapshots: Snapshots) {
    this.#snapshots = snapshots
    const tree = vscode.window.createTreeView<TlbViewRow>(VIEW, { treeDataProvider: this })
    const draw = (): void => {
      const now = snapshots.ofActiveSession?.now
      tree.message = now === undefined ? '' : tlbSummary(now)
      this.#changed.fire(undefined)
    }
    this.#subscriptions = vscode.Disposable.from(
      tree,
      this.#changed,
      tree.onDidChangeVisibility(({ visible }) => {
        if (visible) snapshots.pull()
      }),
      snapshots.onDidChange(draw),
    )
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  getChildren(row?: TlbViewRow): TlbViewRow[] {
    const shown = this.#snapshots.ofActiveSession
    return row !== undefined || shown === undefined ? [] : [...tlbRows(shown.now, shown.before)]
  }

  getTreeItem({ id, name, text, look, tooltip, spoken }: TlbViewRow): vscode.TreeItem {
    const item = new vscode.TreeItem(name)
    item.id = id
    item.description = text
    item.tooltip = new vscode.MarkdownString(tooltip)
    item.accessibilityInformation = { label: spoken }
    item.contextValue = 'entry'
    const icon = ICONS[look]
    if (icon !== undefined) item.iconPath = icon
    return item
  }
}

const ICONS: Readonly<Record<TlbViewRow['look'], vscode.ThemeIcon | undefined>> = {
  fetch: new vscode.ThemeIcon(
    'debug-stackframe',
    new vscode.ThemeColor('debugIcon.breakpointCurrentStackframeForeground'),
  ),
  changed: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('charts.blue')),
  plain: new vscode.ThemeIcon('blank'),
}

/** Which entry translates an address, or which interrupt an access to it would bring: answered in the Debug Console. */
async function explain(suggested: string | undefined): Promise<void> {
  const address = await vscode.window.showInputBox({
    title: 'What becomes of an access to this address?',
    placeHolder: '0xc0001000, &variable, $r3 + 4',
    value: suggested ?? '',
    prompt: 'An address or an expression',
  })
  if (address === undefined || address.trim() === '') return
  const frameId = (vscode.debug.activeStackItem as { readonly frameId?: number } | undefined)?.frameId
  const question = { expression: `tlb ${address}`, context: 'repl', ...(frameId !== undefined && { frameId }) }
  const answer = await ask<{ readonly result: string }>('evaluate', question, NO_SESSION)
  if (answer === undefined) return
  await vscode.commands.executeCommand('workbench.panel.repl.view.focus')
  vscode.debug.activeDebugConsole.appendLine(answer.result.trimEnd())
}
