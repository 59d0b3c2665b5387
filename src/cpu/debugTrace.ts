// A record of what the debug facility did: every event, every acknowledgement, every Debug interrupt, with DBSR before
// and after. Off unless somebody asks for it, and then bounded: the oldest entries make room for the newest.

/** On whose behalf the facility acts: the software whose values are in its registers. */
export type Owner = 'guest' | 'debugger' | 'host'

export type DebugTraceKind =
  /** Bits of DBSR were set. */
  | 'event'
  /** Bits of DBSR were cleared by writing them as 1. */
  | 'acknowledged'
  /** A Debug interrupt was taken. */
  | 'interrupt'
  /** The facility got another owner. DBSR is the guest's, which waits for it while a debugger is there. */
  | 'owner'

export interface DebugTraceEntry {
  /** Instructions the guest had retired. */
  readonly insn: number
  readonly pc: number
  readonly owner: Owner
  readonly kind: DebugTraceKind
  /** DBSR, unsigned. */
  readonly before: number
  readonly after: number
}

export class DebugTrace {
  owner: Owner = 'guest'
  readonly #where: () => { readonly insn: number; readonly pc: number }
  readonly #limit: number
  readonly #entries: DebugTraceEntry[] = []
  /** Place of the oldest entry once the limit is reached. */
  #oldest = 0

  constructor(where: () => { readonly insn: number; readonly pc: number }, limit: number) {
    this.#where = where
    this.#limit = limit
  }

  note(kind: DebugTraceKind, before: number, after: number): void {
    const { insn, pc } = this.#where()
    const entry = { insn, pc: pc >>> 0, owner: this.owner, kind, before: before >>> 0, after: after >>> 0 }
    if (this.#entries.length < this.#limit) this.#entries.push(entry)
    else {
      this.#entries[this.#oldest] = entry
      this.#oldest = (this.#oldest + 1) % this.#limit
    }
  }

  /** Oldest first. */
  get entries(): readonly DebugTraceEntry[] {
    return [...this.#entries.slice(this.#oldest), ...this.#entries.slice(0, this.#oldest)]
  }
}
