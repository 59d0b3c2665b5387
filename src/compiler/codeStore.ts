// What has been compiled: modules of a few regions each, where they hold, and how one region finds another. A region is
// linked while its addresses lead where they led when it was compiled; unlinked it waits, and is looked at again when
// somebody comes by. It is dropped when its code changes.

import { GRANULE, OP_ATTEND } from '../cpu/codePages.ts'
import type { Cpu } from '../cpu/cpu.ts'
import { CODE_LINE_SHIFT, RAM_BASE } from '../cpu/state.ts'
import { type Driver, driverModule } from './driver.ts'
import { compilable, type GuestInsn } from './effects.ts'
import { floatModule, OPERATION_TYPES, OPERATIONS } from './floatOperations.ts'
import { FIRST_OPERATION } from './floats.ts'
import { REGION_TYPE, writeFunction } from './function.ts'
import { type CodeContext, JUMP_BYTES, JUMP_ENTRIES, jumpsOf, LEFT_AT } from './layout.ts'
import { type CodeRegion, type CodeSource, discover } from './region.ts'
import { Code, moduleBytes, type WasmFunction } from './wasm.ts'

/** A region with what it calls: so many at once, and so many instructions. */
const MOST_TOGETHER = 6
const MOST_INSNS = 800
/** More modules than this are not kept; what is hot then is compiled again. */
const MOST_MODULES = 2000
/** Links that are given away before all begins anew; one compilation needs a few thousand at most. */
const MOST_LINKS = 0x7000
/** No address of an instruction: an unused entry of the table of jumps. */
const NO_ADDRESS = 1
/** A module is formed anew so often at most; after that, what it does not contain is reached through the table. */
const MOST_FORMED = 4
/** Code that has been dropped so often is left to the interpreter: it changes all the time. */
const MOST_DROPS = 20

interface Compiled {
  readonly pc: number
  /** Where its function stands in the table. */
  readonly place: number
  /** Index in `CpuState.links`. */
  readonly link: number
}

/** A region as it is found by its address. */
interface Entry extends Compiled {
  readonly module: Module
}

interface Module {
  readonly context: ContextCode
  readonly regions: readonly Compiled[]
  /** Real offset in `state.code` by effective address, of every granule of 1 KB that it has code of. */
  readonly granules: ReadonlyMap<number, number>
  readonly addresses: ReadonlySet<number>
  /** Real addresses of its code: pairs of first byte and byte behind. */
  readonly ranges: readonly (readonly [number, number])[]
  /** Where its regions end because nothing beyond had been executed. */
  readonly borders: ReadonlySet<number>
  linked: boolean
  dropped: boolean
}

/** What is compiled for one context. */
interface ContextCode extends CodeContext {
  /** By address, the oldest first; several where an address has meant different code. */
  readonly regions: Map<number, readonly Entry[]>
  /** Indices in `CpuState.links`, by address. */
  readonly links: Map<number, number>
  readonly jumps: Int32Array
  readonly drive: Driver
}

/** What is known of how often a place has been reached. */
export interface PlaceHeat {
  /** Often enough to be compiled with what calls it. */
  isWarm(pc: number): boolean
  /** From now on whoever comes there is to find compiled code. */
  makeHot(pc: number): void
}

export class CodeStore {
  readonly #cpu: Cpu
  readonly #heat: PlaceHeat
  readonly #table = new WebAssembly.Table({ element: 'anyfunc', initial: 64 })
  readonly #contexts: readonly ContextCode[]
  /** Places in the table: 0 leads nowhere, the next ones are the operations. */
  #places: number = FIRST_OPERATION + OPERATIONS.length
  readonly #free: number[] = []
  #links = 1
  #summaryOverflow: 0 | 1 = 0
  readonly #modules = new Set<Module>()
  readonly #linked = new Set<Module>()
  /** By granule: real offset, and effective address. */
  readonly #byReal = new Map<number, Set<Module>>()
  readonly #byEffective = new Map<number, Set<Module>>()
  /** Addresses of instructions whose region looks up pages. */
  readonly #pagewise = new Map<number, 'pages' | 'alone'>()
  /** How often the module that begins at an address has been formed anew because more of its code had been executed. */
  readonly #formed = new Map<number, number>()
  readonly #drops = new Map<number, number>()
  readonly #code = new Code()
  /** What has been read of instructions, by address: regions overlap. */
  readonly #insns = new Map<number, GuestInsn | undefined>()
  /** Instructions left after `drive`. */
  readonly remaining: Int32Array

