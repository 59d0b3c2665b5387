// Small steps over the real vscode API, for tests that run inside the extension host.

import type { DebugProtocol } from '@vscode/debugprotocol'
import * as vscode from 'vscode'
import { until } from '../support/until.ts'

export interface Stop {
  readonly reason: string
  readonly description?: string
  readonly hitBreakpointIds?: readonly number[]
  readonly line: number
  readonly file: string
}

/** A session under test: starts, waits for stops, asks. */
export class Debugging {
  readonly session: vscode.DebugSession
  readonly #stops: DebugProtocol.StoppedEvent['body'][]
  #seen = 0

  private constructor(session: vscode.DebugSession, stops: DebugProtocol.StoppedEvent['body'][]) {
    this.session = session
    this.#stops = stops
  }

  static async start(configuration: Partial<vscode.DebugConfiguration>): Promise<Debugging> {
    const stops: DebugProtocol.StoppedEvent['body'][] = []
    const started: vscode.DebugSession[] = []
    const tracking = vscode.debug.registerDebugAdapterTrackerFactory('ppc440', {
      createDebugAdapterTracker: session => ({
        onWillStartSession: () => void started.push(session),
        onDidSendMessage(message: DebugProtocol.StoppedEvent) {
          if (message.type === 'event' && message.event === 'stopped') stops.push(message.body)
        },
      }),
    })
    try {
      const [folder] = vscode.workspace.workspaceFolders!
      const whole = { type: 'ppc440', request: 'launch', name: 'test', ...configuration }
      if (!(await vscode.debug.startDebugging(folder, whole))) throw new Error('the session did not start')
      return new Debugging(await until('a session', () => started[0]), stops)
    } finally {
      tracking.dispose()
    }
  }

  /** The next stop after those already seen. */
  async stop(): Promise<Stop> {
    const body = await until('a stop', () => this.#stops[this.#seen])
    this.#seen++
    const { stackFrames } = await this.ask<DebugProtocol.StackTraceResponse['body']>('stackTrace', {
      threadId: body.threadId,
    })
    const { line, source } = stackFrames[0]!
    return { ...body, line, file: (source?.path ?? '').replace(/^.*[\\/]/, '') }
  }

  async ask<Body>(command: string, args?: object): Promise<Body> {
    return (await this.session.customRequest(command, args)) as Body
  }

  continue(): Promise<unknown> {
    return this.ask('continue', { threadId: 1 })
  }

  async evaluate(expression: string): Promise<string> {
    return (await this.ask<DebugProtocol.EvaluateResponse['body']>('evaluate', { expression, context: 'watch' })).result
  }

  async end(): Promise<void> {
    const ended = new Promise<void>(resolve => {
      const subscription = vscode.debug.onDidTerminateDebugSession(({ id }) => {
        if (id !== this.session.id) return
        subscription.dispose()
        resolve()
      })
    })
    await vscode.debug.stopDebugging(this.session)
    await ended
  }
}

export function file(path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path)
}

export function breakpoint(path: string, line: number): vscode.SourceBreakpoint {
  return new vscode.SourceBreakpoint(new vscode.Location(file(path), new vscode.Position(line - 1, 0)))
}

/** What the adapter says of a breakpoint of the editor, once it has said it. */
export function verdict(session: vscode.DebugSession, at: vscode.Breakpoint): Promise<DebugProtocol.Breakpoint> {
  return until('a verdict', async () => {
    const known = (await session.getDebugProtocolBreakpoint(at)) as DebugProtocol.Breakpoint | undefined
    return known?.message === undefined ? undefined : known
  })
}

export function clearBreakpoints(): void {
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints)
}

/** The line of a file that holds `text`: tests name lines by what is there, not by numbers that move. */
export async function lineOf(path: string, text: string): Promise<number> {
  const document = await vscode.workspace.openTextDocument(file(path))
  const at = document.getText().indexOf(text)
  if (at < 0) throw new Error(`${path} has no "${text}"`)
  return document.positionAt(at).line + 1
}
