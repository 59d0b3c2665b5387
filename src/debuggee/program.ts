// The program being debugged as its symbols see it: requests to addresses, addresses to words.

import { movedElf } from '../elf/moved.ts'
import type { ElfFile } from '../elf/types.ts'
import { typesHere } from '../expr/context.ts'
import type { Formatter } from '../expr/formatters/formatter.ts'
import { createFormatters } from '../expr/formatters/formatters.ts'
import { LIBSTDCXX } from '../expr/formatters/libstdcxx.ts'
import type { Formatters } from '../expr/view.ts'
import { imageOf, type LoadedImage, LoadedSymbols } from '../symbols/loadedSymbols.ts'
import type { Symbols } from '../symbols/symbols.ts'
import { fileName } from '../util/fileName.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import type { BreakpointRequest, Resolution } from './breakpoints.ts'
import { CodeFrames } from './codeFrames.ts'
import { type ConditionTexts, compileConditions } from './conditions.ts'
import { conditionOn } from './dataValue.ts'
import { Loadable, type LoadableFiles, NO_FILES } from './loadable.ts'
import type { LoadedCode, ProgramMove, SystemProcess } from './systems/system.ts'

export interface SourcePosition {
  readonly path: string
  readonly line: number
  readonly column?: number
}

/** A resolution before its conditions are looked at. */
type Resolved = Extract<Resolution, { kind: 'nowhere' }> | Omit<Extract<Resolution, { kind: 'found' }>, 'conditions'>

/** Every store near watched bytes has them compared: a page, at most. */
const MOST_WATCHED = 4096

const textsOf = (request: BreakpointRequest): ConditionTexts =>
  request.kind === 'data' ? { ...request, condition: conditionOn(request.label, request.condition) } : request

/** Files of a program, by its own paths; or why a client's path means none of them. */
export interface FilesMeant {
  readonly files: readonly string[]
  readonly why?: string
}

/** The first address of the function around `pc`, as far as symbols tell. */
export const entryAt = (symbols: Symbols, pc: number): number | undefined =>
  symbols.functionAt(pc)?.low ?? symbols.symbolAt(pc)?.address

export class Program {
  readonly symbols: LoadedSymbols
  readonly elf: ElfFile
  /** Of code without call frame information. */
  readonly codeFrames = new CodeFrames()
  readonly formatters: Formatters
  /** The process on the core; undefined for the system itself. */
  process: () => SystemProcess | undefined = () => undefined
  readonly #meant: (path: string) => FilesMeant
  readonly #loadable: Loadable
  #modules: readonly LoadedImage[] = []
  #move: ProgramMove | undefined
  /** By how far it has moved: once is enough for a run, and for others after it. */
  readonly #copies = new Map<number, LoadedImage>()

  /**
   * @param meant which files of the program a client's path means. @param formatters the user's, before our own
   * @param loadable files of code that may come while it runs
   */
  constructor(
    elf: ElfFile,
    meant: (path: string) => FilesMeant = path => ({ files: [path] }),
    formatters: readonly Formatter[] = [],
    loadable: LoadableFiles = NO_FILES,
  ) {
    this.elf = elf
    this.formatters = createFormatters([...formatters, ...LIBSTDCXX])
    this.#loadable = new Loadable(loadable)
    this.symbols = new LoadedSymbols(elf, () => this.#loadable.later())
    this.#view([])
    this.#meant = meant
  }

  /** Whether there are files of code that it may load. */
  get canLoad(): boolean {
    return !this.#loadable.isEmpty
  }

  /** What it has loaded by now, and executes. @returns whether breakpoints have other places than before */
  load(codes: readonly LoadedCode[]): boolean {
    const images = this.#loadable.load(codes)
    this.#modules = images ?? this.#modules
    const process = this.hasProcesses ? this.process() : undefined
    const learnt = process && this.#loadable.processes.learn(process)
    this.#view(learnt?.images ?? [])
    return images !== undefined || learnt?.isOther === true
  }

  /** It begins anew: nothing is loaded, and it lies where it is linked. */
  begin(): void {
    this.#loadable.processes.forget()
    this.load([])
    this.moved(undefined)
  }

  /** Where it has moved itself, or is about to. */
  get move(): ProgramMove | undefined {
    return this.#move
  }

  /** It learns where it has moved itself. @returns whether it lies elsewhere than before */
  moved(move: ProgramMove | undefined): boolean {
    this.#move = move
    const copy = move?.isDone === true ? this.#copyAt(move.by) : undefined
    if (copy === this.symbols.copy) return false
    this.symbols.copy = copy
    return true
  }

  #copyAt(by: number): LoadedImage {
    const copy = this.#copies.get(by) ?? imageOf(movedElf(this.elf, by))
    this.#copies.set(by, copy)
    return copy
  }

  /** At addresses lies this, beside what is loaded for all. */
  #view(process: readonly LoadedImage[]): void {
    this.symbols.images = [...this.#modules, ...process, ...this.#loadable.beside]
    this.symbols.elsewhere = this.#loadable.processes.all
  }

  /** Whether programs of processes are known, whose addresses others have, too. */
  get hasProcesses(): boolean {
    return !this.#loadable.processes.isEmpty
  }

