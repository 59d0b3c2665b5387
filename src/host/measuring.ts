// "Run with Coverage" and "Run with Profile": a program is run to its end without stops, and what was measured is shown where
// VS Code shows such things: coverage beside the lines, by its testing views; a profile in its own viewer.

import * as vscode from 'vscode'
import type { ClientFiles } from '../dap/host.ts'
import { MEASURED_EVENT, type MeasuredFile, type MeasuredRun } from '../protocol/messages.ts'
import { fileName } from '../util/fileName.ts'
import { detailsOf, type LineCoverage } from '../views/models/coverage.ts'
import { launchOf } from './configurations.ts'
import { findPrograms } from './findElf.ts'
import { toPath, toUri } from './workspaceFiles.ts'

type Kind = 'coverage' | 'profile'

interface Outcome {
  readonly measured?: MeasuredRun
  /** Undefined: it has not ended by itself. */
  readonly exitCode?: number
}

/** @param choose asks which program, where nothing says it */
export function measureRuns(
  files: ClientFiles,
  storage: vscode.Uri,
  choose: () => Promise<vscode.Uri | undefined>,
): vscode.Disposable {
  const controller = vscode.tests.createTestController('ppc440', 'PowerPC 440')
  const details = new WeakMap<vscode.FileCoverage, readonly LineCoverage[]>()
  const itemOf = (program: vscode.Uri): vscode.TestItem => {
    const known = controller.items.get(program.toString())
    if (known !== undefined) return known
    const item = controller.createTestItem(program.toString(), vscode.workspace.asRelativePath(program, false), program)
    controller.items.add(item)
    return item
  }
  controller.resolveHandler = async item => {
    if (item !== undefined) return
    const folders = vscode.workspace.workspaceFolders ?? []
    const found = await Promise.all(folders.map(({ uri }) => findPrograms(uri, files)))
    for (const { uri } of found.flat()) itemOf(uri)
  }
  const run = async (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => {
    const testRun = controller.createTestRun(request)
    const items = request.include ?? [...controller.items].map(([, item]) => item)
    for (const item of items.filter(each => request.exclude?.includes(each) !== true)) {
      if (token.isCancellationRequested) testRun.skipped(item)
      else await runOne(item, testRun, token)
    }
    testRun.end()
  }
  const runOne = async (
    item: vscode.TestItem,
    testRun: vscode.TestRun,
    token: vscode.CancellationToken,
  ): Promise<void> => {
    testRun.started(item)
    const { measured, exitCode } = await measure(item.uri!, 'coverage', token)
    for (const file of measured?.files ?? []) {
      const coverage = fileCoverage(file)
      details.set(coverage, detailsOf(file))
      testRun.addCoverage(coverage)
    }
    if (exitCode === undefined || exitCode === 0) testRun.passed(item)
    else testRun.failed(item, new vscode.TestMessage(`The program ended with ${exitCode}.`))
  }
  const { Coverage } = vscode.TestRunProfileKind
  const profile = controller.createRunProfile('Run with Coverage', Coverage, run, true)
  profile.loadDetailedCoverage = async (_run, coverage) => (details.get(coverage) ?? []).map(toDetail)

  /** The one that was clicked, or asked for. */
  const programOf = async (clicked: vscode.Uri | undefined): Promise<vscode.Uri | undefined> =>
    clicked ?? (await choose())
  return vscode.Disposable.from(
    controller,
    vscode.commands.registerCommand('ppc440.runWithCoverage', async (clicked?: vscode.Uri) => {
      const program = await programOf(clicked)
      if (program === undefined) return
      await run(new vscode.TestRunRequest([itemOf(program)], undefined, profile), NEVER)
    }),
    vscode.commands.registerCommand('ppc440.runWithProfile', async (clicked?: vscode.Uri) => {
      const program = await programOf(clicked)
      const text = program && (await measure(program, 'profile', NEVER)).measured?.profile
      if (text !== undefined)
        await openProfile(text, vscode.Uri.joinPath(storage, `${fileName(program!.path)}.cpuprofile`))
    }),
  )
}

const NEVER = new vscode.CancellationTokenSource().token

/** By VS Code's viewer of profiles, or whichever the person has chosen for such files. */
async function openProfile(text: string, file: vscode.Uri): Promise<void> {
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(file, '..'))
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text))
  await vscode.commands.executeCommand('vscode.open', file)
}

/** Runs a program without breakpoints, to its end or to where it stops for good. */
async function measure(program: vscode.Uri, what: Kind, token: vscode.CancellationToken): Promise<Outcome> {
  const name = `Measure ${fileName(program.path)}`
  const configuration = { ...launchOf(name, toPath(program)), measure: [what] }
  let outcome: Outcome = {}
  const isOurs = ({ configuration: own }: vscode.DebugSession): boolean => own.name === configuration.name
  const ended = new Promise<void>(resolve => {
    const end = (session: vscode.DebugSession): void => void vscode.debug.stopDebugging(session)
    const listening = vscode.Disposable.from(
      vscode.debug.registerDebugAdapterTrackerFactory('ppc440', {
        createDebugAdapterTracker: session => ({
          onDidSendMessage({ event, body }: { readonly event?: string; readonly body?: unknown }) {
            if (!isOurs(session)) return
            if (event === MEASURED_EVENT) outcome = { ...outcome, measured: body as MeasuredRun }
            if (event === 'exited') outcome = { ...outcome, exitCode: (body as { readonly exitCode: number }).exitCode }
            if (event === 'stopped') end(session)
          },
        }),
      }),
      token.onCancellationRequested(() => {
        const session = vscode.debug.activeDebugSession
        if (session !== undefined && isOurs(session)) end(session)
      }),
      vscode.debug.onDidTerminateDebugSession(session => {
        if (!isOurs(session)) return
        listening.dispose()
        resolve()
      }),
    )
  })
  const folder = vscode.workspace.getWorkspaceFolder(program)
  if (await vscode.debug.startDebugging(folder, configuration, { noDebug: true, suppressDebugView: true })) await ended
  return outcome
}

function fileCoverage(file: MeasuredFile): vscode.FileCoverage {
  const count = (all: readonly boolean[]) => new vscode.TestCoverageCount(all.filter(Boolean).length, all.length)
  return new vscode.FileCoverage(
    toUri(file.path),
    count(file.lines.map(([, times]) => times > 0)),
    count(file.branches.flatMap(({ taken, passed }) => [taken > 0, passed > 0])),
    count(file.functions.map(({ count: times }) => times > 0)),
  )
}

function toDetail(row: LineCoverage): vscode.FileCoverageDetail {
  const position = new vscode.Position(row.line - 1, 0)
  if (row.name !== undefined) return new vscode.DeclarationCoverage(row.name, row.count, position)
  const whole = new vscode.Range(row.line - 1, 0, row.line - 1, Number.MAX_SAFE_INTEGER)
  const branches = row.branches.map(({ count, label }) => new vscode.BranchCoverage(count, undefined, label))
  return new vscode.StatementCoverage(row.count, whole, branches)
}
