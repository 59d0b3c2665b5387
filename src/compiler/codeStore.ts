// What has been compiled: modules of a few regions each, where they hold, and how one region finds another. A region is
// linked while its addresses lead where they led when it was compiled; unlinked it waits, and is looked at again when
// somebody comes by. It is dropped when its code changes.

import { GRANULE, OP_ATTEND } from '../cpu/codePages.ts'
import type { Cpu } from '../cpu/cpu.ts'
import { CODE_LINE_SHIFT, RAM_BASE } from '../cpu/state.ts'
import type { LookUp } from './accesses.ts'
import { type Driver, driverModule } from './driver.ts'
import { compilable, type GuestInsn } from './effects.ts'
import { floatModule, OPERATION_TYPES, OPERATIONS } from './floatOperations.ts'
import { FIRST_OPERATION } from './floats.ts'
import { REGION_TYPE, type RegionLinks, writeFunction } from './function.ts'
import { type CodeContext, JUMP_BYTES, JUMP_ENTRIES, jumpsOf, LEFT_AT } from './layout.ts'
import { type CodeRegion, type CodeSource, discover, type KnownCode } from './region.ts'
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
/** A part of a module is made in a millisecond or some, as about so many instructions are interpreted. */
const COMPILING = 20_000

/** An address at which a region can be entered. */
interface Entry {
  readonly pc: number
  /** Where the function of the region stands in the table. */
  readonly place: number
  readonly module: Module
}

interface Module {
  readonly context: ContextCode
  /** Addresses at which its regions begin: first the one it was made for. */
  readonly starts: readonly [number, ...number[]]
  readonly entries: readonly Entry[]
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
  /** By address, the largest module first; several where an address has meant different code, or lies in several regions. */
  readonly entries: Map<number, readonly Entry[]>
  /** Indices in `CpuState.links`, by address. */
  readonly links: Map<number, number>
  readonly jumps: Int32Array
  readonly drive: Driver
}

/** The function of a region, and the addresses it can be entered at. */
interface CompiledFunction extends WasmFunction {
  readonly addresses: readonly number[]
}

/** What is known of how often a place has been reached. */
export interface PlaceHeat {
  /** Often enough to be compiled with what calls it. */
  isWarm(pc: number): boolean
  /** From now on whoever comes there is to find compiled code. */
  makeHot(pc: number): void
  /** Whoever comes there interprets, until it is hot again. */
  makeCold(pc: number): void
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
  /** Addresses of instructions for whose sake the windows have been set anew. */
  readonly #lookedAnew = new Set<number>()
  /** By address of an instruction: how its access is looked up, where the window fails too often. */
  readonly #lookUps = new Map<number, LookUp>()
  /** How often the module that begins at an address has been formed anew because more of its code had been executed. */
  readonly #formed = new Map<number, number>()
  /** Where regions begin that leave so often that they are better interpreted, until translation or watches change. */
  readonly #poor = new Set<number>()
  readonly #drops = new Map<number, number>()
  /** Modules that have been dropped to be made again. */
  readonly #wanted: { readonly pc: number; readonly context: ContextCode }[] = []
  readonly #code = new Code()
  /** How often the places that are known have begun anew. */
  #era = 0
  /** What has been read of instructions, by address: regions overlap. */
  readonly #insns = new Map<number, GuestInsn | undefined>()
  /** What has been compiled, in instructions that take as long to interpret; and how many were compiled. */
  work = 0
  compiled = 0
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
        ...{ entries: new Map(), links: new Map() },
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
    const entry = code.entries.get(pc)?.find(({ module }) => module.linked || this.#holds(module))
    if (entry === undefined) return false
    if (!entry.module.linked) this.#link(entry.module)
    const jump = this.#jumpOf(pc)
    code.jumps[jump] = pc
    code.jumps[jump + 1] = entry.place
    return true
  }

