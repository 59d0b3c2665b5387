// What a session knows between requests: the target, how the client counts lines, the handles of this stop.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { Breakpoint } from '../debuggee/breakpoints.ts'
import { type Context, contextOf, evaluate, type Style } from '../debuggee/evaluation.ts'
import type { Frame } from '../debuggee/frames.ts'
import type { FrontEnd } from '../debuggee/frontEnd.ts'
import type { End, Stop } from '../debuggee/stop.ts'
import type { Target } from '../debuggee/target.ts'
import { currentThread, type ThreadRow, threadRows } from '../debuggee/threads.ts'
import type { Child, Container } from '../debuggee/tree.ts'
import { SNAPSHOT_EVENT, type Snapshot, TRACED_EVENT, type TracedRow, type TracedRows } from '../protocol/messages.ts'
import { fileName } from '../util/fileName.ts'
import { noLine, noPorts, noThread, running } from './errors.ts'
import { Handles } from './handles.ts'
import type { GdbPort, SessionHost } from './host.ts'
import { keepFlash } from './keptFlash.ts'
import type { Launch } from './launchArguments.ts'
import { launchCancelled, type Phase } from './lifecycle.ts'
import type { MeasuredSession } from './measuredSession.ts'
import type { ProcessFiles } from './processFiles.ts'
import { Progress } from './progress.ts'
import { snapshotOf } from './snapshot.ts'
import type { Sources } from './sources.ts'
import type { UartOutput } from './uartOutput.ts'
import { bringChanges } from './writable.ts'

/** What exists once a program has been launched. */
export interface Launched {
  readonly launch: Launch
  readonly target: Target
  readonly sources: Sources
  readonly uarts: UartOutput
  /** Of the program: the name of its file, and its bytes. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Of a Linux process. */
  readonly files: ProcessFiles | undefined
  readonly measuring: MeasuredSession | undefined
}

export class SessionState {
  readonly host: SessionHost
  /** 1 or 0: what the client calls the first line and column. */
  lineBase = 1
  columnBase = 1
  /** It draws what the control sequences of ECMA-48 say. */
  hasStyling = false
  readonly handles = new Handles()
  readonly progress: Progress
  phase: Phase = 'none'
  /** The last one. */
  stop: Stop | undefined
  #launched: Launched | undefined
  #gdb: Promise<GdbPort> | undefined
  #snapshots = 0
  #style: Style = {}
  /** Numbers of the threads at the last stop: the first is there from the beginning. */
  #threads: ReadonlySet<number> = new Set([1])
  /** This session at the target. */
  readonly frontEnd: FrontEnd = {
    name: 'dap',
    continued: () => this.#continued(),
    stopped: stop => this.#stopped(stop),
    ended: end => this.#ended(end),
    replanned: changed => this.#replanned(changed),
    note: text => this.#note(text),
    traced: events => this.#traced(events),
    written: what => this.#written(what),
  }

  constructor(host: SessionHost) {
    this.host = host
    this.progress = new Progress((event, body) => this.emit(event, body), host.schedule)
  }

  get launched(): Launched | undefined {
    return this.#launched
  }

  set launched(value: Launched) {
    this.#launched = value
  }

  /** Of the program that was launched: requests that want it come only then (lifecycle.ts). */
  get target(): Target {
    return this.#launched!.target
  }

  get sources(): Sources {
    return this.#launched!.sources
  }

  /** A line of a client, counted from 1. @throws UserError where it comes before the first */
  lineOf(line: number): number {
    if (line < this.lineBase) throw noLine(line, this.lineBase)
    return line - this.lineBase + 1
  }

  /** The path of a client's source, of which it is now known which files of the program it means. */
  async learned({ path, sourceReference = 0, name = '' }: P.Source): Promise<string> {
    const meant = path ?? this.sources.missingPath(sourceReference) ?? name
    const files = this.target.program.symbols.files().map(file => file.path)
    await this.sources.learn(meant, files)
    return meant
  }

  /** @throws unless the program is stopped, for what makes sense only then. */
  get stoppedTarget(): Target {
    this.target.checkStands()
    if (this.target.state === 'running') throw running()
    return this.target
  }

  /** What a launch or a restart waits for. @throws where the session was ended meanwhile. */
  async loading<T>(coming: Promise<T>): Promise<T> {
    const { phase } = this
    const value = await coming
    if (this.phase !== phase) throw launchCancelled()
    return value
  }

