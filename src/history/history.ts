// The run of a machine so far, to which it can go back: snapshots of it, and the inputs between them. Every moment of it
// can be reached again by running on from the snapshot before; the run is the same each time.
//
// The machine stands in the present, or in the past. In the past its inputs come from the log, and what it puts out has
// been put out already. Whoever changes something there gives up what came after.

import { Hw, Word } from '../cpu/state.ts'
import { ANY_DAC_READ, ANY_DAC_WRITE } from '../isa/comparators.ts'
import type { FacilityOwner, Input } from '../machine/inputs.ts'
import type { Machine, MachineExit, MachineRun, MachineRunRequest } from '../machine/machine.ts'
import { compareMoments, type Moment, momentOf } from '../machine/moment.ts'
import { MOST_MISSES, runTowards } from '../machine/replay.ts'
import { type MachineRest, restoreRest, saveRest } from '../machine/snapshot.ts'
import { type Happening, type HappeningKind, Happenings } from './happenings.ts'
import { Outputs, type PutOut } from './outputs.ts'
import { type Keeper, Pages } from './pages.ts'

export interface HistoryOptions {
  /** Bytes that the history may take. */
  readonly budget: number
  /** Wall-clock milliseconds: snapshots are taken by the time that running takes. */
  readonly now: () => number
}

/** State beside the machine that belongs to a moment of its run. */
export interface Companion {
  /** Undefined where it is not known. */
  save(): unknown
  restore(state: unknown): void
}

/** A snapshot, as others see it. */
export interface Station {
  readonly moment: Moment
  /** What its companion has saved there, if it has. */
  readonly companion: unknown
}

interface KeptStation extends Station, Keeper {
  /** How many inputs of the log had arrived. */
  readonly inputs: number
  readonly putOut: PutOut
  readonly rest: MachineRest
  companion: unknown
  /** Milliseconds of running up to here, about. */
  readonly spent: number
  /** So many ask that it is not given up. */
  holds: number
}

/** Between two snapshots at least, in milliseconds of running; and so many times what a snapshot takes. */
const INTERVAL = 40
const SHARE = 25
/** Snapshots that are kept. */
const MOST = 500
/** Within so many milliseconds of running from the last one, all are as good as each other. */
const RECENT = 10_000

/** What a page in `touched` takes, about. */
const TOUCHED_BYTES = 24
/** Bytes of a page of a Linux process. */
const PAGE = 4096
/** Bytes of the smallest page of the TLB. */
const GRANULE = 1024
/** Instructions that are repeated in no time. */
const NEAR = 20_000

const ANY_DAC = ANY_DAC_READ | ANY_DAC_WRITE

const GOES_ON: MachineExit = { kind: 'budget' }

export class History {
  readonly #machine: Machine
  readonly #options: HistoryOptions
  readonly #pages: Pages
  readonly #outputs: Outputs
  readonly #happenings = new Happenings()
  readonly #snapshots: KeptStation[] = []
  /** From which memory has come. */
  #base: KeptStation | undefined
  /** The end of the run, while the machine stands before it. */
  #present: Pick<KeptStation, 'moment' | 'inputs'> | undefined
  /** The station there, if the machine has been there. */
  #presentStation: KeptStation | undefined
  /** How many inputs of the log have arrived where the machine stands. */
  #arrived = 0
  /** Milliseconds of running up to the last slice, and when the present one began. */
  #spent = 0
  #since: number
  /** Milliseconds that the last snapshot took. */
  #cost = 0
  /** No run goes past this moment. */
  #bound: Moment | undefined
  #bytes = 0
  readonly #shared = new SharedBytes()
  /** What goes back with the machine and is not part of it: it is kept with each snapshot. */
  companion: Companion | undefined
  #misses = 0
  /** Called when somebody has changed something in the past, before it takes effect: what came after is gone. */
  onNewFuture: (from: Moment) => void = () => {}
  /** Called when the machine has come back to the present. */
  onPresent: () => void = () => {}
  /** Called when breakpoints have to be set anew: after a leap, and where the debug facility changed hands. */
  onSettingsLost: () => void = () => {}

  /** @param machine that has not run yet, or whose earlier run does not matter. */
  constructor(machine: Machine, options: HistoryOptions) {
    this.#machine = machine
    this.#options = options
    this.#pages = new Pages(machine.cpu.state)
    this.#outputs = new Outputs(machine, this.#happenings)
    this.#since = options.now()
    this.#arrived = machine.inputs.length
    this.#base = this.#insert()
    this.#listen(machine)
    machine.recorder = {
      beforeInput: () => this.#beforeInput(),
      logBegunAnew: () => this.#beginAnew(),
    }
  }

