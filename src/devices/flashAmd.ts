// A flash chip that hears AMD's commands (data sheets of the Am29LV040B and Am29LV320B, command definitions).

import { type FlashChip, queryTable } from './flashChips.ts'
import type { FlashCells, FlashCommands } from './flashCommands.ts'

/** What a chip says, its bytes, its identification, or its query table; and what it does next. */
export interface AmdState {
  readonly mode: 'array' | 'identification' | 'query'
  readonly step: 'none' | 'unlocked' | 'command' | 'program' | 'erase' | 'eraseUnlocked' | 'eraseCommand'
}

const [UNLOCK, UNLOCK_MORE] = [0x555, 0x2aa]
/** Address wires that commands look at. */
const COMMAND_WIRES = 0x7ff
const [ERASE_CHIP, ERASE_SECTOR] = [0x10, 0x30]

const ARRAY: AmdState = { mode: 'array', step: 'none' }

export class AmdChip implements FlashCommands<AmdState> {
  readonly #chip: FlashChip
  readonly #query: ReadonlyMap<number, number>
  readonly #cells: FlashCells
  #state = ARRAY

  constructor(chip: FlashChip, cells: FlashCells) {
    this.#chip = chip
    this.#query = queryTable(chip)
    this.#cells = cells
  }

  get givesArray(): boolean {
    return this.#state.mode === 'array'
  }

  /** The query table; or manufacturer, device, and that a sector is not protected. */
  read(word: number): number {
    const at = word & 0xff
    if (this.#state.mode === 'query') return this.#query.get(at) ?? 0
    return [this.#chip.manufacturer, this.#chip.device][at] ?? 0
  }

  write(word: number, value: number): void {
    const command = value & 0xff
    if (this.#state.step === 'program') this.#cells.program(word, value)
    if (this.#state.step === 'eraseCommand') this.#erase(word, command)
    this.#state = next(this.#state, word & COMMAND_WIRES, command, this.#chip.hasQuery)
  }

  #erase(word: number, command: number): void {
    if (command === ERASE_SECTOR) this.#cells.erase(this.#cells.sectorOf(word))
    if (command !== ERASE_CHIP) return
    const count = this.#chip.sectors.reduce((sum, [each]) => sum + each, 0)
    for (let sector = 0; sector < count; sector++) this.#cells.erase(sector)
  }

  save(): AmdState {
    return this.#state
  }

  restore(state: AmdState): void {
    this.#state = state
  }
}

/** What a chip is after a write cycle. */
function next({ mode, step }: AmdState, word: number, command: number, hasQuery: boolean): AmdState {
  const unlocks = word === UNLOCK && command === 0xaa
  const unlocksMore = word === UNLOCK_MORE && command === 0x55
  switch (step) {
    case 'unlocked':
      return { mode, step: unlocksMore ? 'command' : 'none' }
    case 'command':
      if (word !== UNLOCK) return ARRAY
      if (command === 0x90) return { mode: 'identification', step: 'none' }
      if (command === 0xa0) return { mode: 'array', step: 'program' }
      return command === 0x80 ? { mode: 'array', step: 'erase' } : ARRAY
    case 'erase':
      return unlocks ? { mode, step: 'eraseUnlocked' } : ARRAY
    case 'eraseUnlocked':
      return unlocksMore ? { mode, step: 'eraseCommand' } : ARRAY
    case 'program':
    case 'eraseCommand':
      return ARRAY
    case 'none':
      if (unlocks) return { mode, step: 'unlocked' }
      if (hasQuery && (word & 0xff) === 0x55 && command === 0x98) return { mode: 'query', step: 'none' }
      return command === 0xf0 ? ARRAY : { mode, step: 'none' }
  }
}
