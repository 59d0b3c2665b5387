// "PowerPC 440 Debug Slots" in the Run and Debug side bar, and its summary in the status bar: who has which comparator, what
// was refused, and what can be done about it. Draws snapshots; what a person does here is done to the editor's breakpoints.

import * as vscode from 'vscode'
import { type BreakpointRow, TRAP_WORD_REQUEST, type TrapWordArguments } from '../../protocol/messages.ts'
import { forTitle } from '../../util/plainText.ts'
import { type DebugSlotRow, debugSlotRows, holdersFor, slotCounts } from '../models/slots.ts'
import { ask } from './ask.ts'
import { PlannedSlots, type SlotForecaster } from './plannedSlots.ts'
import type { Snapshots } from './snapshots.ts'

const VIEW = 'ppc440.slots'
const NO_SESSION = 'Start a PowerPC 440 program first.'

/** @param toUri of a path as the adapter has it */
export function showSlots(
  snapshots: Snapshots,
  toUri: (path: string) => vscode.Uri,
  forecaster: SlotForecaster,
): vscode.Disposable {
  const planned = new PlannedSlots(snapshots, forecaster)
  const act = (name: string, on: (breakpoint: BreakpointRow) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(`${VIEW}.${name}`, async ({ breakpoint }: DebugSlotRow) => {
      if (breakpoint !== undefined) await on(breakpoint)
    })
  return vscode.Disposable.from(
    forecaster,
    planned,
    new SlotView(snapshots, planned, toUri),
    showCounts(snapshots),
    act('remove', async breakpoint => vscode.debug.removeBreakpoints(await planned.editorsOwn(breakpoint))),
    act('disable', breakpoint => disable(breakpoint, planned)),
    act('trapWord', async ({ id }) => {
      await ask(TRAP_WORD_REQUEST, { id } satisfies TrapWordArguments, NO_SESSION)
    }),
    act('takeSlot', breakpoint => takeSlot(breakpoint, planned)),
    vscode.commands.registerCommand(`${VIEW}.chooseProgram`, () => forecaster.choose()),
  )
}

class SlotView implements vscode.TreeDataProvider<DebugSlotRow> {
  readonly #planned: PlannedSlots
  readonly #toUri: (path: string) => vscode.Uri
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  readonly #subscriptions: vscode.Disposable

  constructor(snapshots: Snapshots, planned: PlannedSlots, toUri: (path: string) => vscode.Uri) {
    this.#planned = planned
    this.#toUri = toUri
    const tree = vscode.window.createTreeView<DebugSlotRow>(VIEW, { treeDataProvider: this })
    const draw = (): void => {
      tree.message = messageOf(planned)
      this.#changed.fire(undefined)
    }
    this.#subscriptions = vscode.Disposable.from(
      tree,
      this.#changed,
      tree.onDidChangeVisibility(({ visible }) => {
        if (visible) snapshots.pull()
        planned.isSeen = visible
      }),
      planned.onDidChange(draw),
    )
    planned.isSeen = tree.visible
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  getChildren(row?: DebugSlotRow): DebugSlotRow[] {
    if (row) return [...row.children]
    const { now, snapshot } = this.#planned
    return snapshot ? [...debugSlotRows(snapshot, now === undefined ? 'forecast' : 'session')] : []
  }

  getTreeItem(row: DebugSlotRow): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState
    const state = row.children.length === 0 ? None : row.look === 'heading' ? Expanded : Collapsed
    const item = new vscode.TreeItem(row.name, state)
    item.id = row.id
    item.description = row.text
    item.tooltip = new vscode.MarkdownString(row.tooltip)
    item.accessibilityInformation = { label: row.spoken }
    item.contextValue = row.acts.join(' ')
    const icon = ICONS[row.look]
    if (icon !== undefined) item.iconPath = icon
    const { path, line } = row.breakpoint ?? {}
    if (path !== undefined && line !== undefined) {
      const selection = new vscode.Range(line - 1, 0, line - 1, 0)
      item.command = { command: 'vscode.open', title: 'Go There', arguments: [this.#toUri(path), { selection }] }
    }
    return item
  }
}

/** Signs for those who see them; the text says the same in words. */
const ICONS: Readonly<Record<DebugSlotRow['look'], vscode.ThemeIcon | undefined>> = {
  held: new vscode.ThemeIcon('debug-breakpoint', new vscode.ThemeColor('debugIcon.breakpointForeground')),
  free: new vscode.ThemeIcon('circle-outline'),
  reserved: new vscode.ThemeIcon('lock'),
  trapWord: new vscode.ThemeIcon('debug-breakpoint-function', new vscode.ThemeColor('debugIcon.breakpointForeground')),
  refused: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  nowhere: new vscode.ThemeIcon('debug-breakpoint-unverified'),
  heading: undefined,
}

const refusedText = (refused: number): string =>
  refused === 1 ? 'One breakpoint was refused' : `${refused} breakpoints were refused`

/** `IAC 3/4 · DAC 0/2` in the status bar, with a warning while a breakpoint is refused. */
function showCounts(snapshots: Snapshots): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('ppc440.slots', vscode.StatusBarAlignment.Left)
  item.name = 'PowerPC 440 Debug Slots'
  item.command = `${VIEW}.focus`
  const draw = (): void => {
    const now = snapshots.ofActiveSession?.now
    if (now === undefined) return item.hide()
    const { text, refused } = slotCounts(now)
    item.text = refused === 0 ? `$(debug-breakpoint) ${text}` : `$(warning) ${text} · ${refused} refused`
    item.tooltip = `Comparators in use. ${refused === 0 ? '' : `${refusedText(refused)}: `}Select to see who has them.`
    item.accessibilityInformation = { label: refused === 0 ? text : `${text}, ${refusedText(refused)}` }
    item.backgroundColor = refused === 0 ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground')
    item.show()
  }
  return vscode.Disposable.from(item, snapshots.onDidChange(draw))
}

/** What stands above the rows before a session. */
function messageOf({ next }: PlannedSlots): string {
  switch (next?.kind) {
    case 'planned':
      return `Before the session, as planned for “${forTitle(next.name)}”:`
    case 'failed':
      return `“${forTitle(next.name)}” cannot be planned for: ${forTitle(next.why)}`
    default:
      return ''
  }
}

/** Another breakpoint gives its comparator away: it is disabled, and the plan over all the others does the rest. */
async function takeSlot(refused: BreakpointRow, planned: PlannedSlots): Promise<void> {
  const { snapshot } = planned
  if (snapshot === undefined) return
  const holders = holdersFor(refused, snapshot.slots, snapshot.breakpoints)
  const choices = holders.map(breakpoint => ({ label: breakpoint.label, description: breakpoint.message, breakpoint }))
  const chosen =
    choices.length < 2
      ? choices[0]
      : await vscode.window.showQuickPick(choices, { title: `Whose comparator is ${refused.label} to have?` })
  if (chosen !== undefined) await disable(chosen.breakpoint, planned)
}

async function disable(breakpoint: BreakpointRow, planned: PlannedSlots): Promise<void> {
  const own = await planned.editorsOwn(breakpoint)
  vscode.debug.removeBreakpoints(own)
  vscode.debug.addBreakpoints(own.map(disabled))
}

function disabled(breakpoint: vscode.Breakpoint): vscode.Breakpoint {
  const { condition, hitCondition, logMessage } = breakpoint
  if (breakpoint instanceof vscode.FunctionBreakpoint)
    return new vscode.FunctionBreakpoint(breakpoint.functionName, false, condition, hitCondition, logMessage)
  const { location } = breakpoint as vscode.SourceBreakpoint
  return new vscode.SourceBreakpoint(location, false, condition, hitCondition, logMessage)
}