  constructor(cpu: Cpu, heat: PlaceHeat) {
    this.#cpu = cpu
    this.#heat = heat
    const { memory } = cpu.state
    this.remaining = new Int32Array(memory.buffer, LEFT_AT, 1)
    const contexts = [0, 1, 2, 3].map(number => ({ number, summaryOverflow: 0 as const }))
    const driver = new WebAssembly.Instance(new WebAssembly.Module(driverModule(contexts)), this.#imports())
    this.#table.set(0, driver.exports.stub)
    const floats = new WebAssembly.Instance(new WebAssembly.Module(floatModule()), this.#imports())
    OPERATIONS.forEach((name, i) => {
      this.#table.set(FIRST_OPERATION + i, floats.exports[name] as CallableFunction)
    })
    this.#contexts = [0, 1].flatMap(summaryOverflow =>
      [0, 1, 2, 3].map(number => ({
        number,
        summaryOverflow: summaryOverflow as 0 | 1,
        regions: new Map(),
        links: new Map(),
        jumps: new Int32Array(memory.buffer, jumpsOf({ number, summaryOverflow: 0 }), JUMP_BYTES / 4),
        drive: driver.exports[`drive${number}`] as Driver,
      })),
    )
    this.#forgetJumps()
  }

  #imports(): WebAssembly.Imports {
    return { m: { memory: this.#cpu.state.memory as WebAssembly.Memory, table: this.#table } }
  }

  context(number: number, summaryOverflow: 0 | 1): CodeContext {
    if (summaryOverflow !== this.#summaryOverflow) {
      this.#summaryOverflow = summaryOverflow
      this.unlinkAll()
    }
    return this.#contexts[4 * summaryOverflow + number]!
  }

  /** Runs from `pc`, which is linked; @returns as `Driver` does */
  drive(context: CodeContext, pc: number, left: number): number {
    return (context as ContextCode).drive(pc, left)
  }

  // ---- linking -----------------------------------------------------------------------------------------------------------

  /** Whether compiled code can be entered at `pc`: it is made ready if there is some that holds. */
  isLinked(pc: number, context: CodeContext): boolean {
    const code = context as ContextCode
    const entry = this.#entryOf(pc)
    const region = code.regions.get(pc)?.find(({ module }) => module.linked || this.#holds(module))
    if (region === undefined) return false
    if (!region.module.linked) this.#link(region.module)
    if (code.jumps[entry] === pc && code.jumps[entry + 1] === region.place) return true
    code.jumps[entry] = pc
    code.jumps[entry + 1] = region.place
    return true
  }

  #entryOf(pc: number): number {
    return 2 * ((pc >>> 2) & (JUMP_ENTRIES - 1))
  }

  /** Whether all addresses of a module lead where they led, and nothing has to be looked at there. */
  #holds({ granules }: Module): boolean {
    for (const [va, offset] of granules) if (this.#cpu.fetch.executedGranule(va)?.offset !== offset) return false
    return true
  }

  #link(module: Module): void {
    module.linked = true
    this.#linked.add(module)
    const { links } = this.#cpu.state
    for (const { link, place } of module.regions) links[link] = place
  }

  #unlink(module: Module): void {
    if (!module.linked) return
    module.linked = false
    this.#linked.delete(module)
    const { jumps } = module.context
    const { links } = this.#cpu.state
    for (const { pc, link, place } of module.regions) {
      if (links[link] === place) links[link] = 0
      const entry = this.#entryOf(pc)
      if (jumps[entry + 1] === place) jumps[entry] = NO_ADDRESS
    }
  }

  unlinkAll(): void {
    for (const module of this.#linked) this.#unlink(module)
  }

  unlinkGranule(ea: number): void {
    const modules = this.#byEffective.get(ea & -GRANULE)
    if (modules !== undefined) for (const module of modules) this.#unlink(module)
  }

  #forgetJumps(): void {
    for (const { jumps } of this.#contexts) for (let at = 0; at < jumps.length; at += 2) jumps[at] = NO_ADDRESS
  }

  // ---- dropping ----------------------------------------------------------------------------------------------------------

  /** The bytes [real, real + bytes) change: what was compiled of them is no more. */
  drop(real: number, bytes: number): void {
    for (let granule = real & -GRANULE; granule < real + bytes; granule += GRANULE) {
      const modules = this.#byReal.get(granule)
      if (modules === undefined) continue
      for (const module of modules) {
        if (!module.ranges.some(([from, to]) => from < real + bytes && real < to)) continue
        this.#drops.set(granule, (this.#drops.get(granule) ?? 0) + 1)
        this.#drop(module)
      }
    }
  }

  dropAll(): void {
    this.#insns.clear()
    for (const module of this.#modules) this.#drop(module)
  }

  /** Everything is dropped, and the places that are known begin anew. */
  #forgetLinks(): void {
    this.dropAll()
    this.#links = 1
    for (const { links } of this.#contexts) links.clear()
  }

  #drop(module: Module): void {
    if (module.dropped) return
    this.#unlink(module)
    module.dropped = true
    for (const { place } of module.regions) this.#free.push(place)
    this.#modules.delete(module)
    for (const { pc } of module.regions) {
      const { regions } = module.context
      const rest = regions.get(pc)!.filter(region => region.module !== module)
      if (rest.length > 0) regions.set(pc, rest)
      else regions.delete(pc)
    }
    this.#markLines(module, -1)
    for (const [va, offset] of module.granules) {
      this.#byEffective.get(va)?.delete(module)
      this.#byReal.get(offset - RAM_BASE)?.delete(module)
    }
  }

  /** From now on stores to the page at `real` need a look, where nothing but the word itself tells of a change. */
  #protect(real: number): void {
    const { compiledPages, lines } = this.#cpu.state
    if (lines.length > 0 || compiledPages[real >>> 12] === 1) return
    compiledPages[real >>> 12] = 1
    this.#cpu.mmu.flush()
  }

