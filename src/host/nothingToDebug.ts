// F5 where there is no program: one clear message, and from it a way on. What it says depends on what is there.

import * as vscode from 'vscode'
import { forNotification } from '../util/plainText.ts'
import { tasksText } from './buildTask.ts'
import { findFiles } from './findElf.ts'

const SOURCE = /\.(c|cc|cpp|cxx)$/i
const ASSEMBLY = /\.(s|asm|ppc)$/i

/** What a person can choose. */
interface WayOn {
  readonly title: string
  go(): unknown
}

const run = (title: string, command: string): WayOn => ({ title, go: () => vscode.commands.executeCommand(command) })
const EXAMPLE = run('Open Example', 'ppc440.openExample')
const NEW = run('New Assembly Program', 'ppc440.newAssembly')
const CHOOSE = run('Choose ELF…', 'ppc440.chooseElf')

export async function sayNothingToDebug(folder: vscode.Uri | undefined): Promise<void> {
  if (folder === undefined)
    return await say('No folder is open. A PowerPC program can be chosen, or one can be begun.', [CHOOSE, EXAMPLE, NEW])
  const sources = await findFiles(folder, name => SOURCE.test(name) || ASSEMBLY.test(name))
  if (sources.some(({ names }) => SOURCE.test(names.at(-1)!))) {
    const build: WayOn = {
      title: 'Create Build Task',
      go: () =>
        createTask(
          folder,
          sources.map(each => each.names.join('/')),
        ),
    }
    return await say(
      'There are sources here, but no PowerPC program (a 32-bit big-endian ELF file). Build one, then press F5 again.',
      [build, CHOOSE, EXAMPLE],
    )
  }
  await say('There is no PowerPC program (a 32-bit big-endian ELF file) in this workspace, and no source of one.', [
    ...[CHOOSE, EXAMPLE, NEW],
  ])
}

async function say(message: string, ways: readonly WayOn[]): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(forNotification(message), ...ways.map(({ title }) => title))
  await ways.find(({ title }) => title === chosen)?.go()
}

/** Written where there is none; one that is there is shown, and not touched. */
async function createTask(folder: vscode.Uri, sources: readonly string[]): Promise<void> {
  const file = vscode.Uri.joinPath(folder, '.vscode', 'tasks.json')
  const text = tasksText(
    [...sources].sort(),
    sources.some(name => ASSEMBLY.test(name)),
  )
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  )
  if (!isThere) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text))
  else
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'jsonc', content: text }))
  if (!isThere) await vscode.window.showTextDocument(file)
}