  #jumpOf(pc: number): number {
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
    for (const { pc } of module.entries) this.#setLink(module.context, pc)
  }

  /** Whoever goes to `pc` through its link finds the largest of what is linked there. */
  #setLink({ links, entries }: ContextCode, pc: number): void {
    const link = links.get(pc)
    if (link !== undefined)
      this.#cpu.state.links[link] = entries.get(pc)?.find(({ module }) => module.linked)?.place ?? 0
  }

  #unlink(module: Module): void {
    if (!module.linked) return
    module.linked = false
    this.#linked.delete(module)
    const { jumps } = module.context
    for (const { pc, place } of module.entries) {
      this.#setLink(module.context, pc)
      const jump = this.#jumpOf(pc)
      if (jumps[jump + 1] === place) jumps[jump] = NO_ADDRESS
    }
  }

  unlinkAll(): void {
    this.#poor.clear()
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
    this.#era++
    this.#links = 1
    for (const { links } of this.#contexts) links.clear()
  }

  #drop(module: Module): void {
    if (module.dropped) return
    this.#unlink(module)
    module.dropped = true
    for (const place of new Set(module.entries.map(entry => entry.place))) this.#free.push(place)
    this.#modules.delete(module)
    const { entries } = module.context
    for (const { pc } of module.entries) {
      const rest = entries.get(pc)?.filter(entry => entry.module !== module) ?? []
      if (rest.length > 0) entries.set(pc, rest)
      else entries.delete(pc)
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
    this.#cpu.windows.codeAdded()
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
   * @returns false where nothing of that remains to be done
   */
  leavesOften(pc: number, context: CodeContext): boolean {
    const source = new ExecutedCode(this.#cpu, this.#insns)
    const word = source.executed(pc)
    const insn = word === undefined ? undefined : source.insn(pc, word)
    if (insn === undefined) return true
    const atBorder = [...this.#modules].filter(({ borders }) => borders.has(pc))
    if (atBorder.length === 0) return insn.mayLeave && this.#lookUpPages(pc, context)
    for (const module of atBorder) this.#formAnew(module)
    return true
  }

  /** Nearly every instruction around `pc` leaves: what contains it is interpreted from now on. */
  giveUp(pc: number, context: CodeContext): void {
    for (const module of [...(this.#byEffective.get(pc & -GRANULE) ?? [])]) {
      if (module.context !== context || !module.addresses.has(pc)) continue
      for (const entry of module.entries) {
        this.#poor.add(entry.pc)
        this.#heat.makeCold(entry.pc)
      }
      this.#drop(module)
    }
  }

  #formAnew(module: Module): void {
    const [pc] = module.starts
    const times = (this.#formed.get(pc) ?? 0) + 1
    if (times > MOST_FORMED) return
    this.#formed.set(pc, times)
    this.#again(module)
  }

  /** It is made once more, otherwise. */
  #again(module: Module): void {
    this.#drop(module)
    this.#wanted.push({ pc: module.starts[0], context: module.context })
  }

  #lookUpPages(pc: number, context: CodeContext): boolean {
    // The windows move where the soft TLB needs a look first; perhaps that was somewhere else.
    if (!this.#lookedAnew.has(pc)) {
      this.#lookedAnew.add(pc)
      this.#cpu.mmu.flush()
      return true
    }
    const before = this.#lookUps.get(pc)
    if (before === 'alone') return false
    const now = before === undefined ? 'pages' : 'alone'
    this.#lookUps.set(pc, now)
    for (const module of [...(this.#byEffective.get(pc & -GRANULE) ?? [])]) {
      if (module.dropped || module.context !== context || !module.addresses.has(pc)) continue
      // What two accesses need, others need, too: not each is worth a module of its own.
      const found = [...module.addresses].filter(at => this.#lookUps.get(at) === now)
      if (found.length > 1)
        for (const at of module.addresses) if (this.#lookUps.get(at) !== 'alone') this.#lookUps.set(at, now)
      this.#again(module)
    }
    return true
  }

  // ---- compiling ---------------------------------------------------------------------------------------------------------

  /** What is to be made again before anything else is compiled: asked for once. */
  wanted(): { readonly pc: number; readonly context: CodeContext } | undefined {
    return this.#wanted.pop()
  }

  /**
   * Compiles what is at `pc`, and what that calls, part by part: between one and the next anything may be executed.
   * Nothing comes of it where nothing can be compiled, or the code is not what it was when this began.
   */
  *compile(pc: number, context: CodeContext): Generator<void, void> {
    const code = context as ContextCode
    if (this.#poor.has(pc)) return
    this.work += COMPILING
    if (this.#modules.size >= MOST_MODULES || this.#links > MOST_LINKS) this.#forgetLinks()
    const era = this.#era
    const source = new ExecutedCode(this.#cpu, this.#insns)
    const regions = this.#together(pc, code, source)
    if (regions.length === 0) return
    for (const granule of source.used.values()) if ((this.#drops.get(granule - RAM_BASE) ?? 0) > MOST_DROPS) return
    const borders = new Set<number>()
    const functions: CompiledFunction[] = []
    const links = this.#linksOf(regions, code, source, borders)
    for (const region of regions) {
      yield
      functions.push(yield* this.#function(region, code, links))
    }
    yield
    this.work += COMPILING
    if (era !== this.#era || !this.#isStill(regions, source)) return
    const bytes = moduleBytes([REGION_TYPE, ...OPERATION_TYPES], functions)
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports())
    const entries: Entry[] = []
    const module: Module = {
      context: code,
      starts: regions.map(([{ start }]) => start) as [number, ...number[]],
      entries,
      addresses: new Set(regions.flatMap(region => region.flatMap(({ insns }) => insns.map(insn => insn.pc)))),
      granules: new Map(source.used),
      ranges: rangesOf(regions, source),
      ...{ borders, linked: false, dropped: false },
    }
    for (const { exported, addresses } of functions) {
      const place = this.#placed(instance.exports[exported] as CallableFunction)
      for (const address of addresses) entries.push({ pc: address, place, module })
    }
    this.compiled += module.addresses.size
    this.#keep(module)
    this.#link(module)
  }

  /** Whether all of the code is what `source` has read, in the same place. */
  #isStill(regions: readonly CodeRegion[], { used }: ExecutedCode): boolean {
    const now = new ExecutedCode(this.#cpu, this.#insns)
    for (const region of regions)
      for (const { insns } of region) for (const { pc, word } of insns) if (now.executed(pc) !== word) return false
    return [...now.used].every(([va, offset]) => used.get(va) === offset)
  }

  /** The region at `pc`, and those it calls that have not been compiled yet, and so on. */
  #together(pc: number, code: ContextCode, source: ExecutedCode): CodeRegion[] {
    const regions: CodeRegion[] = []
    const known = this.#known(pc, code)
    const pending = [pc]
    const seen = new Set(pending)
    let insns = 0
    for (let at = pending.shift(); at !== undefined; at = pending.shift()) {
      const region = discover(at, source, known)
      if (region === undefined) continue
      regions.push(region)
      for (const block of region) {
        insns += block.insns.length
        const { ending } = block.insns.at(-1)!
        if (ending?.kind !== 'call' || seen.has(ending.target) || code.entries.has(ending.target)) continue
        if (!this.#heat.isWarm(ending.target)) continue
        seen.add(ending.target)
        if (regions.length + pending.length < MOST_TOGETHER && insns < MOST_INSNS) pending.push(ending.target)
      }
    }
    return regions
  }

  #known(pc: number, code: ContextCode): KnownCode {
    return {
      entered: at => code.entries.get(at)?.some(({ module }) => module.linked) === true,
      contains: insns => {
        for (const { linked, context, addresses } of this.#byEffective.get(pc & -GRANULE) ?? []) {
          if (!linked || context !== code || addresses.size < insns.size) continue
          if ([...insns.keys()].every(at => addresses.has(at))) return true
        }
        return false
      },
    }
  }

  /** How regions of one module reach each other and others. */
  #linksOf(regions: readonly CodeRegion[], code: ContextCode, source: ExecutedCode, borders: Set<number>): RegionLinks {
    const indices = new Map(regions.map(([{ start }], index) => [start, index]))
    const { links } = this.#cpu.state
    return {
      here: target => indices.get(target),
      link: target => {
        if (source.isExecuted(target)) return links.byteOffset + 4 * this.#linkTo(code, target)
        borders.add(target)
        return undefined
      },
    }
  }

  *#function(region: CodeRegion, context: ContextCode, links: RegionLinks): Generator<void, CompiledFunction> {
    const { state } = this.#cpu
    const parts = writeFunction(region, this.#code, {
      ...{ context, links },
      lookUp: pc => this.#lookUps.get(pc),
      codeLines: state.codeLines.byteOffset,
      touched: state.touched.byteOffset,
    })
    for (;;) {
      this.work += COMPILING
      const { done, value } = parts.next()
      if (done === true) {
        const [{ start }] = region
        const { locals, entries } = value
        return { type: 0, locals, body: this.#code.bytes.slice(), exported: String(start), addresses: entries }
      }
      yield
    }
  }

  #keep(module: Module): void {
    const { context, entries, granules } = module
    const pcs = new Set(entries.map(({ pc }) => pc))
    const covered = (older: Module): boolean =>
      older.entries.every(({ pc }) => pcs.has(pc)) &&
      [...older.granules].every(([va, offset]) => granules.get(va) === offset)
    const older = new Set(entries.flatMap(({ pc }) => context.entries.get(pc) ?? []).map(entry => entry.module))
    for (const each of older) if (covered(each)) this.#drop(each)
    this.#modules.add(module)
    this.#markLines(module, 1)
    for (const entry of entries) {
      const all = [entry, ...(context.entries.get(entry.pc) ?? [])]
      all.sort((a, b) => b.module.addresses.size - a.module.addresses.size)
      context.entries.set(entry.pc, all)
      this.#heat.makeHot(entry.pc)
    }
    for (const [va, offset] of granules) {
      setIn(this.#byEffective, va).add(module)
      setIn(this.#byReal, offset - RAM_BASE).add(module)
      this.#protect(offset - RAM_BASE)
    }
  }

  /** The index of the link to `pc`, whether there is compiled code or not. */
  #linkTo(code: ContextCode, pc: number): number {
    const known = code.links.get(pc)
    if (known !== undefined) return known
    const link = this.#links++
    code.links.set(pc, link)
    this.#setLink(code, pc)
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

function setIn<Value>(map: Map<number, Set<Value>>, key: number): Set<Value> {
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
