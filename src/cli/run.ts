// `ppc440 run`: a program from its entry to its end, UART0 or the standard streams on stdin and stdout.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Program } from '../debuggee/program.ts'
import { judgeFinalExit } from '../debuggee/verdicts.ts'
import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import type { ElfFile } from '../elf/types.ts'
import type { HostRequest } from '../linux/host.ts'
import { Machine, type MachineExit } from '../machine/machine.ts'
import { Pace } from '../machine/pace.ts'
import { UserError } from '../util/userError.ts'
import { hostEntry } from './hostEntries.ts'
import { parseRunOptions, type RunOptions, USAGE } from './runOptions.ts'

/** The standard streams and the working directory; tests have their own. */
export interface Surroundings {
  readonly directory: string
  /** The next bytes typed, or undefined at the end of input. */
  read(): Promise<Uint8Array | undefined>
  out(bytes: Uint8Array): void
  error(text: string | Uint8Array): void
}

const EXIT = { budget: 124, ours: 125, stuck: 126, signal: 128 } as const
const SLICE = 5_000_000

/** @returns the exit status. */
export async function run(argv: readonly string[], surroundings: Surroundings = standard()): Promise<number> {
  try {
    const options = parseRunOptions(argv)
    if (options !== undefined) return await new Run(options, surroundings).toEnd()
    surroundings.out(new TextEncoder().encode(`${USAGE}\n`))
    return 0
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const known = error instanceof UserError || error instanceof ElfError || 'code' in error
    surroundings.error(`ppc440: ${known ? error.message : (error.stack ?? error.message)}\n`)
    return EXIT.ours
  }
}

class Run {
  readonly #options: RunOptions
  readonly #streams: Surroundings
  readonly #elf: ElfFile
  readonly #machine: Machine
  #typed: Promise<Uint8Array | undefined> | undefined
  #symbols: Program | undefined

  constructor(options: RunOptions, streams: Surroundings) {
    this.#options = options
    this.#streams = streams
    this.#elf = readElf(readFileSync(options.program), options.program)
    this.#machine = createMachine(options, this.#elf, streams.directory)
  }

  /** Names of addresses; read when one is wanted. */
  get #program(): Program {
    return (this.#symbols ??= new Program(this.#elf, name => name))
  }

  async toEnd(): Promise<number> {
    const started = performance.now()
    const flush = this.#connect()
    const pace = this.#options.pace === 'real' ? new Pace(0, started) : undefined
    for (;;) {
      const left = this.#options.maxInsns - this.#machine.retired
      const horizon = pace?.horizon(performance.now())
      const exit =
        left > 0
          ? this.#machine.run({ budget: Math.min(left, SLICE), ...(horizon !== undefined && { horizon }) }).core
          : undefined
      flush()
      if (pace !== undefined) await setTimeout(pace.wait(this.#machine.cpu.now, performance.now()))
      this.#tellDiagnostics()
      const status = exit === undefined ? this.#ranOut() : await this.#judge(exit)
      if (status === undefined) continue
      if (this.#options.stats) this.#tellStats((performance.now() - started) / 1000)
      return status
    }
  }

  /** Output is collected and given away once per slice. */
  #connect(): () => void {
    let bytes: number[] = []
    const flush = (): void => {
      if (bytes.length > 0) this.#streams.out(Uint8Array.from(bytes))
      bytes = []
    }
    const { process, uarts } = this.#machine
    if (uarts[0] !== undefined) uarts[0].onTransmit = byte => bytes.push(byte)
    if (process !== undefined)
      process.onOutput = (stream, output) => {
        if (stream === 1) return void bytes.push(...output)
        flush()
        this.#streams.error(output)
      }
    return flush
  }

  /** @returns the exit status, or undefined to run on. */
  async #judge(exit: MachineExit): Promise<number | undefined> {
    switch (exit.kind) {
      case 'exit':
        return exit.status
      case 'signal':
        this.#streams.error(`ppc440: ${exit.text} at ${this.#program.describe(this.#machine.cpu.pc >>> 0)}\n`)
        return EXIT.signal + exit.signal
      case 'wants':
        return this.#answer(exit.request)
      case 'idle':
        if (exit.waitsForInput && (await this.#takeTyped(true))) return undefined
        return this.#final(exit)
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
    if (request.wants === 'path') {
      const { path } = request
      this.#machine.accept({ kind: 'path', path, entry: await hostEntry(path) })
    } else {
      const data = await this.#streams.read()
      this.#machine.accept(data === undefined ? { kind: 'stdinEnd' } : { kind: 'stdin', data: [...data] })
    }
  }

  /** What has been typed into UART0 since the last slice. @returns false at the end of input. */
  async #takeTyped(wait: boolean): Promise<boolean> {
    if (this.#machine.uarts.length === 0) return false
    this.#typed ??= this.#streams.read()
    const tick = new Promise<'nothing yet'>(resume => setImmediate(resume, 'nothing yet'))
    const data = await (wait ? this.#typed : Promise.race([this.#typed, tick]))
    if (data === undefined) return false
    if (data === 'nothing yet') return true
    this.#typed = undefined
    this.#machine.uartInput(0, [...data])
    return true
  }

  #final(exit: MachineExit & { kind: 'idle' | 'reset' | 'stuck' }): number {
    const verdict = judgeFinalExit(exit, this.#machine, this.#program)
    if (verdict.kind === 'end') {
      if (exit.kind === 'idle') this.#streams.error(`ppc440: ${verdict.end.text}\n`)
      return verdict.end.exitCode
    }
    if (verdict.kind === 'stop')
      this.#streams.error(`ppc440: ${verdict.stop.description}. ${verdict.stop.text ?? ''}\n`)
    return EXIT.stuck
  }

  #ranOut(): number {
    this.#streams.error(`ppc440: stopped after ${this.#machine.retired} instructions\n`)
    return EXIT.budget
  }

  #tellDiagnostics(): void {
    for (const { pc, text } of this.#machine.cpu.diagnostics.splice(0))
      this.#streams.error(`ppc440: ${this.#program.describe(pc >>> 0)}: ${text}\n`)
  }

  #tellStats(seconds: number): void {
    const instructions = this.#machine.retired
    const mips = Number((instructions / seconds / 1e6).toFixed(1))
    const stats = { instructions, seconds: Number(seconds.toFixed(3)), mips, engine: 'interp' }
    this.#streams.error(`${JSON.stringify(stats)}\n`)
  }
}

function createMachine(options: RunOptions, elf: ElfFile, directory: string): Machine {
  const { ramSize, core, kernel, args, program } = options
  const base = { ramSize, core, reset: 'boot', strict: options.strict } as const
  if (options.machine === 'linux-user')
    return new Machine(
      {
        ...base,
        process: { executable: resolve(directory, program), args: [program, ...args], environment: [], directory },
      },
      elf,
    )
  if (kernel === undefined) return new Machine(base, elf)
  const initrd = kernel.initrd === undefined ? {} : { initrd: readFileSync(kernel.initrd) }
  const files = { deviceTree: readFileSync(kernel.dtb), append: kernel.append, ...initrd }
  return new Machine({ ...base, kernel: files }, elf)
}

function standard(): Surroundings {
  const { stdin, stdout, stderr } = process
  let chunks: AsyncIterator<Uint8Array> | undefined
  return {
    directory: process.cwd(),
    async read() {
      chunks ??= stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
      const { value, done } = await chunks.next()
      return done ? undefined : value
    },
    out: bytes => void stdout.write(bytes),
    error: text => void stderr.write(text),
  }
}