  // ---- where it stands ------------------------------------------------------------------------------------------------

  /** Whether the machine stands before the end of its run. */
  get isInPast(): boolean {
    return this.#present !== undefined
  }

  /** The end of the run. */
  get present(): Moment {
    return this.#present?.moment ?? momentOf(this.#machine)
  }

  /** The first moment that can be reached. */
  get beginning(): Moment {
    return this.#snapshots[0]!.moment
  }

  get stations(): readonly Station[] {
    return this.#snapshots
  }

  /** What has happened so far of a kind, the oldest first. */
  happenings(kind: HappeningKind): readonly Happening[] {
    return this.#happenings.of(kind)
  }

  /** Bytes that the history takes. */
  get bytes(): number {
    return this.#pages.bytes + this.#bytes
  }

  /** The machine, which stands at the beginning of its run, is to run with these inputs up to `end`: that is its present. */
  load(inputs: readonly Input[], end: Moment): void {
    this.#machine.inputs.push(...inputs)
    this.#present = { moment: end, inputs: this.#machine.inputs.length }
  }

  // ---- running --------------------------------------------------------------------------------------------------------

  /** As the machine's own `run`, which goes no further than to the next input of the log, or to the present. */
  run(request: MachineRunRequest): MachineRun {
    const machine = this.#machine
    if (this.#present === undefined) {
      return this.#bound === undefined ? machine.run(request) : runTowards(machine, this.#bound, request)
    }
    const before = momentOf(machine)
    this.#feed()
    const run = runTowards(machine, this.#next, request)
    const fed = this.#feed()
    this.#misses = fed || compareMoments(momentOf(machine), before) !== 0 ? 0 : this.#misses + 1
    if (this.#misses > MOST_MISSES) throw new Error('a run that is repeated takes another way: please report it')
    if (this.#isAt(this.#present)) this.#enterPresent()
    // What it asked for, or waited for, has come.
    return fed && (run.core.kind === 'wants' || run.core.kind === 'idle') ? { ...run, core: GOES_ON } : run
  }

  /** No run goes past `moment` until this is called again; undefined: there is no such bound. */
  bound(moment: Moment | undefined): void {
    this.#bound = moment
  }

  /** The next moment at which a run has to stop. */
  get #next(): Moment {
    const input = this.#machine.inputs[this.#arrived]
    const moments = [this.#present!.moment, input, this.#bound].filter(moment => moment !== undefined)
    return moments.reduce((a, b) => (compareMoments(a, b) <= 0 ? a : b))
  }

  /** Gives in what arrives here. @returns whether something did. */
  #feed(): boolean {
    const { inputs } = this.#machine
    const from = this.#arrived
    for (;;) {
      const input = inputs[this.#arrived]
      if (input === undefined || compareMoments(momentOf(this.#machine), input) < 0) break
      this.#arrived++
      this.#machine.repeat(input)
      if (input.kind === 'facility') this.onSettingsLost()
    }
    return this.#arrived > from
  }

  #isAt({ moment, inputs }: Pick<KeptStation, 'moment' | 'inputs'>): boolean {
    return this.#arrived === inputs && compareMoments(momentOf(this.#machine), moment) === 0
  }

  #enterPresent(): void {
    if (this.#presentStation !== undefined) this.release(this.#presentStation)
    this.#presentStation = undefined
    this.#present = undefined
    this.#arrived = this.#machine.inputs.length
    this.onPresent()
  }

  /**
   * Whose the debug facility is to be from here on, if `wanted` is what the breakpoints need. A program that never uses
   * the facility itself cannot tell; to another the past is what it was, and a search of it leaves the present alone.
   */
  ownerHere(wanted: FacilityOwner, isSearch: boolean): FacilityOwner {
    const { inputs, cpu } = this.#machine
    const isGiven = isSearch || this.isInPast
    if (isGiven && !cpu.debug.usedByGuest) return wanted
    let owner: FacilityOwner = 'guest'
    for (let at = this.#arrived - 1; at >= 0; at--) {
      const input = inputs[at]!
      if (input.kind !== 'facility') continue
      owner = input.owner
      break
    }
    if (isGiven) return owner
    if (owner !== wanted) this.#machine.accept({ kind: 'facility', owner: wanted })
    return wanted
  }

  // ---- what happens ---------------------------------------------------------------------------------------------------

  /** In the past it has happened already. */
  #listen({ cpu }: Machine): void {
    const { hw, words } = cpu.state
    const { interrupt, debug } = this.#happenings
    cpu.onInterrupt = (ivor, from) => {
      if (this.#present !== undefined) return
      interrupt.add(cpu.retired, cpu.now, words[Word.INTERRUPTS_IN_A_ROW], ivor, from)
    }
    cpu.debug.onEvent = bits => {
      if (this.#present !== undefined) return
      const isDebuggers = hw[Hw.OWNED] !== 0
      // A debugger's comparators may cover more than what it watches.
      if (isDebuggers && (bits & ANY_DAC) !== 0) return
      const { retired, cycle, interrupts = 0 } = momentOf(this.#machine)
      debug.add(retired, cycle, interrupts, bits, cpu.pc, isDebuggers)
    }
  }

  /** The program has been stopped where it stands. */
  noteStop(text: string): void {
    this.#note('stop', text)
  }

  /** The instruction at PC is about to access what is watched. */
  noteAccess(text: string): void {
    this.#note('access', text)
  }

  #note(kind: 'stop' | 'access', text: string): void {
    if (this.isInPast) return
    const moment = momentOf(this.#machine)
    const all = this.#happenings.of(kind)
    const last = all[all.length - 1]
    // Whoever comes back to the present is there again; an access may be begun twice.
    if (last !== undefined && compareMoments(last.moment, moment) === 0) return
    this.#happenings.add(kind, moment, this.#machine.cpu.pc, 0, text)
  }

  // ---- keeping --------------------------------------------------------------------------------------------------------

  /** To be called between two runs: takes a snapshot where it is time for one. */
  record(): void {
    const now = this.#options.now()
    if (now - this.#since < Math.max(INTERVAL, SHARE * this.#cost)) return
    if (!this.isInPast) this.#spent += now - this.#since
    this.#since = now
    this.#insert()
    this.#cost = this.#options.now() - now
    this.#thin()
  }

  /** Running goes on: the time since it stopped does not count. */
  begin(): void {
    this.#since = this.#options.now()
  }

  /** A snapshot of where the machine stands, which stays until it is released. */
  hold(): Station {
    const snapshot = this.#insert()
    snapshot.holds++
    return snapshot
  }

  release(station: Station): void {
    ;(station as KeptStation).holds--
    this.#thin()
  }

  /** A snapshot of where the machine stands; where there is one already, its companion's state is renewed. */
  leaveStation(): void {
    this.#insert()
    this.#thin()
  }

  #insert(): KeptStation {
    const moment = momentOf(this.#machine)
    const at = this.#indexAfter(moment, this.#arrived)
    const before = this.#snapshots[at - 1]
    const companion = this.companion?.save()
    if (before !== undefined && this.#isAt(before)) {
      before.companion = companion ?? before.companion
      return before
    }
    const snapshot: KeptStation = {
      moment,
      index: at,
      pages: [],
      touched: undefined,
      inputs: this.#arrived,
      putOut: this.#outputs.save(),
      rest: saveRest(this.#machine),
      companion,
      spent: before === undefined ? 0 : this.#spentAt(moment, before, this.#snapshots[at]),
      holds: 0,
    }
    this.#bytes += weightOf(snapshot.rest, bytes => this.#shared.take(bytes))
    const passed = this.#base === undefined ? [] : this.#snapshots.slice(this.#base.index + 1, at)
    this.#snapshots.splice(at, 0, snapshot)
    this.#number(at)
    this.#pages.save(snapshot, before, this.#snapshots[at + 1], passed)
    this.#bytes += TOUCHED_BYTES * (snapshot.touched?.size ?? 0)
    this.#base = snapshot
    return snapshot
  }

  #number(from: number): void {
    for (let i = from; i < this.#snapshots.length; i++) this.#snapshots[i]!.index = i
  }

  /** Between two others as their instructions have it. */
  #spentAt({ retired }: Moment, before: KeptStation, after: KeptStation | undefined): number {
    if (after === undefined) return this.#spent
    const share = (retired - before.moment.retired) / Math.max(1, after.moment.retired - before.moment.retired)
    return before.spent + share * (after.spent - before.spent)
  }

  /** The place behind the last snapshot that is not after `moment`, with so many inputs arrived. */
  #indexAfter(moment: Moment, inputs = Number.POSITIVE_INFINITY): number {
    let at = this.#snapshots.length
    while (at > 0) {
      const snapshot = this.#snapshots[at - 1]!
      const order = compareMoments(snapshot.moment, moment)
      if (order < 0 || (order === 0 && snapshot.inputs <= inputs)) break
      at--
    }
    return at
  }

  /** Gives up snapshots while there are too many: those that lie closest to others, for how long ago they are. */
  #thin(): void {
    while (this.#snapshots.length > MOST || this.bytes > this.#options.budget) {
      const dispensable = this.#dispensable()
      if (dispensable === undefined) return
      this.#remove(dispensable)
    }
  }

  #dispensable(): KeptStation | undefined {
    const all = this.#snapshots
    let least = Number.POSITIVE_INFINITY
    let found: KeptStation | undefined
    const end = all[all.length - 1]!.spent
    for (let i = 1; i < all.length - 1; i++) {
      const snapshot = all[i]!
      if (snapshot.holds > 0 || snapshot === this.#base) continue
      const gap = all[i + 1]!.spent - all[i - 1]!.spent
      const score = gap / Math.max(end - snapshot.spent, RECENT)
      if (score < least) {
        least = score
        found = snapshot
      }
    }
    if (found !== undefined) return found
    // Where little has room, the beginning goes.
    const [first] = all
    return all.length > 1 && first!.holds === 0 && first !== this.#base ? first : undefined
  }

  #remove(snapshot: KeptStation): void {
    this.#bytes -= weightOf(snapshot.rest, bytes => this.#shared.give(bytes))
    this.#bytes -= TOUCHED_BYTES * (snapshot.touched?.size ?? 0)
    const next = this.#snapshots[snapshot.index + 1]
    this.#bytes -= TOUCHED_BYTES * (next?.touched?.size ?? 0)
    this.#pages.remove(snapshot, next)
    this.#bytes += TOUCHED_BYTES * (next?.touched?.size ?? 0)
    this.#snapshots.splice(snapshot.index, 1)
    this.#number(snapshot.index)
  }

  // ---- going back -----------------------------------------------------------------------------------------------------

  /** The last station before `moment`, or at it where `inclusive`; undefined before the beginning. */
  before(moment: Moment, inclusive = false): Station | undefined {
    const last = inclusive ? Number.POSITIVE_INFINITY : -1
    return this.#snapshots[this.#indexAfter(moment, last) - 1]
  }

  /**
   * Goes to a moment of the run, back or forward, in pieces as long as `limits` allows.
   * @throws where it lies before the beginning
   */
  *goTo(moment: Moment, limits: () => MachineRunRequest): Generator<void, void, void> {
    const station = this.before(moment, true)
    if (station === undefined) throw new Error(`the history begins after ${moment.retired} instructions`)
    const here = momentOf(this.#machine)
    const isOnTheWay = compareMoments(here, station.moment) >= 0 && compareMoments(here, moment) <= 0
    if (!isOnTheWay) this.restore(station)
    yield* this.advance(moment.retired - 1, limits)
    this.bound(moment)
    try {
      for (; compareMoments(momentOf(this.#machine), moment) < 0; this.run(limits())) yield
    } finally {
      this.bound(undefined)
    }
  }

  /**
   * Runs on until so many instructions have been executed. Stations are left on the way, the closer the nearer it comes:
   * who goes back by a step often goes back by another.
   */
  *advance(retired: number, limits: () => MachineRunRequest): Generator<void, void, void> {
    const machine = this.#machine
    let half = machine.retired + Math.floor((retired - machine.retired) / 2)
    while (machine.retired < retired) {
      const isNear = retired - machine.retired < NEAR
      const asked = limits()
      const end = isNear ? retired : half
      this.record()
      this.run({ ...asked, budget: Math.min(asked.budget, end - machine.retired) })
      if (!isNear && machine.retired === half) {
        this.#insert()
        half += Math.floor((retired - half) / 2)
      }
      yield
    }
  }

  /**
   * Whether bytes of RAM have certainly not been written between a station at `from` and the one after it, which is at
   * `to`: then nobody need look there for who wrote them.
   */
  isUntouched(from: Moment, to: Moment, address: number, bytes: number): boolean {
    const { cpu, linux } = this.#machine
    const { index, rest } = this.#snapshots[this.#indexAfter(from) - 1]!
    const next = this.#snapshots[index + 1]
    if (next === undefined || compareMoments(next.moment, to) !== 0) return false
    if (linux !== undefined) {
      // Addresses mean the same throughout where one process has all its pages where they were.
      const { space } = linux.first
      const isSame = [rest, next.rest].every(
        ({ linux: then }) => then?.spaces.length === 1 && then.spaces[0]!.changes === space.changes,
      )
      const real = isSame ? space.real(address) : undefined
      return real !== undefined && address % PAGE <= PAGE - bytes && this.#pages.isUntouched(next, real, bytes)
    }
    // Addresses lead elsewhere where the TLB was another.
    if (rest.tlbWrites !== cpu.mmu.writes) return false
    for (let at = address, size: number; at < address + bytes; at += size) {
      size = Math.min(GRANULE - (at % GRANULE), address + bytes - at)
      if (!cpu.mmu.realsOf(at).every(real => this.#pages.isUntouched(next, real, size))) return false
    }
    return true
  }

  /** The last station before a cycle, or the first there is. */
  beforeCycle(cycle: number): Station {
    return this.#snapshots.filter(({ moment }) => moment.cycle < cycle).at(-1) ?? this.#snapshots[0]!
  }

  /** Puts the machine back to a station. Whoever planned breakpoints sets them again. */
  restore(station: Station): void {
    const snapshot = station as KeptStation
    if (this.#present === undefined) {
      this.#presentStation = this.#insert()
      this.#presentStation.holds++
      this.#present = this.#presentStation
    }
    const [from, to] = [snapshot.index, this.#base!.index].sort((a, b) => a - b)
    const changed = this.#pages.restore(snapshot, this.#snapshots.slice(from! + 1, to! + 1))
    this.#base = snapshot
    restoreRest(this.#machine, snapshot.rest)
    this.#machine.cpu.stateRestored(changed)
    this.#arrived = snapshot.inputs
    this.#misses = 0
    this.#outputs.restore(snapshot.putOut)
    this.companion?.restore(snapshot.companion)
    // A moment is after what arrives at it.
    this.#feed()
    if (this.#present !== undefined && this.#isAt(this.#present)) this.#enterPresent()
    this.onSettingsLost()
  }

  /** Something comes from outside: where the machine stands is the present from now on. */
  #beforeInput(): void {
    this.#forgetWhatFollows()
    this.#arrived = this.#machine.inputs.length + 1
  }

  /** What came after where the machine stands has not happened any more. */
  #forgetWhatFollows(): void {
    if (this.#present === undefined) return
    this.onNewFuture(momentOf(this.#machine))
    const here = this.#insert()
    for (const snapshot of this.#snapshots.slice(here.index + 1).reverse()) this.#remove(snapshot)
    this.#presentStation = undefined
    this.#present = undefined
    this.#machine.inputs.length = this.#arrived
    this.#happenings.forgetAfter(here.moment)
    this.#outputs.forgetWhatFollows()
    this.#happenings.add('future', here.moment, this.#machine.cpu.pc, 0, '')
  }

  /** The inputs so far are not known any more: what came before now cannot be repeated. */
  #beginAnew(): void {
    for (const snapshot of [...this.#snapshots].reverse()) this.#remove(snapshot)
    this.#base = undefined
    this.#machine.cpu.state.touched.fill(1)
    // The one left takes effect after this.
    this.#arrived = this.#machine.inputs.length - 1
    this.#base = this.#insert()
    this.#arrived++
  }
}

/** Bytes of plain data, about. @param weigh what an array of bytes counts for */
function weightOf(data: unknown, weigh: (bytes: ArrayBufferView) => number): number {
  if (ArrayBuffer.isView(data)) return weigh(data)
  if (typeof data !== 'object' || data === null) return 8
  let bytes = 32
  for (const each of data instanceof Map ? data.values() : Object.values(data)) bytes += weightOf(each, weigh)
  return bytes
}

/** Arrays of bytes that several snapshots have in common, as the contents of files: each counts once. */
class SharedBytes {
  readonly #holders = new Map<ArrayBufferView, number>()

  /** @returns the bytes that one more holder adds */
  take(bytes: ArrayBufferView): number {
    const holders = this.#holders.get(bytes) ?? 0
    this.#holders.set(bytes, holders + 1)
    return holders === 0 ? bytes.byteLength : 0
  }

  /** @returns the bytes that go with a holder */
  give(bytes: ArrayBufferView): number {
    const holders = this.#holders.get(bytes)! - 1
    if (holders > 0) this.#holders.set(bytes, holders)
    else this.#holders.delete(bytes)
    return holders > 0 ? 0 : bytes.byteLength
  }
}
