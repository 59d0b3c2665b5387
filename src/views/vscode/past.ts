// The commands that lead into the past, beside VS Code's own Step Back and Reverse: to who wrote something last, to the
// call of a function, to an instruction by its number, and back to the present.

import * as vscode from 'vscode'
import {
  BACK_REQUEST,
  type BackArguments,
  GO_TO_REQUEST,
  type GoToArguments,
  LAST_WRITE_REQUEST,
  type LastWriteArguments,
} from '../../protocol/messages.ts'
import { ask } from './ask.ts'

const OTHERWISE = 'Stop a PowerPC 440 program first: then its past can be gone through.'

/** What the menus of Variables, Watch and of the registers hand over. */
interface ClickedRow {
  readonly container?: { readonly variablesReference?: number }
  readonly variable?: { readonly name: string }
  /** Of the register view. */
  readonly name?: string
}

export function goThroughThePast(): vscode.Disposable {
  const register = vscode.commands.registerCommand
  const back = (to: BackArguments['to']) => () => ask(BACK_REQUEST, { to } satisfies BackArguments, OTHERWISE)
  return vscode.Disposable.from(
    register('ppc440.lastWrite', (row?: ClickedRow) => lastWrite('write', row)),
    register('ppc440.lastChange', (row?: ClickedRow) => lastWrite('change', row)),
    register('ppc440.goToInstruction', goToInstruction),
    register('ppc440.stepBackOut', back('caller')),
    register('ppc440.goToBeginning', back('beginning')),
    register('ppc440.goToPresent', back('present')),
  )
}

async function lastWrite(what: 'write' | 'change', row: ClickedRow | undefined): Promise<void> {
  const where = whereOf(row) ?? (await whereTyped(what))
  if (where !== undefined) await ask(LAST_WRITE_REQUEST, { ...where, what } satisfies LastWriteArguments, OTHERWISE)
}

function whereOf(row: ClickedRow | undefined): LastWriteArguments | undefined {
  const name = row?.variable?.name ?? row?.name
  if (name === undefined) return undefined
  const variablesReference = row?.container?.variablesReference
  return { name, ...(variablesReference !== undefined && { variablesReference }) }
}

async function whereTyped(what: 'write' | 'change'): Promise<LastWriteArguments | undefined> {
  const name = await vscode.window.showInputBox({
    title: what === 'write' ? 'Go Back to the Last Write' : 'Go Back to the Last Change',
    prompt: 'A variable, a register or an address.',
    placeHolder: 'queue.length, $r5, 0x00104000',
  })
  return name ? { name, ...(/^0x[0-9a-f]+$/i.test(name) && { asAddress: true }) } : undefined
}

async function goToInstruction(): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: 'Go to Instruction',
    prompt: 'How many instructions have been executed there; the first is 0.',
    validateInput: value => (/^\d{1,15}$/.test(value) ? undefined : 'A number such as 1000000'),
  })
  if (text) await ask(GO_TO_REQUEST, { instruction: Number(text) } satisfies GoToArguments, OTHERWISE)
}
