// Launch configurations: written for the user where there are none, completed and checked where there are.

import * as vscode from 'vscode'
import type { ClientFiles } from '../dap/host.ts'
import { fileName } from '../util/fileName.ts'
import { forNotification, forTitle } from '../util/plainText.ts'
import { findFiles, findPrograms, type ProgramFile } from './findElf.ts'
import { sayNothingToDebug } from './nothingToDebug.ts'
import { isUri, toPath } from './workspaceFiles.ts'

const TYPE = 'ppc440'

export class Configurations implements vscode.DebugConfigurationProvider {
  readonly #files: ClientFiles

  /** What the picker offers where there is no launch.json: what can be debugged in the workspace, or else the example. */
  readonly offered: vscode.DebugConfigurationProvider

  /** @param example a program of ours */
  constructor(files: ClientFiles, example: vscode.Uri) {
    this.#files = files
    this.offered = {
      provideDebugConfigurations: async folder => {
        // VS Code asks for each folder, and once more for none.
        if (folder === undefined && (vscode.workspace.workspaceFolders ?? []).length > 0) return []
        const found = await this.provideDebugConfigurations(folder)
        return found.length > 0
          ? found
          : [{ ...launchOf('Debug the example: first-steps.s', toPath(example)), stopOnEntry: true }]
      },
    }
  }

  /** One for each program of the folder, the newest first. For a new launch.json, and for the picker. */
  async provideDebugConfigurations(folder?: vscode.WorkspaceFolder): Promise<vscode.DebugConfiguration[]> {
    const folders = folder ? [folder] : (vscode.workspace.workspaceFolders ?? [])
    const lists = await Promise.all(
      folders.map(async ({ uri }) => {
        const programs = await findPrograms(uri, this.#files)
        return programs.length > 0 ? programs : await findAssembly(uri)
      }),
    )
    return lists.flat().map(({ uri }) => {
      const path = vscode.workspace.asRelativePath(uri, false)
      return launchOf(`Debug ${path}`, `\${workspaceFolder}/${path}`)
    })
  }

  /** F5 without a launch.json comes here with nothing in hand: of several programs the person chooses. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | null | undefined> {
    if (configuration.type || configuration.request || configuration.name) return this.#checked(configuration)
    const chosen = await this.program(folder)
    return chosen && launchOfProgram(chosen)
  }

  /** The program that a person means who has named none: chosen of several; where there is none, that is said. */
  async program(folder?: vscode.WorkspaceFolder): Promise<vscode.Uri | undefined> {
    const root = folder ?? vscode.workspace.workspaceFolders?.[0]
    const programs = root ? await findPrograms(root.uri, this.#files) : []
    const source = await sourceInEditor(programs)
    if (source !== undefined && programs.length === 0) return source
    if (programs.length > 0) return await choose(programs, source)
    const sources = root ? await findAssembly(root.uri) : []
    if (sources.length > 0) return await choose(sources, undefined)
    await sayNothingToDebug(root?.uri)
    return undefined
  }

  /** Variables are substituted now. Where files have no plain paths, the program is named by its URI. */
  resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    const root = folder ?? vscode.workspace.workspaceFolders?.[0]
    const locate = (path: unknown) => (typeof path === 'string' && root ? absolute(root.uri, path) : path)
    const { program, capsule, symbolFiles } = configuration
    const located = (row: unknown) =>
      typeof row === 'object' && row !== null && 'file' in row ? { ...row, file: locate(row.file) } : locate(row)
    return {
      ...configuration,
      program: locate(program),
      ...(capsule !== undefined && { capsule: locate(capsule) }),
      ...(Array.isArray(symbolFiles) && { symbolFiles: symbolFiles.map(located) }),
    }
  }

  #checked(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration | Promise<null | undefined> {
    const names = [configuration.program, configuration.capsule]
    if (names.some(name => typeof name === 'string' && name !== '')) return configuration
    return tellWhatToDo(
      `The launch configuration "${configuration.name}" does not say which program to debug. Add "program": "\${workspaceFolder}/….elf".`,
    )
  }
}

export function launchOf(name: string, program: string): vscode.DebugConfiguration {
  return { type: TYPE, request: 'launch', name: forTitle(name), program }
}

/**
 * The source in assembly that the person is looking at, saved, unless it is one of a program that is built: then a
 * program lies beside it. Sources for the C preprocessor are those of a toolchain.
 */
async function sourceInEditor(programs: readonly ProgramFile[]): Promise<vscode.Uri | undefined> {
  const document = vscode.window.activeTextEditor?.document
  if (document?.languageId !== 'ppc-asm' || /^\s*#\s*(include|define|if|ifdef|ifndef)\b/m.test(document.getText()))
    return undefined
  const folder = vscode.Uri.joinPath(document.uri, '..').path
  if (!document.isUntitled && programs.some(({ uri }) => vscode.Uri.joinPath(uri, '..').path === folder))
    return undefined
  if (!document.isDirty && !document.isUntitled) return document.uri
  return await vscode.workspace.save(document.uri)
}

/** Sources that need no toolchain, where there are no others: those are for one. */
async function findAssembly(folder: vscode.Uri): Promise<ProgramFile[]> {
  const found = await findFiles(folder, name => /\.(s|asm|ppc|c|cc|cpp|cxx)$/i.test(name))
  return found.some(({ uri }) => /\.c\w*$/i.test(uri.path)) ? [] : found
}

/** One program needs no question. @returns undefined where the person wants none: nothing starts. */
async function choose(
  programs: readonly ProgramFile[],
  source: vscode.Uri | undefined,
): Promise<vscode.Uri | undefined> {
  const items = programs.map(({ uri, modified }) => ({
    label: vscode.workspace.asRelativePath(uri, false),
    description:
      modified > 0
        ? `${/\.(s|asm|ppc)$/i.test(uri.path) ? 'changed' : 'built'} ${new Date(modified).toLocaleString()}`
        : '',
    uri,
  }))
  // What the person is looking at comes first.
  if (source !== undefined)
    items.unshift({ label: fileName(source.path), description: 'assembled as the session begins', uri: source })
  const options = { title: 'Debug on a PowerPC 440', placeHolder: 'Which program? The last one built is first.' }
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, options)
  return chosen?.uri
}

const launchOfProgram = (program: vscode.Uri): vscode.DebugConfiguration =>
  launchOf(`Debug ${vscode.workspace.asRelativePath(program, false)}`, toPath(program))

/** Returns what the editor takes as "do not start": `null` also opens launch.json. */
async function tellWhatToDo(message: string): Promise<null | undefined> {
  const open = 'Open launch.json'
  return (await vscode.window.showErrorMessage(forNotification(message), open)) === open ? null : undefined
}

function absolute(root: vscode.Uri, path: string): string {
  if (isUri(path)) return path
  const rooted = /^([\\/]|[a-z]:[\\/])/i.test(path)
  if (!rooted) return toPath(vscode.Uri.joinPath(root, path))
  return root.scheme === 'file' ? path : toPath(root.with({ path }))
}