  /** The port at which gdb is served from now on, or was already. @throws UserError */
  async openGdb(port: number): Promise<string> {
    const open = this.host.openGdb
    if (open === undefined) throw noPorts()
    const service = {
      target: this.target,
      program: () => ({ path: this.#launched!.launch.program, bytes: this.#launched!.bytes }),
    }
    this.#gdb ??= open(port, service)
    try {
      const { address } = await this.#gdb
      this.output(`gdb can debug the same program: target remote ${address}\n`)
      return address
    } catch (error) {
      this.#gdb = undefined
      throw error
    }
  }

  #closeGdb(): void {
    const closing = this.#gdb
    this.#gdb = undefined
    closing?.then(
      port => port.close(),
      () => {},
    )
  }

  emit(event: string, body?: unknown): void {
    if (this.phase !== 'closed') this.host.emit(event, body)
  }

  output(text: string, category: 'console' | 'stdout' | 'stderr' | 'important' = 'console'): void {
    this.emit('output', { category, output: text } satisfies P.OutputEvent['body'])
  }

  snapshot(): Snapshot {
    return snapshotOf(this.target, ++this.#snapshots)
  }

  pushSnapshot(): void {
    this.emit(SNAPSHOT_EVENT, this.snapshot())
  }

  /** The number of the thread that a client means; undefined: the one on the core. @throws UserError */
  threadOf(number: number | undefined): number | undefined {
    const { machine, program } = this.target
    if (number === undefined || number === currentThread(machine)) return undefined
    const numbers = threadRows(machine, program).map(row => row.number)
    if (!numbers.includes(number)) throw noThread(number, numbers)
    return number
  }

  /** Looks at a thread as if it were on the core; what gets a number meanwhile belongs to it. */
  inThread<T>(thread: number | undefined, look: () => T): T {
    const before = this.handles.thread
    this.handles.thread = thread
    try {
      return this.target.inThread(thread, look)
    } finally {
      this.handles.thread = before
    }
  }

  /** The same of the thread whose frame it is. */
  inFrame<T>(frame: number | undefined, look: () => T): T {
    return this.inThread(this.handles.threadOfFrame(frame), look)
  }

  /** The same with what a reference leads to. @throws for a reference of an earlier stop. */
  inContainer<T>(reference: number, look: (container: Container) => T): T {
    const { container, thread } = this.handles.container(reference)
    return this.inThread(thread, () => look(container))
  }

  /** Which threads have begun and ended since the last stop. The tasks of a system a client asks for when it shows them. */
  #tellThreads(rows: readonly ThreadRow[]): void {
    if (this.target.machine.linux === undefined) return
    const now = new Set(rows.map(({ number }) => number))
    const tell = (threadId: number, reason: 'started' | 'exited'): void =>
      this.emit('thread', { reason, threadId } satisfies P.ThreadEvent['body'])
    for (const number of this.#threads) if (!now.has(number)) tell(number, 'exited')
    for (const number of now) if (!this.#threads.has(number)) tell(number, 'started')
    this.#threads = now
  }

  /** Rows of the call stack with their ids. */
  stack(from: number, to: number): ReturnType<Handles['frames']> {
    const target = this.stoppedTarget
    return this.handles.frames(() => target.callStack(), from, to)
  }

  /** Without an id the innermost is meant; undefined for a row that is no frame. */
  frame(id: number | undefined): Frame | undefined {
    const row = id === undefined ? this.stack(0, 1)[0]?.[1] : this.handles.frame(id)
    return row === undefined || 'why' in row ? undefined : row
  }

  /** Only the console may assign: nobody expects a hover, a watch or a condition to change the program. */
  evaluate(expression: string, frameId: number | undefined, assignment = false): Child {
    return evaluate(this.contextOf(this.frame(frameId)), expression, { assignment })
  }

  /** Where expressions are evaluated: in a frame, or without one over what is static. */
  contextOf(frame: Frame | undefined): Context {
    const { machine, program } = this.stoppedTarget
    return contextOf(machine, program, frame, () => this.#style)
  }

  /** Whatever values are written meanwhile are written so. */
  inStyle<T>(style: Style, write: () => T): T {
    this.#style = style
    try {
      return write()
    } finally {
      this.#style = {}
    }
  }

  #continued(): void {
    this.emit('continued', {
      threadId: currentThread(this.target.machine),
      allThreadsContinued: true,
    } satisfies P.ContinuedEvent['body'])
  }

  #note(text: string): void {
    // What the program has written until now comes before what is said about it.
    this.#launched?.uarts.flush()
    this.output(`${text}\n`)
  }

  #traced(events: Parameters<FrontEnd['traced']>[0]): void {
    for (const { line } of events) this.output(`${line}\n`)
    void this.#tellTrace(events)
  }

  /** The same as rows, with their places in the sources. */
  async #tellTrace(events: Parameters<FrontEnd['traced']>[0]): Promise<void> {
    const { program } = this.target
    const rows = events.map(async ({ line: _, ...event }): Promise<TracedRow> => {
      const place = program.lineAt(event.address)
      const path = place && (await this.sources.toClient(place.path))
      return {
        ...event,
        place: program.describe(event.address),
        ...(path !== undefined && { path, line: place!.line }),
      }
    })
    this.emit(TRACED_EVENT, { rows: await Promise.all(rows) } satisfies TracedRows)
  }

