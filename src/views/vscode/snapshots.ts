// The latest snapshot of each session, for every view that draws one: what the adapter pushes, and what is asked for when a
// view becomes visible late.

import * as vscode from 'vscode'
import { SNAPSHOT_EVENT, SNAPSHOT_REQUEST, type Snapshot } from '../../protocol/messages.ts'

/** The latest snapshot of a session and the last one of the stop before it. */
export interface ShownSnapshots {
  readonly now: Snapshot
  readonly before?: Snapshot
}

export class Snapshots {
  readonly #bySession = new Map<string, ShownSnapshots>()
  readonly #changed = new vscode.EventEmitter<undefined>()
  /** What `ofActiveSession` gives may be another. */
  readonly onDidChange = this.#changed.event
  readonly #subscriptions = vscode.Disposable.from(
    this.#changed,
    vscode.debug.onDidChangeActiveDebugSession(() => {
      this.#changed.fire(undefined)
      this.pull()
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      if (this.#bySession.delete(id)) this.#changed.fire(undefined)
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type === 'ppc440' && event === SNAPSHOT_EVENT) this.#take(session, body as Snapshot)
    }),
  )

  dispose(): void {
    this.#subscriptions.dispose()
  }

  /** Of the session in focus, if it is ours and has stopped or been asked. */
  get ofActiveSession(): ShownSnapshots | undefined {
    return this.#bySession.get(vscode.debug.activeDebugSession?.id ?? '')
  }

  /** Asks for what a view that becomes visible late, or turns to another session, has missed. */
  pull(): void {
    const session = vscode.debug.activeDebugSession
    if (session?.type !== 'ppc440' || this.#bySession.has(session.id)) return
    session.customRequest(SNAPSHOT_REQUEST).then(
      snapshot => this.#take(session, snapshot as Snapshot),
      () => {}, // Not launched yet: the first stop will bring an event.
    )
  }

  #take({ id }: vscode.DebugSession, now: Snapshot): void {
    const shown = this.#bySession.get(id)
    if (shown && now.version <= shown.now.version) return
    // What there was before the first stop is no stop to compare with.
    const last = shown?.now.stop === 0 ? undefined : shown?.now
    const before = now.stop === last?.stop ? shown?.before : last
    this.#bySession.set(id, { now, ...(before && { before }) })
    this.#changed.fire(undefined)
  }
}