  /** A line that has been counted too often stays marked. */
  #markLines({ ranges }: Module, change: 1 | -1): void {
    const { codeLines, lines } = this.#cpu.state
    if (lines.length > 0) return
    const touched = new Set(ranges.map(([from]) => from >>> CODE_LINE_SHIFT))
    for (const line of touched) if (codeLines[line] !== 255) codeLines[line] = codeLines[line]! + change
  }

  /**
   * Compiled code leaves at `pc` again and again. Where that was the border of what had been executed, the regions that
   * end there are formed anew; where it is an access, those around it find their data page by page from now on.
   */
  leavesOften(pc: number, context: CodeContext): void {
    const source = new ExecutedCode(this.#cpu, this.#insns)
    const word = source.executed(pc)
    const insn = word === undefined ? undefined : source.insn(pc, word)
    if (insn === undefined) return
    const atBorder = [...this.#modules].filter(({ borders }) => borders.has(pc))
    if (atBorder.length > 0) for (const module of atBorder) this.#formAnew(module)
    else if (insn.mayLeave) this.#lookUpPages(pc, context)
  }

  #formAnew(module: Module): void {
    const { pc } = module.regions[0]!
    const times = (this.#formed.get(pc) ?? 0) + 1
    if (times > MOST_FORMED) return
    this.#formed.set(pc, times)
    this.#drop(module)
  }

  #lookUpPages(pc: number, context: CodeContext): void {
    const before = this.#pagewise.get(pc)
    if (before === 'alone') return
    this.#pagewise.set(pc, before === undefined ? 'pages' : 'alone')
    for (const module of this.#byEffective.get(pc & -GRANULE) ?? [])
      if (module.context === context && module.addresses.has(pc)) this.#drop(module)
  }

  // ---- compiling ---------------------------------------------------------------------------------------------------------

  /** Compiles the region at `pc` and what it calls. @returns false where nothing can be compiled */
  compile(pc: number, context: CodeContext): boolean {
    if (this.#modules.size >= MOST_MODULES || this.#links > MOST_LINKS) this.#forgetLinks()
    const code = context as ContextCode
    const source = new ExecutedCode(this.#cpu, this.#insns)
    const regions = this.#together(pc, code, source)
    if (regions.length === 0) return false
    for (const granule of source.used.values())
      if ((this.#drops.get(granule - RAM_BASE) ?? 0) > MOST_DROPS) return false
    const borders = new Set<number>()
    const instance = this.#instance(regions, code, source, borders)
    const module: Module = {
      context: code,
      regions: regions.map(([{ start }]) => {
        const place = this.#placed(instance.exports[String(start)] as CallableFunction)
        return { pc: start, place, link: this.#linkTo(code, start) }
      }),
      addresses: new Set(regions.flatMap(region => region.flatMap(({ insns }) => insns.map(({ pc }) => pc)))),
      granules: new Map(source.used),
      ranges: rangesOf(regions, source),
      borders,
      linked: false,
      dropped: false,
    }
    this.#keep(module)
    this.#link(module)
    return this.isLinked(pc, context)
  }

  /** The region at `pc`, and those it calls that have not been compiled yet, and so on. */
  #together(pc: number, code: ContextCode, source: ExecutedCode): CodeRegion[] {
    const regions: CodeRegion[] = []
    const pending = [pc]
    const seen = new Set(pending)
    let insns = 0
    for (let at = pending.shift(); at !== undefined; at = pending.shift()) {
      const region = discover(at, source)
      if (region === undefined) continue
      regions.push(region)
      for (const block of region) {
        insns += block.insns.length
        const { ending } = block.insns.at(-1)!
        if (ending?.kind !== 'call' || seen.has(ending.target) || code.regions.has(ending.target)) continue
        if (!this.#heat.isWarm(ending.target)) continue
        seen.add(ending.target)
        if (regions.length + pending.length < MOST_TOGETHER && insns < MOST_INSNS) pending.push(ending.target)
      }
    }
    return regions
  }

  #instance(
    regions: readonly CodeRegion[],
    code: ContextCode,
    source: ExecutedCode,
    borders: Set<number>,
  ): WebAssembly.Instance {
    const indices = new Map(regions.map(([{ start }], index) => [start, index]))
    const state = this.#cpu.state
    const links = {
      here: (target: number) => indices.get(target),
      link: (target: number) => {
        if (source.isExecuted(target)) return state.links.byteOffset + 4 * this.#linkTo(code, target)
        borders.add(target)
        return undefined
      },
    }
    const functions = regions.map((region): WasmFunction => {
      const ways = new Set(region.flatMap(({ insns }) => insns.map(({ pc }) => this.#pagewise.get(pc))))
      this.#code.clear()
      const locals = writeFunction(region, this.#code, {
        context: code,
        links,
        memory: ways.has('pages') || ways.has('alone') ? 'pages' : 'window',
        alone: ways.has('alone'),
        codeLines: this.#cpu.state.codeLines.byteOffset,
        touched: this.#cpu.state.touched.byteOffset,
      })
      return { type: 0, locals, body: this.#code.bytes.slice(), exported: String(region[0].start) }
    })
    const bytes = moduleBytes([REGION_TYPE, ...OPERATION_TYPES], functions)
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports())
  }

  #keep(module: Module): void {
    this.#modules.add(module)
    this.#markLines(module, 1)
    for (const region of module.regions) {
      const { regions } = module.context
      regions.set(region.pc, [...(regions.get(region.pc) ?? []), { ...region, module }])
      this.#heat.makeHot(region.pc)
    }
    for (const [va, offset] of module.granules) {
      setIn(this.#byEffective, va).add(module)
      setIn(this.#byReal, offset - RAM_BASE).add(module)
      this.#protect(offset - RAM_BASE)
    }
  }

  /** The index of the link to `pc`, whether there is compiled code or not. */
  #linkTo({ links }: ContextCode, pc: number): number {
    let link = links.get(pc)
    if (link === undefined) links.set(pc, (link = this.#links++))
    return link
  }

  /** Gives a function a place in the table. To set one is slow: it is done once for each. */
  #placed(run: CallableFunction): number {
    const place = this.#free.pop() ?? this.#places++
    if (place >= this.#table.length) this.#table.grow(this.#table.length)
    this.#table.set(place, run)
    return place
  }
}

function setIn(map: Map<number, Set<Module>>, key: number): Set<Module> {
  let set = map.get(key)
  if (set === undefined) map.set(key, (set = new Set()))
  return set
}

/** Real addresses of the blocks. */
const rangesOf = (regions: readonly CodeRegion[], { used }: ExecutedCode): (readonly [number, number])[] =>
  regions.flatMap(region =>
    region.flatMap(({ insns }) =>
      insns.map(({ pc }) => {
        const real = used.get(pc & -GRANULE)! - RAM_BASE + (pc & (GRANULE - 1))
        return [real, real + 4] as const
      }),
    ),
  )

/** What has been executed, granule by granule. */
class ExecutedCode implements CodeSource {
  readonly #cpu: Cpu
  readonly #granules = new Map<number, ReturnType<Cpu['fetch']['executedGranule']>>()
  readonly #insns: Map<number, GuestInsn | undefined>
  /** Offset in `state.code` of each granule that code was found in, by effective address. */
  readonly used = new Map<number, number>()

  constructor(cpu: Cpu, insns: Map<number, GuestInsn | undefined>) {
    this.#cpu = cpu
    this.#insns = insns
  }

  insn(pc: number, word: number): GuestInsn | undefined {
    const known = this.#insns.get(pc)
    if (known?.word === word) return known
    const insn = compilable(word, pc, this.#cpu.fpu)
    this.#insns.set(pc, insn)
    return insn
  }

  executed(pc: number): number | undefined {
    const word = this.#word(pc)
    if (word !== undefined) this.used.set(pc & -GRANULE, this.#granule(pc)!.offset)
    return word
  }

  isExecuted(pc: number): boolean {
    return this.#word(pc) !== undefined
  }

  #word(pc: number): number | undefined {
    const granule = this.#granule(pc)
    if (granule === undefined) return undefined
    const i = (pc & (GRANULE - 1)) >>> 2
    const word = granule.words[i]!
    const current = this.#cpu.state.code.getInt32(granule.offset + 4 * i)
    return granule.ops[i] === OP_ATTEND || word !== current ? undefined : word
  }

  #granule(pc: number): ReturnType<Cpu['fetch']['executedGranule']> {
    const va = pc & -GRANULE
    if (!this.#granules.has(va)) this.#granules.set(va, this.#cpu.fetch.executedGranule(va))
    return this.#granules.get(va)
  }
}