  /** Whatever shows the stopped program reads it again; the call stack too, where it stands at another place. */
  #written(what: 'variables' | 'all'): void {
    this.pushSnapshot()
    this.#reread(what)
  }

  #reread(what: 'variables' | 'all'): void {
    this.handles.reread()
    this.emit('invalidated', { areas: [what] } satisfies P.InvalidatedEvent['body'])
  }

  #stopped(stop: Stop): void {
    this.progress.end()
    this.#launched?.uarts.flush()
    this.handles.clear()
    this.stop = stop
    const rows = threadRows(this.target.machine, this.target.program)
    this.#tellThreads(rows)
    this.emit('stopped', {
      reason: stop.reason,
      description: rows.length > 1 ? besideName(stop.description) : stop.description,
      ...(stop.text === undefined ? {} : { text: stop.text }),
      threadId: currentThread(this.target.machine),
      allThreadsStopped: true,
      hitBreakpointIds: stop.hit.filter(id => this.#isOurs(this.target.breakpoints.byId(id))),
    } satisfies P.StoppedEvent['body'])
    this.pushSnapshot()
  }

  #ended(end: End): void {
    this.progress.end()
    this.#launched?.uarts.flush()
    this.handles.clear()
    this.output(`${end.text}\n`)
    this.#launched?.measuring?.tell(this)
    this.phase = 'ended'
    const tell = (): void => {
      this.emit('exited', { exitCode: end.exitCode } satisfies P.ExitedEvent['body'])
      this.emit('terminated', {})
    }
    // The client may leave once the session is over: what is to be written comes before.
    if (this.#launched?.launch.writable === undefined && this.keptFlash === undefined) tell()
    else void this.#bringChanges(this.#launched!).then(tell)
  }

  async #bringChanges(launched: Launched): Promise<void> {
    this.#tellWritten(await bringChanges(this.host, launched))
    await this.keepFlash()
  }

  /** Of a board with flash that is kept in a file; a run that is gone through once more keeps nothing. */
  get keptFlash(): Target['machine']['keptFlash'] {
    return this.#launched?.launch.capsule === undefined ? this.#launched?.target.machine.keptFlash : undefined
  }

  /** What was programmed there goes to its file. */
  async keepFlash(): Promise<void> {
    const { keptFlash } = this
    if (keptFlash !== undefined)
      this.#tellWritten(await keepFlash(this.host, this.#launched!.launch.machine, keptFlash))
  }

  #tellWritten(said: { readonly text: string; readonly isWrong: boolean } | undefined): void {
    if (said !== undefined) this.output(`${said.text}\n`, said.isWrong ? 'important' : 'console')
  }

  #isOurs(breakpoint: Breakpoint | undefined): boolean {
    return breakpoint?.owner === this.frontEnd.name
  }

  #replanned(changed: readonly Breakpoint[]): void {
    for (const breakpoint of changed.filter(each => this.#isOurs(each)))
      this.emit('breakpoint', { reason: 'changed', breakpoint: this.toProtocol(breakpoint) })
    this.pushSnapshot()
    // IAC1-4 and their like in Watch and in Registers may be others now.
    if (this.phase === 'debugging' && this.target.state === 'stopped') this.#reread('variables')
  }

  /** A breakpoint as DAP sees it. The message is what people read, verified or not. */
  toProtocol(breakpoint: Breakpoint): P.Breakpoint {
    const { request, resolution } = breakpoint
    const found = resolution.kind === 'found' ? resolution : undefined
    const line = request.kind === 'source' ? (found?.line ?? request.line) : undefined
    return {
      id: breakpoint.id,
      verified: breakpoint.verified,
      message: breakpoint.message,
      ...(breakpoint.verified
        ? {}
        : { reason: resolution.kind === 'found' || resolution.isLater === true ? 'pending' : 'failed' }),
      ...(line === undefined ? {} : { line: line - 1 + this.lineBase }),
      ...(request.kind === 'source' ? { source: { name: fileName(request.path), path: request.path } } : {}),
      ...(found === undefined ? {} : { instructionReference: reference(found.addresses[0]) }),
    }
  }

  /** The client wants no more of the program, whether it runs, stands or is still being loaded. */
  end(): void {
    if (this.phase === 'ended' || this.phase === 'closed') return
    this.#launched?.uarts.flush()
    this.#launched?.target.dispose(this.frontEnd)
    this.#launched?.measuring?.tell(this)
    this.emit('terminated', {})
    this.#closeGdb()
    this.phase = this.#launched === undefined ? 'closed' : 'ended'
  }

  dispose(): void {
    this.#closeGdb()
    this.phase = 'closed'
    this.#launched?.target.dispose(this.frontEnd)
  }
}

/** Addresses as DAP carries them. */
export const reference = (address: number): string => `0x${(address >>> 0).toString(16).padStart(8, '0')}`

/** Of several threads VS Code shows it in the row of one, over its name: so much of it leaves the name room. */
const MOST_BESIDE_NAME = 16

function besideName(description: string): string {
  if (description.length <= MOST_BESIDE_NAME) return description
  const end = description.lastIndexOf(' ', MOST_BESIDE_NAME)
  return `${description.slice(0, end > 0 ? end : MOST_BESIDE_NAME)} …`
}
