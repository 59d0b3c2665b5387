// The debug slots of the session in focus and, where there is none, of the next: what it will make of the editor's breakpoints.

import * as vscode from 'vscode'
import type { BreakpointRow, Snapshot } from '../../protocol/messages.ts'
import type { Snapshots } from './snapshots.ts'

export type ForecastAnswer =
  /** `own`: the editor's breakpoints by their ids in the snapshot. */
  | {
      readonly kind: 'planned'
      readonly name: string
      readonly snapshot: Snapshot
      readonly own: ReadonlyMap<number, vscode.Breakpoint>
    }
  | { readonly kind: 'failed'; readonly name: string; readonly why: string }
  /** There are several programs, and nobody has said which. */
  | { readonly kind: 'several' }
  /** There is no program here. */
  | { readonly kind: 'none' }

export interface SlotForecaster extends vscode.Disposable {
  /** The program, or which one is meant, is another. */
  readonly onDidChange: vscode.Event<undefined>
  /** What the next session will make of these breakpoints. */
  forecast(breakpoints: readonly vscode.Breakpoint[]): Promise<ForecastAnswer>
  /** Asks the person which program is meant. */
  choose(): Promise<void>
}

/** Milliseconds in which what changes is gathered: with a file many breakpoints come at once. */
const GATHERED = 300

/** The next session's are planned as long as somebody looks. */
export class PlannedSlots {
  readonly #snapshots: Snapshots
  readonly #forecaster: SlotForecaster
  readonly #changed = new vscode.EventEmitter<undefined>()
  readonly onDidChange = this.#changed.event
  readonly #subscriptions: vscode.Disposable
  #isSeen = false
  #answer: ForecastAnswer | undefined
  /** What the conditions of package.json have been told. */
  #kind: ForecastAnswer['kind'] | 'planning' | undefined
  #later: ReturnType<typeof setTimeout> | undefined
  /** Counts forecasts: of two on their way the later counts. */
  #asked = 0

  constructor(snapshots: Snapshots, forecaster: SlotForecaster) {
    this.#snapshots = snapshots
    this.#forecaster = forecaster
    const again = (): void => this.#plan()
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      snapshots.onDidChange(() => {
        this.#changed.fire(undefined)
        again()
      }),
      forecaster.onDidChange(again),
      vscode.debug.onDidChangeBreakpoints(again),
      vscode.debug.onDidChangeActiveDebugSession(again),
    )
  }

  dispose(): void {
    clearTimeout(this.#later)
    this.#subscriptions.dispose()
  }

  set isSeen(isSeen: boolean) {
    this.#isSeen = isSeen
    if (isSeen) this.#plan()
  }

  /** Of a session. */
  get now(): Snapshot | undefined {
    return this.#snapshots.ofActiveSession?.now
  }

  /** Of the next session, where there is none. */
  get next(): ForecastAnswer | undefined {
    return vscode.debug.activeDebugSession?.type === 'ppc440' ? undefined : this.#answer
  }

  /** What is shown, whichever it is of. */
  get snapshot(): Snapshot | undefined {
    const { now, next } = this
    return now ?? (next?.kind === 'planned' ? next.snapshot : undefined)
  }

  #plan(): void {
    clearTimeout(this.#later)
    // What was foretold before a session is nothing to show after it.
    if (vscode.debug.activeDebugSession?.type === 'ppc440') return void this.#take(undefined)
    if (this.#isSeen) this.#later = setTimeout(() => void this.#forecast(), GATHERED)
  }

  async #forecast(): Promise<void> {
    const number = ++this.#asked
    const answer = await this.#forecaster.forecast(vscode.debug.breakpoints.filter(({ enabled }) => enabled))
    if (number === this.#asked && vscode.debug.activeDebugSession?.type !== 'ppc440') await this.#take(answer)
  }

  async #take(answer: ForecastAnswer | undefined): Promise<void> {
    const isOther = answer !== this.#answer
    this.#answer = answer
    // Whoever has debugged here keeps the view.
    const kind = answer?.kind ?? 'planning'
    if (kind !== this.#kind) await vscode.commands.executeCommand('setContext', 'ppc440.slotForecast', kind)
    this.#kind = kind
    if (isOther) this.#changed.fire(undefined)
  }

  /** The editor's breakpoint that has this id. */
  async editorsOwn({ id }: BreakpointRow): Promise<readonly vscode.Breakpoint[]> {
    const session = vscode.debug.activeDebugSession
    const { next } = this
    if (next?.kind === 'planned') return [next.own.get(id)].filter(each => each !== undefined)
    if (session === undefined) return []
    const all = await Promise.all(
      vscode.debug.breakpoints.map(async each => {
        const known = (await session.getDebugProtocolBreakpoint(each)) as { readonly id?: number } | undefined
        return known?.id === id ? [each] : []
      }),
    )
    return all.flat()
  }
}