  /** What lies at an address in some process: whether that is what was asked for, in the process that runs. */
  #isOfProcess(request: BreakpointRequest, address: number): boolean {
    const { processes } = this.#loadable
    const isOf = ({ ranges }: LoadedImage): boolean => ranges.some(({ low, high }) => address >= low && address < high)
    if (!processes.all.some(isOf)) return true
    const process = this.process()
    const images = process === undefined ? [] : processes.imagesOf(process)
    const symbols = images.find(isOf)?.symbols
    // Conditions are about to be asked there.
    this.#view(images)
    if (request.kind === 'function')
      return symbols?.functionAddresses(request.name).includes(address) === true || /^0x/i.test(request.name)
    if (request.kind !== 'source') return true
    const files = this.#meant(request.path).files
    return files.some(file => symbols?.locationsFor(file, request.line)?.addresses.includes(address))
  }

  get hasLines(): boolean {
    return this.symbols.files().length > 0
  }

  get problems(): readonly string[] {
    return this.symbols.problems
  }

  lineAt(pc: number): SourcePosition | undefined {
    return this.symbols.lineAt(pc)
  }

  /** The lines of a file in `from` to `to` that a breakpoint can be set on. */
  breakpointLines(path: string, from: number, to: number): number[] {
    const lines = this.#meant(path).files.flatMap(file => this.symbols.breakpointLines(file, from, to))
    return [...new Set(lines)].sort((a, b) => a - b)
  }

  /** Where a breakpoint leads, or why nowhere. */
  resolve(request: BreakpointRequest): Resolution {
    const place = this.#locate(request)
    if (place.kind === 'nowhere') return place
    try {
      const types = typesHere({ symbols: this.symbols, pc: place.addresses[0] ?? 0 })
      return { ...place, conditions: compileConditions(textsOf(request), types) }
    } catch (error) {
      if (error instanceof UserError) return { kind: 'nowhere', why: error.message }
      throw error
    }
  }

  #locate(request: BreakpointRequest): Resolved {
    switch (request.kind) {
      case 'source':
        return this.#resolveLine(request.path, request.line)
      case 'function':
        return this.#resolveFunction(request.name)
      case 'instruction':
        return (request.address & 3) === 0
          ? { kind: 'found', addresses: [request.address] }
          : {
              kind: 'nowhere',
              why: `${hex32(request.address)} is not the address of an instruction: it is not a multiple of 4.`,
            }
      case 'data':
        return request.size <= MOST_WATCHED
          ? { kind: 'found', addresses: [request.address] }
          : {
              kind: 'nowhere',
              why: `${request.label} has ${request.size} bytes: watch a part of at most ${MOST_WATCHED}.`,
            }
    }
  }

  /** Whether what was asked for is at this address now: where sections take turns, other code may be. */
  isThere(request: BreakpointRequest, address: number): boolean {
    if (this.hasProcesses && !this.#isOfProcess(request, address)) return false
    if (!this.symbols.isShared(address)) return true
    if (request.kind === 'function')
      return this.symbols.isFunctionThere(request.name, address) || /^0x/i.test(request.name)
    if (request.kind !== 'source') return true
    return this.#meant(request.path).files.some(file => this.symbols.isLineThere(file, request.line, address))
  }

  #resolveLine(path: string, line: number): Resolved {
    const name = fileName(path)
    if (!this.hasLines)
      return { kind: 'nowhere', why: 'The program has no line information: build it with -g to stop at source lines.' }
    const { files, why } = this.#meant(path)
    if (why !== undefined) return { kind: 'nowhere', why }
    const found = files.flatMap(file => this.symbols.locationsFor(file, line) ?? [])
    const first = Math.min(...found.map(each => each.line))
    const addresses = found.flatMap(each => (each.line === first ? each.addresses : []))
    if (addresses.length > 0) return { kind: 'found', addresses: [...new Set(addresses)], line: first }
    if (files.some(file => this.symbols.isLater({ path: file })))
      return {
        kind: 'nowhere',
        why: `The code of ${name} is not loaded yet: the breakpoint waits for it.`,
        isLater: true,
      }
    const known = this.breakpointLines(path, 1, Number.MAX_SAFE_INTEGER)
    if (known.length === 0)
      return {
        kind: 'nowhere',
        why: `No code of the program comes from ${name}. If it was built under another path, set "sourceMap" in launch.json.`,
      }
    return {
      kind: 'nowhere',
      why: `No code at or below line ${line}: the last line of ${name} with code is ${known.at(-1)}.`,
    }
  }

  /** A function's name, or an address for those who think in addresses. */
  #resolveFunction(name: string): Resolved {
    if (/^0x[0-9a-f]+$/i.test(name)) return this.#locate({ kind: 'instruction', address: Number(name) })
    const addresses = this.symbols.functionAddresses(name)
    if (addresses.length > 0) return { kind: 'found', addresses }
    return this.symbols.isLater({ name })
      ? { kind: 'nowhere', why: `The code of ${name} is not loaded yet: the breakpoint waits for it.`, isLater: true }
      : { kind: 'nowhere', why: `The program has no function named ${name}.` }
  }

  /** `<main+0x10>`, or nothing for an address no symbol covers. */
  symbolic(address: number): string | undefined {
    const hit = this.symbols.symbolAt(address)
    if (hit === undefined) return undefined
    return `<${hit.name}${hit.offset === 0 ? '' : `+0x${hit.offset.toString(16)}`}>`
  }

  /** An address for people: `0x00100234 <main+0x10> main.c:12`. */
  describe(address: number): string {
    const place = this.lineAt(address)
    const line = place === undefined ? undefined : `${fileName(place.path)}:${place.line}`
    return [hex32(address), this.symbolic(address), line].filter(part => part !== undefined).join(' ')
  }
}
