// What a device on the bus is.

/** Bytes of one access. */
export type Size = 1 | 2 | 4

/** Something on the bus with registers: big-endian, offsets in bytes from where it is mapped. */
export interface Device {
  readonly name: string
  /** Bytes of address space it answers to. */
  readonly size: number
  read(offset: number, size: Size): number
  write(offset: number, size: Size, value: number): void
  /** What `read` would return, without its side effects: for debuggers and views. */
  peek(offset: number, size: Size): number
}

/** Something whose state a snapshot takes along, as plain data. */
export interface Stateful<State> {
  save(): State
  restore(state: State): void
}
