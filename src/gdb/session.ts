// One gdb at a target: packets in, replies out. No sockets.

import type { Breakpoint } from '../debuggee/breakpoints.ts'
import type { FrontEnd } from '../debuggee/frontEnd.ts'
import type { Travel } from '../debuggee/past/passage.ts'
import type { Past } from '../debuggee/past/past.ts'
import { Continue, type Goal } from '../debuggee/steps/goal.ts'
import type { End, Stop } from '../debuggee/stop.ts'
import type { Target } from '../debuggee/target.ts'
import { numberOf } from '../debuggee/threads.ts'
import type { Thread } from '../linux/thread.ts'
import { ACK, NAK, PacketReader, type PacketToken, packetOf } from './framing.ts'
import { packetFor } from './packets.ts'
import { Points } from './points.ts'
import { type GdbRegister, gdbRegisters, isGeneral } from './registers.ts'
import { endReply, isExpedited, signalReply, stopReply } from './stopReply.ts'
import { hexOfText, latin } from './text.ts'

/** What a packet is answered with: data, nothing now, or (an empty string) that there is no such packet. */
export type Reply = string | Uint8Array | undefined

/** The program that is debugged, as gdb may ask for it. */
export interface GdbProgram {
  /** Absolute. */
  readonly path: string
  readonly bytes: Uint8Array
}

export interface GdbHost {
  readonly program: GdbProgram
  /** Other debuggers are at the target: the program is not this one's to begin anew or to let run when it leaves. */
  readonly isShared: boolean
  /** The program ends when this gdb leaves. */
  readonly once: boolean
  send(bytes: Uint8Array): void
  /** gdb has taken leave. */
  left(): void
  /** A program that begins anew gets these arguments. */
  restart(args?: readonly string[]): void
  /** Nobody is served any more. */
  close(): void
}

/** The owner of gdb's breakpoints. */
const OWNER = 'gdb'
const INTERRUPTED: Stop = { reason: 'pause', description: 'Paused', hit: [] }
const ENTRY: Stop = { reason: 'entry', description: 'Attached', hit: [] }
/** Sentences that wait to be shown, at most. */
const SIGNALS = Array.from({ length: 64 }, (_, n) => n + 1)
const MOST_NOTES = 100

export class GdbSession implements FrontEnd {
  readonly name = OWNER
  readonly stepsOff = true
  readonly target: Target
  readonly host: GdbHost
  readonly points: Points
  readonly registers: readonly GdbRegister[]
  /** What is in the packet `g`, in its order. */
  readonly general: readonly GdbRegister[]
  /** Those that every stop tells. */
  readonly expedited: readonly GdbRegister[]
  readonly #byNumber: ReadonlyMap<number, GdbRegister>
  readonly #reader = new PacketReader()
  /** What gdb says it can (`qSupported`). */
  features: ReadonlySet<string> = new Set()
  isExtended = false
  /** The thread that registers and memory are asked of (`Hg`); undefined: that on the core. */
  selected: number | undefined
  /** The signal of Linux that gdb has passed on last: where it ends the program, that is its end. */
  #passed: number | undefined
  #acks = true
  #last: Uint8Array | undefined
  /** gdb waits for the program to stop. */
  #isAwaited = false
  /** gdb has asked for a stop when it could not know yet that the program stands already: going on ends at once. */
  #isInterrupted = false
  /** Signals before which a run stops, once gdb has said it. */
  #signalsTold: ReadonlySet<number> | undefined
  /** Somebody else has moved the program since gdb was told where it stands. */
  #isElsewhere = false
  #stop: Stop
  #end: End | undefined
  /** Sentences for gdb's console, which takes them only while it waits. */
  #notes: string[] = []
  #isOver = false
  #after: (() => void) | undefined

  constructor(target: Target, host: GdbHost) {
    this.target = target
    this.host = host
    this.points = new Points(target, OWNER)
    this.registers = gdbRegisters(target.machine.cpu.fpu)
    this.general = this.registers.filter(isGeneral).sort((a, b) => a.number - b.number)
    this.expedited = this.registers.filter(isExpedited)
    this.#byNumber = new Map(this.registers.map(each => [each.number, each]))
    this.#stop = ENTRY
    // An editor says itself when it has sent its first set.
    if (!host.isShared) target.breakpoints.settled = true
    target.join(this)
    if (target.state === 'running') target.pause()
  }

