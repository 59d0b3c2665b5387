// "PowerPC 440 Registers" and "PowerPC 440 Peripherals" in the Run and Debug side bar, and what a person can do with a row of
// either.

import * as vscode from 'vscode'
import type { RegisterRow } from '../models/registerRow.ts'
import { registerRows } from '../models/registers.ts'
import { ask } from './ask.ts'
import { showPeripherals } from './peripheralView.ts'
import { RegisterTree, ShownFormat } from './registerTree.ts'
import type { Snapshots } from './snapshots.ts'

/** Where the names of pinned registers are kept. */
const PINNED = 'ppc440.pinnedRegisters'

/** @param state of the workspace: what is pinned stays from session to session */
export function showRegisters(snapshots: Snapshots, state: vscode.Memento): vscode.Disposable {
  const format = new ShownFormat()
  const pinned = (): readonly string[] => state.get<readonly string[]>(PINNED, [])
  const tree = new RegisterTree('ppc440.registers', snapshots, format, {
    rows: ({ now, before }, shown) => registerRows(now, before, shown, pinned()),
  })
  const pin = async ({ pin }: RegisterRow): Promise<void> => {
    if (pin === undefined) return
    const others = pinned().filter(name => name !== pin.name)
    await state.update(PINNED, pin.isPinned ? others : [...others, pin.name])
    tree.draw()
  }
  return vscode.Disposable.from(
    format,
    tree,
    vscode.commands.registerCommand('ppc440.pinRegister', pin),
    vscode.commands.registerCommand('ppc440.unpinRegister', pin),
    showPeripherals(snapshots, format),
    vscode.commands.registerCommand('ppc440.copyValue', (row: RegisterRow) =>
      vscode.env.clipboard.writeText(row.value),
    ),
    vscode.commands.registerCommand('ppc440.setRegister', setValue),
    vscode.commands.registerCommand('ppc440.toggleBit', (row: RegisterRow) => write(row, row.toggled)),
    vscode.commands.registerCommand('ppc440.registerFormat', () => format.choose()),
  )
}

async function setValue(row: RegisterRow): Promise<void> {
  const value = await vscode.window.showInputBox({
    title: `Set ${row.name}`,
    value: row.literal ?? '',
    prompt: `A number, or an expression as in Watch. ${row.onWrite ?? ''}`,
  })
  await write(row, value)
}

/** As setting it in Variables or Watch does; what does not go is said. */
async function write({ expression }: RegisterRow, value: string | undefined): Promise<void> {
  if (value !== undefined) await ask('setExpression', { expression, value }, 'Start a PowerPC 440 program first.')
}
