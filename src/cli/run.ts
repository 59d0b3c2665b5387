// `ppc440 run`: a program from its entry to its end, UART0 or the standard streams on stdin and stdout.

import { stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { keepFlash } from '../dap/keptFlash.ts'
import type { ProcessFiles } from '../dap/processFiles.ts'
import { Program } from '../debuggee/program.ts'
import { judgeFinalExit } from '../debuggee/verdicts.ts'
import { ElfError } from '../elf/error.ts'
import type { ElfFile } from '../elf/types.ts'
import { type Capsule, checkProgram, openCapsule, packCapsule, sameMachine } from '../history/capsule.ts'
import { History } from '../history/history.ts'
import { nodeFiles } from '../host/nodeFiles.ts'
import { writeBack } from '../host/writeBack.ts'
import { changesBelow } from '../linux/changes.ts'
import type { HostRequest } from '../linux/host.ts'
import { Machine, type MachineExit, type MachineOptions } from '../machine/machine.ts'
import { momentOf } from '../machine/moment.ts'
import { Pace } from '../machine/pace.ts'
import { hashOf, stateHash } from '../machine/snapshot.ts'
import { ByteQueue } from '../util/byteQueue.ts'
import { fileName } from '../util/fileName.ts'
import { UserError } from '../util/userError.ts'
import { machineOf, pathInProcess, processFilesOf } from './machineOf.ts'
import { readFiles } from './machineOptions.ts'
import { measuring } from './measuring.ts'
import { programBytes, readFile, readWhole } from './program.ts'
import { parseRunOptions, type RunOptions, USAGE } from './runOptions.ts'
import { typedKeys } from './typedKeys.ts'

/** The standard streams and the working directory; tests have their own. */
export interface CommandHost {
  readonly directory: string
  /** The next bytes typed, or undefined at the end of input. */
  read(): Promise<Uint8Array | undefined>
  /** From now on keys come one by one, where a terminal is on standard input. @returns gives the terminal back */
  keys?(): (() => void) | undefined
  /** Resolves when more can be taken; rejects with `ReaderGone` when nobody reads any more. */
  out(bytes: Uint8Array): Promise<void> | undefined
  error(text: string | Uint8Array): Promise<void> | undefined
}

/** Whoever read the output has ended (`| head`). */
export class ReaderGone extends Error {}

const EXIT = { budget: 124, ours: 125, stuck: 126, signal: 128, readerGone: 128 + 13 } as const
const SLICE = 5_000_000
/** Milliseconds that somebody who types waits for the program to hear of it. */
const KEY_MS = 10
/** Typed bytes that may wait in a UART before more are taken from standard input. */
const TYPED_AHEAD = 4096

/** @returns the exit status. */
export async function run(argv: readonly string[], surroundings: CommandHost = standard()): Promise<number> {
  try {
    const options = parseRunOptions(argv)
    if (options !== undefined) {
      return await (await prepared(options, surroundings)).toEnd()
    }
    await surroundings.out(new TextEncoder().encode(`${USAGE}\n`))
    return 0
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.readerGone
    if (!(error instanceof Error)) throw error
    const known = error instanceof UserError || error instanceof ElfError || 'code' in error
    void surroundings.error(`ppc440: ${known ? error.message : (error.stack ?? error.message)}\n`)
    return EXIT.ours
  }
}

async function prepared(options: RunOptions, streams: CommandHost): Promise<Run> {
  const { replay, program, engine } = options
  await checkWritable(options, streams.directory)
  if (replay === undefined) {
    const files = await readFiles(options)
    const elf = await readWhole(files.program, program)
    return new Run(
      options,
      elf,
      { machine: machineOf(options, files, streams.directory), bytes: files.program },
      streams,
    )
  }
  const capsule = openCapsule(await readFile(replay))
  const bytes = program === '' ? capsule.program.bytes : await programBytes(program)
  if (bytes === undefined)
    throw new UserError('no-program', `the capsule has no program in it`, `give ${capsule.program.name} behind it`)
  const name = program === '' ? capsule.program.name : program
  checkProgram(capsule, bytes, name)
  const elf = await readWhole(bytes, name)
  const machine = { ...capsule.machine, engine }
  const { status, end } = capsule
  const endsThere = status === undefined || status === EXIT.budget
  const maxInsns = endsThere ? end.retired : options.maxInsns
  // Nothing comes from outside any more.
  const read = (): Promise<undefined> => Promise.resolve(undefined)
  return new Run({ ...options, program: name, maxInsns }, elf, { machine, bytes, capsule }, { ...streams, read })
}

/** @throws UserError for what is no directory that the program sees. */
async function checkWritable(options: RunOptions, directory: string): Promise<void> {
  const { writable } = options
  if (writable === undefined) return
  const stats = await stat(resolve(directory, writable)).catch(() => undefined)
  if (stats?.isDirectory() !== true)
    throw new UserError('bad-option', `--writable is ${writable}, which is no directory`, 'create it first')
  if (pathInProcess(options, directory, writable) === undefined)
    throw new UserError(
      'bad-option',
      `--writable is ${writable}, which the program does not see`,
      'name the working directory or one below it',
    )
}

/** What is run, and what of it has been recorded. */
interface Subject {
  readonly machine: MachineOptions
  readonly bytes: Uint8Array
  readonly capsule?: Capsule
}

class Run {
  readonly #options: RunOptions
  readonly #streams: CommandHost
  readonly #files: ProcessFiles
  readonly #elf: ElfFile
  readonly #machine: Machine
  #typed: Promise<Uint8Array | undefined> | undefined
  #symbols: Program | undefined
  /** Gives the terminal back, whose keys the program gets one by one. */
  #release: (() => void) | undefined

  readonly #subject: Subject
  /** Of a run that is repeated. */
  readonly #history: History | undefined

  constructor(options: RunOptions, elf: ElfFile, subject: Subject, streams: CommandHost) {
    this.#options = options
    this.#streams = streams
    this.#files = processFilesOf(options, streams.directory)
    this.#elf = elf
    this.#subject = subject
    this.#machine = new Machine(subject.machine, this.#elf)
    if (subject.capsule === undefined) return
    this.#history = new History(this.#machine, { budget: 0, now: () => 0 })
    this.#history.load(subject.capsule.inputs, subject.capsule.end)
  }

  /** Names of addresses; read when one is wanted. */
  get #program(): Program {
    return (this.#symbols ??= new Program(this.#elf))
  }

  async toEnd(): Promise<number> {
    // A process has the terminal as it is, with its lines.
    this.#release = this.#machine.process === undefined ? this.#streams.keys?.() : undefined
    try {
      return await this.#toEnd()
    } finally {
      this.#release?.()
    }
  }

  async #toEnd(): Promise<number> {
    const started = performance.now()
    const measured = measuring(this.#options, this.#machine, () => this.#program, fileName(this.#options.program))
    const flush = this.#connect()
    const pace = this.#options.pace === 'real' ? new Pace(0, started) : undefined
    for (;;) {
      const left = this.#options.maxInsns - this.#machine.retired
      const horizon = pace?.horizon(performance.now())
      const exit =
        left > 0
          ? (this.#history ?? this.#machine).run({
              budget: Math.min(left, SLICE),
              ...(horizon !== undefined && { horizon }),
              ...(this.#release !== undefined && { isOver: untilKeys() }),
            }).core
          : undefined
      await flush()
      if (pace !== undefined) await setTimeout(pace.wait(this.#machine.cpu.now, performance.now()))
      this.#tellDiagnostics()
      const status = this.#isRepeated(exit) ? undefined : exit === undefined ? this.#ranOut() : await this.#judge(exit)
      if (status === undefined) continue
      measured?.finish()
      await this.#writeBack()
      if (this.#options.stats) this.#tellStats((performance.now() - started) / 1000)
      if (this.#options.record !== undefined) await this.#record(this.#options.record, status)
      return this.#hasRepeated(status) ? status : EXIT.ours
    }
  }

  /** Output is collected and given away once per slice, of which each has a bound; the next one waits for its readers. */
  #connect(): () => Promise<void> {
    const out = new ByteQueue()
    const error = new ByteQueue()
    const { linux, uarts } = this.#machine
    if (uarts[0] !== undefined) uarts[0].onTransmit = byte => out.add(byte)
    if (linux !== undefined) linux.onOutput = (stream, bytes) => (stream === 1 ? out : error).add(bytes)
    return async () => {
      if (out.length > 0) await this.#streams.out(out.take())
      if (error.length > 0) await this.#streams.error(error.take())
    }
  }

  /** What the program has changed goes where its user wants it. */
  async #writeBack(): Promise<void> {
    if (this.#history !== undefined) return
    const { writable, machine } = this.#options
    const { linux } = this.#machine
    const { directory } = this.#streams
    const { keptFlash } = this.#machine
    const host = { files: nodeFiles, writeBack }
    const said = keptFlash && (await keepFlash(host, resolve(directory, machine), keptFlash))
    if (said !== undefined) this.#tell(`ppc440: ${said.text}\n`)
    if (writable === undefined || linux === undefined) return
    const changes = changesBelow(linux.fileSystem, pathInProcess(this.#options, directory, writable)!)
    for (const problem of await writeBack(resolve(directory, writable), changes, this.#files))
      this.#tell(`ppc440: not written: ${problem}\n`)
  }

  /** Within a run that is repeated everything has come from its log: it goes on. */
  #isRepeated(exit: MachineExit | undefined): boolean {
    return exit !== undefined && this.#history?.isInPast === true
  }

  /** Whether a run that was repeated has come to the end that the recorded one had; where it has not, that is said. */
  #hasRepeated(status: number): boolean {
    const { capsule } = this.#subject
    if (capsule === undefined) return true
    const isSame =
      status === (capsule.status ?? EXIT.budget) &&
      (capsule.state ?? stateHash(this.#machine)) === stateHash(this.#machine)
    if (!isSame)
      this.#tell(
        `ppc440: the run has come to another end than the recorded one, which had status ${capsule.status ?? 'none'}, state ${capsule.state ?? 'unknown'} and ${capsule.end.retired} instructions: please report this with the capsule\n`,
      )
    return isSame
  }

  async #record(path: string, status: number): Promise<void> {
    const { inputs, isLogWhole } = this.#machine
    if (!isLogWhole) {
      this.#tell('ppc440: no capsule was written: the program got more from outside than is kept\n')
      return
    }
    const { program, withProgram } = this.#options
    const { bytes, machine } = this.#subject
    const capsule = packCapsule({
      program: { name: fileName(program), hash: hashOf(bytes), ...(withProgram && { bytes }) },
      machine: sameMachine(machine),
      inputs,
      end: momentOf(this.#machine),
      state: stateHash(this.#machine),
      status,
    })
    await writeFile(path, capsule)
  }

  /** @returns the exit status, or undefined to run on. */
  async #judge(exit: MachineExit): Promise<number | undefined> {
    switch (exit.kind) {
      case 'exit':
        return exit.status
      case 'signal':
        this.#tell(`ppc440: ${exit.text} at ${this.#program.describe(this.#machine.cpu.pc >>> 0)}\n`)
        return EXIT.signal + exit.signal
      case 'wants':
        return this.#answer(exit.request)
      case 'idle':
        if (exit.waitsForInput && (await this.#takeTyped(true))) return undefined
        return this.#final(exit)
      case 'deadlock':
        this.#tell(`ppc440: nothing can go on: ${exit.text}\n`)
        return EXIT.stuck
      case 'reset':
        return this.#options.kernel === undefined ? this.#final(exit) : 0
      case 'stuck':
        return this.#final(exit)
      default:
        await this.#takeTyped(false)
        return undefined
    }
  }

  async #answer(request: HostRequest): Promise<undefined> {
    if (request.wants !== 'stdin') return this.#machine.accept(await this.#files.answer(request)) as undefined
    const data = await this.#streams.read()
    this.#machine.accept(data === undefined ? { kind: 'stdinEnd' } : { kind: 'stdin', data })
  }

  /** What has been typed into UART0 since the last slice. @returns false at the end of input. */
  async #takeTyped(wait: boolean): Promise<boolean> {
    const uart = this.#machine.uarts[0]
    if (uart === undefined) return false
    if (uart.unread > TYPED_AHEAD && !wait) return true
    this.#typed ??= this.#streams.read()
    const tick = new Promise<'nothing yet'>(resume => setImmediate(resume, 'nothing yet'))
    const data = await (wait ? this.#typed : Promise.race([this.#typed, tick]))
    if (data === undefined) return false
    if (data === 'nothing yet') return true
    this.#typed = undefined
    this.#machine.uartInput(0, data)
    return true
  }

  #final(exit: MachineExit & { kind: 'idle' | 'reset' | 'stuck' }): number {
    const verdict = judgeFinalExit(exit, this.#machine, this.#program)
    if (verdict.kind === 'end') return verdict.end.exitCode
    if (verdict.kind === 'stop') this.#tell(`ppc440: ${verdict.stop.description}. ${verdict.stop.text ?? ''}\n`)
    // Whoever waits on a command line has nothing to look around for.
    return exit.kind === 'idle' ? 0 : EXIT.stuck
  }

  #ranOut(): number {
    this.#tell(`ppc440: stopped after ${this.#machine.retired} instructions\n`)
    return EXIT.budget
  }

  /** A sentence of ours. Nobody waits for it: it is short. */
  #tell(text: string): void {
    void this.#streams.error(text)
  }

  #tellDiagnostics(): void {
    const { cpu, vcpu } = this.#machine
    for (const text of vcpu.log.splice(0)) this.#tell(`ppc440: ${text}\n`)
    for (const { pc, text } of cpu.diagnostics.splice(0))
      this.#tell(`ppc440: ${this.#program.describe(pc >>> 0)}: ${text}\n`)
  }

  #tellStats(seconds: number): void {
    const instructions = this.#machine.retired
    const mips = Number((instructions / seconds / 1e6).toFixed(1))
    const engine = this.#machine.cpu.engine.name
    const state = stateHash(this.#machine)
    const stats = { instructions, seconds: Number(seconds.toFixed(3)), mips, engine, state }
    this.#tell(`${JSON.stringify(stats)}\n`)
  }
}

function standard(): CommandHost {
  const { stdin, stdout, stderr } = process
  let chunks: AsyncIterator<Uint8Array> | undefined
  let typed: TypedQueue | undefined
  return {
    directory: process.cwd(),
    keys() {
      if (!stdin.isTTY) return undefined
      const queue = new TypedQueue()
      typed = queue
      return typedKeys(bytes => queue.add(bytes))
    },
    async read() {
      if (typed !== undefined) return await typed.next()
      chunks ??= stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
      const { value, done } = await chunks.next()
      return done ? undefined : value
    },
    out: writer(stdout),
    error: writer(stderr),
  }
}

/** Whether a run has lasted so long that somebody may have typed. */
function untilKeys(): () => boolean {
  const end = performance.now() + KEY_MS
  return () => performance.now() >= end
}

/** Keys for whoever reads them. */
class TypedQueue {
  readonly #bytes = new ByteQueue()
  #waiting: ((bytes: Uint8Array) => void) | undefined

  add(bytes: Uint8Array): void {
    this.#bytes.add(bytes)
    this.#waiting?.(this.#bytes.take())
    this.#waiting = undefined
  }

  next(): Promise<Uint8Array> {
    if (this.#bytes.length > 0) return Promise.resolve(this.#bytes.take())
    return new Promise(resume => (this.#waiting = resume))
  }
}

/** Writes to a stream, one after the other, waiting for its reader where that is slower. */
function writer(stream: NodeJS.WriteStream): (text: string | Uint8Array) => Promise<void> | undefined {
  let broken: Error | undefined
  stream.on('error', error => {
    broken = error
    stream.emit('drain')
  })
  const check = (): void => {
    if (broken === undefined) return
    throw (broken as NodeJS.ErrnoException).code === 'EPIPE' ? new ReaderGone() : broken
  }
  return text => {
    check()
    if (stream.write(text)) return undefined
    const taken = new Promise<void>(resume => void stream.once('drain', resume)).then(check)
    // Not everybody waits; the next who writes hears of it.
    taken.catch(() => {})
    return taken
  }
}