  /** The thread on the core, within its process where gdb thinks in processes. */
  get threadId(): string {
    return this.idOf(this.target.machine.linux?.current)
  }

  /** Numbers begin with 1: for the first thread of a Linux process as for the core of a board, which is one, too. */
  idOf(thread: Thread | undefined): string {
    return thread === undefined ? this.named(1, 1) : this.named(numberOf(thread.process.pid), numberOf(thread.id))
  }

  /** As gdb names a thread. */
  named(process: number, thread: number): string {
    const own = thread.toString(16)
    return this.features.has('multiprocess') ? `p${process.toString(16)}.${own}` : own
  }

  /** The number of the thread that `1`, `p1.1` or the like means; undefined for any. */
  threadOf(text: string): number | undefined {
    const digits = text.startsWith('p') ? text.split('.')[1] : text
    const number = Number.parseInt(digits ?? '', 16)
    return number > 0 ? number : undefined
  }

  /** What an end is told of: the process, where gdb thinks in them. */
  get #process(): string {
    return this.features.has('multiprocess') ? ';process:1' : ''
  }

  #stopReply(): string {
    return stopReply(this.target, this.#stop, this)
  }

  register(number: number): GdbRegister | undefined {
    return this.#byNumber.get(number)
  }

  // ---- the stream -------------------------------------------------------------------------------------------------

  receive(bytes: Uint8Array): void {
    for (const token of this.#reader.push(bytes)) {
      if (this.#isOver) return
      this.#take(token)
    }
  }

  #take(token: PacketToken): void {
    switch (token.kind) {
      case 'packet':
        if (this.#acks) this.host.send(ACK)
        this.#reply(this.#answer(token.data))
        this.#after?.()
        this.#after = undefined
        return
      case 'damaged':
        if (this.#acks) this.host.send(NAK)
        return
      case 'nak':
        if (this.#acks && this.#last !== undefined) this.host.send(this.#last)
        return
      case 'ack':
        return
      case 'interrupt':
        if (this.target.state === 'running') this.target.pause()
        else this.#isInterrupted = this.#last !== undefined
    }
  }

  #answer(data: Uint8Array): Reply {
    const text = latin(data)
    const [packet, name] = packetFor(text)
    if (packet === undefined) return ''
    const answer = (): Reply => packet.answer(this, text.slice(name.length), data.subarray(name.length))
    if (packet.isOfThread !== true) return answer()
    if (this.target.isSearching) return this.refuse('The past is being searched: wait for its end, or stop it')
    return this.target.inThread(this.selected, answer)
  }

  #reply(reply: Reply): void {
    if (reply === undefined || this.#isOver) return
    this.#last = packetOf(reply)
    this.host.send(this.#last)
  }

  /** Done when the packet at hand has been answered. */
  afterReply(action: () => void): void {
    this.#after = action
  }

  /** The client wants no acknowledgements after this one. */
  endAcks(): void {
    this.#acks = false
  }

  /**
   * `E.` and a sentence where the client shows that, which gdb does since version 16. Those before it show what comes
   * after a second full stop, with one more at its end, and of some packets nothing.
   */
  refuse(sentence: string): string {
    const text = sentence.replace(/[$#}*\n]+/g, ' ')
    return this.features.has('error-message') ? `E.${text}` : `E..${text.replace(/\.$/, '')}`
  }

  /** A sentence on gdb's console, within the answer to a command or while the program runs. */
  console(text: string): void {
    this.host.send(packetOf(`O${hexOfText(text)}`))
  }

  // ---- run control ------------------------------------------------------------------------------------------------

  /** gdb says before which signals of Linux a run is to stop. */
  stopAtSignals(isTold: (signal: number) => boolean): void {
    this.#signalsTold = new Set(SIGNALS.filter(isTold))
  }

  /** Lets the program go on; the reply comes when it stops. */
  resume(goal: Goal, thread?: number): Reply {
    // Who steps has to know of a handler that is about to begin, as gdbserver has it.
    if (this.#signalsTold !== undefined)
      this.target.stopAtSignals(this, goal instanceof Continue ? this.#signalsTold : new Set(SIGNALS))
    return this.#go(() => this.target.resume(goal, this, thread))
  }

  /** The same into its past. */
  travel(way: (past: Past) => Travel): Reply {
    if (!this.target.hasHistory) return ''
    return this.#go(() => this.target.travel(way, this))
  }

  #go(action: () => void): Reply {
    if (this.#end !== undefined) return endReply(this.#end) + this.#process
    if (this.#isInterrupted && this.target.state === 'stopped') {
      this.#isInterrupted = false
      this.#stop = INTERRUPTED
      return this.#stopReply()
    }
    if (this.#isElsewhere && this.target.state === 'stopped') {
      this.console(`The program has been moved beside gdb, which shows now where it stands: go on from here\n`)
      this.#flushNotes()
      return this.#standing()
    }
    this.#isAwaited = true
    this.#flushNotes()
    if (this.target.state === 'stopped') {
      this.points.settle()
      action()
    }
    return undefined
  }

  /**
   * A fatal signal that is passed on ends the process. @param wanted that gdb gives the thread, by the number of Linux; 0:
   * none, not even that which is due
   */
  passSignal(wanted: number): Reply | 'go' {
    const { signal, due = 0 } = this.#stop
    this.#passed = wanted
    if (signal === undefined) {
      const { machine, state } = this.target
      if (machine.linux !== undefined && state === 'stopped' && wanted !== due)
        machine.accept({ kind: 'signal', signal: wanted })
      return 'go'
    }
    if (wanted === 0) return 'go'
    this.target.dispose(this)
    this.#end = { text: 'The signal has ended the program.', exitCode: 128 + signal, killed: true }
    return signalReply(signal) + this.#process
  }

  /** Why the program stands, when it does. */
  status(): Reply {
    if (this.target.state !== 'running') return this.#standing()
    this.#isAwaited = true
    this.target.pause()
    return undefined
  }

  #standing(): string {
    this.#isElsewhere = false
    if (this.#end !== undefined) return endReply(this.#end) + this.#process
    if (this.target.state === 'ended') return endReply({ text: '', exitCode: 0 }) + this.#process
    return this.#stopReply()
  }

  /** The program begins anew, and stands at its first instruction. */
  restart(args?: readonly string[]): void {
    this.points.removeAll()
    this.host.restart(args)
    this.#end = undefined
    this.#isInterrupted = false
    this.#stop = ENTRY
  }

  kill(): void {
    this.points.removeAll()
    this.#end = { text: 'Killed.', exitCode: 0, killed: true }
    this.target.dispose(this)
  }

  /** gdb leaves. A program that nobody else debugs runs on. */
  detach(): void {
    this.close()
    if (!this.host.isShared && this.target.state === 'stopped') this.target.resume(new Continue())
  }

  /** The stream has ended, and with it the session. Its breakpoints go; the program stays as it is. */
  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.target.leave(this)
    this.host.left()
  }

  // ---- what the target tells --------------------------------------------------------------------------------------

  continued(): void {}

  stopped(stop: Stop): void {
    this.#stop = stop
    this.selected = undefined
    if (!this.#isAwaited) {
      this.#isElsewhere = true
      return
    }
    this.#isAwaited = false
    if (stop.signal !== undefined && stop.signal === this.#passed) {
      // It has been told of it before, and has let it come.
      const reply = this.passSignal(stop.signal)
      if (reply !== 'go') return this.#reply(reply)
    }
    const says = stop.text ?? stop.description
    if (stop.reason === 'exception' || stop.description === 'Idle forever') this.console(`${says}\n`)
    this.#flushNotes()
    this.#reply(this.#stopReply())
  }

  ended(end: End): void {
    this.#end = end
    if (!this.#isAwaited) return
    this.#isAwaited = false
    this.#flushNotes()
    this.#reply(endReply(end) + this.#process)
  }

  replanned(_changed: readonly Breakpoint[]): void {}

  note(text: string): void {
    if (this.#notes.length < MOST_NOTES) this.#notes.push(text)
    if (this.#isAwaited) this.#flushNotes()
  }

  traced(events: Parameters<FrontEnd['traced']>[0]): void {
    for (const { line } of events) this.note(line)
  }

  written(): void {}

  #flushNotes(): void {
    for (const text of this.#notes) this.console(`${text}\n`)
    this.#notes = []
  }
}
