// A flash chip that hears Intel's commands (data sheet 306666 of the StrataFlash P30: command codes, status register, block
// locking). It is ready at once after each, so that there is nothing to suspend.

import { type FlashChip, queryTable } from './flashChips.ts'
import type { FlashCells, FlashCommands } from './flashCommands.ts'

/** What a chip says: its bytes, or something of itself. */
type IntelMode = 'array' | 'identification' | 'query' | 'status'

/** What the next write cycle is. */
type IntelStep = 'command' | 'program' | 'erase' | 'lock' | 'count' | 'buffer' | 'confirm'

export interface IntelState {
  readonly mode: IntelMode
  readonly step: IntelStep
  /** Status register. */
  readonly status: number
  /** Of each block that is not as after a reset, by its number. */
  readonly locks: Readonly<Record<number, number>>
  /** What the write buffer holds, and how many words are still to come. */
  readonly buffer: readonly (readonly [word: number, value: number])[]
  readonly left: number
}

/** Bits of the status register. */
const [READY, ERASE_FAILED, PROGRAM_FAILED, WAS_LOCKED] = [0x80, 0x20, 0x10, 0x02]
/** Both say that the commands came in a wrong order. */
const WRONG_ORDER = ERASE_FAILED | PROGRAM_FAILED

/** Bits of a block's lock status: what is locked down, stays as it is until a reset. */
const [LOCKED, LOCKED_DOWN] = [1, 2]

const COMMAND = {
  ...{ array: 0xff, identification: 0x90, query: 0x98, status: 0x70, clearStatus: 0x50 },
  ...{ program: 0x40, programToo: 0x10, buffer: 0xe8, erase: 0x20, confirm: 0xd0 },
  ...{ setup: 0x60, lock: 0x01, lockDown: 0x2f, configuration: 0x03 },
} as const

/** The write cycles that say what comes next. */
const STEPS: Readonly<Record<number, IntelStep>> = {
  [COMMAND.program]: 'program',
  [COMMAND.programToo]: 'program',
  [COMMAND.erase]: 'erase',
  [COMMAND.setup]: 'lock',
  [COMMAND.buffer]: 'count',
}

const MODES: Readonly<Record<number, IntelMode>> = {
  [COMMAND.array]: 'array',
  [COMMAND.identification]: 'identification',
  [COMMAND.query]: 'query',
  [COMMAND.status]: 'status',
}

export class IntelChip implements FlashCommands<IntelState> {
  readonly #chip: FlashChip
  readonly #query: ReadonlyMap<number, number>
  readonly #cells: FlashCells
  #state: IntelState = { mode: 'array', step: 'command', status: READY, locks: {}, buffer: [], left: 0 }

  constructor(chip: FlashChip, cells: FlashCells) {
    this.#chip = chip
    this.#query = queryTable(chip)
    this.#cells = cells
  }

  get givesArray(): boolean {
    return this.#state.mode === 'array'
  }

  read(word: number): number {
    const { mode, status } = this.#state
    if (mode === 'query') return this.#query.get(word & 0x1ff) ?? 0
    if (mode !== 'identification') return status
    const at = word & 0xff
    return [this.#chip.manufacturer, this.#chip.device, this.#lock(word)][at] ?? 0
  }

  write(word: number, value: number): void {
    const command = value & 0xff
    switch (this.#state.step) {
      case 'command':
        return this.#command(command)
      case 'program':
        return this.#done(this.#program([[word, value]]))
      case 'erase':
        return this.#done(command === COMMAND.confirm ? this.#erase(word) : WRONG_ORDER)
      case 'lock':
        return this.#done(this.#setLock(word, command))
      case 'count':
        return this.#count(value)
      case 'buffer':
        return this.#fill(word, value)
      case 'confirm':
        return this.#done(command === COMMAND.confirm ? this.#program(this.#state.buffer) : WRONG_ORDER)
    }
  }

  /** What is no command changes nothing. */
  #command(command: number): void {
    const [step, mode] = [STEPS[command], MODES[command]]
    if (step !== undefined) this.#change({ step, mode: 'status' })
    if (mode !== undefined) this.#change({ mode })
    if (command === COMMAND.clearStatus) this.#change({ status: READY })
  }

  /** @param failed bits of the status register, which stay until they are cleared */
  #done(failed: number): void {
    this.#change({ step: 'command', status: this.#state.status | failed, buffer: [], left: 0 })
  }

  #program(words: IntelState['buffer']): number {
    const [first] = words
    if (first === undefined || this.#isLocked(first[0])) return PROGRAM_FAILED | WAS_LOCKED
    for (const [word, value] of words) this.#cells.program(word, value)
    return 0
  }

  #erase(word: number): number {
    if (this.#isLocked(word)) return ERASE_FAILED | WAS_LOCKED
    this.#cells.erase(this.#cells.sectorOf(word))
    return 0
  }

  /** How many words will come, less one. */
  #count(value: number): void {
    const left = value + 1
    if (left * this.#chip.width > (this.#chip.bufferBytes ?? 0)) return this.#done(WRONG_ORDER)
    this.#change({ step: 'buffer', left, buffer: [] })
  }

  /** All words of a buffer go into one block. */
  #fill(word: number, value: number): void {
    const buffer = [...this.#state.buffer, [word, value] as const]
    const left = this.#state.left - 1
    const isOneBlock = this.#cells.sectorOf(word) === this.#cells.sectorOf(buffer[0]![0])
    if (!isOneBlock) return this.#done(WRONG_ORDER)
    this.#change({ buffer, left, step: left === 0 ? 'confirm' : 'buffer' })
  }

  /** @returns as `#done` takes it. The register of burst reads is of no meaning here: it is not kept. */
  #setLock(word: number, command: number): number {
    const block = this.#cells.sectorOf(word)
    const was = this.#lock(word)
    const locks: Readonly<Record<number, number>> = {
      [COMMAND.lock]: was | LOCKED,
      [COMMAND.lockDown]: LOCKED | LOCKED_DOWN,
      [COMMAND.confirm]: (was & LOCKED_DOWN) !== 0 ? was : 0,
      [COMMAND.configuration]: was,
    }
    const lock = locks[command]
    if (lock === undefined) return WRONG_ORDER
    this.#change({ locks: { ...this.#state.locks, [block]: lock } })
    return 0
  }

  #isLocked(word: number): boolean {
    return (this.#lock(word) & LOCKED) !== 0
  }

  /** After a reset each block is locked. */
  #lock(word: number): number {
    return this.#chip.hasLocks ? (this.#state.locks[this.#cells.sectorOf(word)] ?? LOCKED) : 0
  }

  #change(change: Partial<IntelState>): void {
    this.#state = { ...this.#state, ...change }
  }

  save(): IntelState {
    return this.#state
  }

  restore(state: IntelState): void {
    this.#state = state
  }
}
