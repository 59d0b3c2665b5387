// "PowerPC 440 Registers" in the Run and Debug side bar. Draws the latest snapshot of the session in focus; never reads
// the emulator, so that looking changes nothing and costs nothing while hidden.

import * as vscode from 'vscode'
import { REGISTER_FORMATS, type RegisterFormat, type RegisterRow, registerRows } from '../models/registers.ts'
import { ask } from './ask.ts'
import type { Snapshots } from './snapshots.ts'

const VIEW = 'ppc440.registers'

export function showRegisters(snapshots: Snapshots): vscode.Disposable {
  const view = new RegisterView(snapshots)
  return vscode.Disposable.from(
    view,
    vscode.commands.registerCommand('ppc440.copyValue', (row: RegisterRow) =>
      vscode.env.clipboard.writeText(row.value),
    ),
    vscode.commands.registerCommand('ppc440.setRegister', setValue),
    vscode.commands.registerCommand('ppc440.toggleBit', (row: RegisterRow) =>
      write(row, row.value === '1' ? '0' : '1'),
    ),
    vscode.commands.registerCommand('ppc440.registerFormat', () => view.chooseFormat()),
  )
}

class RegisterView implements vscode.TreeDataProvider<RegisterRow> {
  readonly #snapshots: Snapshots
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  readonly #tree = vscode.window.createTreeView<RegisterRow>(VIEW, { treeDataProvider: this })
  readonly #subscriptions: vscode.Disposable
  #format: RegisterFormat = 'hexadecimal'

  constructor(snapshots: Snapshots) {
    this.#snapshots = snapshots
    this.#subscriptions = vscode.Disposable.from(
      this.#tree,
      this.#changed,
      this.#tree.onDidChangeVisibility(({ visible }) => {
        if (visible) snapshots.pull()
      }),
      snapshots.onDidChange(() => this.#draw()),
    )
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  getChildren(row?: RegisterRow): RegisterRow[] {
    if (row) return [...row.children]
    const shown = this.#snapshots.ofActiveSession
    return shown ? [...registerRows(shown.now, shown.before, this.#format)] : []
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
      ...(row.expression === undefined ? [] : [row.isFlag ? 'flag' : 'settable']),
    ].join(' ')
    return item
  }

  async chooseFormat(): Promise<void> {
    const choices = REGISTER_FORMATS.map(format => ({
      label: format,
      ...(format === this.#format && { description: 'now' }),
    }))
    const chosen = await vscode.window.showQuickPick(choices, { title: 'Show Registers As' })
    if (chosen === undefined) return
    this.#format = chosen.label
    this.#draw()
  }

  #draw(): void {
    const isRunning = this.#snapshots.ofActiveSession?.now.running
    this.#tree.message = isRunning ? 'Running. These are the values of the last stop.' : ''
    this.#changed.fire(undefined)
  }
}

async function setValue(row: RegisterRow): Promise<void> {
  const value = await vscode.window.showInputBox({
    title: `Set ${row.name}`,
    value: row.literal ?? '',
    prompt: `A number, or an expression as in Watch. ${row.onWrite ?? ''}`,
  })
  if (value !== undefined) await write(row, value)
}

/** As setting it in Variables or Watch does; what does not go is said. */
async function write({ expression }: RegisterRow, value: string): Promise<void> {
  await ask('setExpression', { expression, value }, 'Start a PowerPC 440 program first.')
}

/** A sign for those who see it; `accessibilityInformation` and the text say the same in words. */
function icon({ changed, slot }: RegisterRow): vscode.ThemeIcon {
  if (changed) return new vscode.ThemeIcon('diff-modified', new vscode.ThemeColor('debugTokenExpression.number'))
  if (slot === 'held')
    return new vscode.ThemeIcon('debug-breakpoint', new vscode.ThemeColor('debugIcon.breakpointForeground'))
  if (slot === 'free') return new vscode.ThemeIcon('circle-outline')
  return new vscode.ThemeIcon('blank')
}
