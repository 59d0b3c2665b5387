// What a Variables or Watch tree is made of, whatever it shows: variables, members, registers.

/** Something with children. */
export interface Container {
  /** All children, or of those counted by number the `count` from `start` on. */
  children(start?: number, count?: number): readonly Child[]
  /** Children that have names, beside those counted by number. */
  named?(): readonly Child[]
  /** One of them by its name, where that is found without making the others. */
  child?(name: string): Child | undefined
}

/** The child that a row shows under this name; of several the first. */
export const childNamed = (container: Container, name: string): Child | undefined =>
  container.child === undefined ? container.children().find(each => each.name === name) : container.child(name)

/** Children of one kind alone, where there are both: those counted by number, of them some, or the others. */
export function filteredChildren(
  container: Container,
  filter: 'indexed' | 'named' | undefined,
  start?: number,
  count?: number,
): readonly Child[] {
  if (container.named === undefined) return container.children(start, count)
  if (filter === 'named') return container.named()
  const indexed = container.children(start, count)
  return filter === undefined && start === undefined ? [...indexed, ...container.named()] : indexed
}

/** What a row has inside, and of what kind. */
export type Inside = Pick<Child, 'container' | 'namedVariables' | 'indexedVariables'>

/** Of a longer array, or one that damage made endless, no more is made at once, whoever asks. */
const MOST_AT_ONCE = 10_000

/** Of `count` children `[0]`, `[1]` … the numbers of those from `start` on that are asked for. */
export function numbersOf(count: number, start = 0, wanted = count): readonly number[] {
  const end = Math.min(start + wanted, start + MOST_AT_ONCE, count)
  return Array.from({ length: Math.max(end - start, 0) }, (_, i) => start + i)
}

/** The number in `[12]`; undefined for every other name. */
export function numberIn(name: string): number | undefined {
  const digits = /^\[(\d{1,15})\]$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** A row. */
export interface Child {
  readonly name: string
  readonly value: string
  readonly type?: string | undefined
  readonly container?: Container | undefined
  readonly namedVariables?: number | undefined
  readonly indexedVariables?: number | undefined
  /** For the memory view: where it lies; of a pointer, where it points. */
  readonly address?: number | undefined
  /** Where it lies, whatever it is: what a data breakpoint can watch. */
  readonly place?: number | undefined
  /** The address of an instruction that it holds: its source can be gone to. */
  readonly code?: number | undefined
  /** How many bytes lie there, where its type says so. */
  readonly size?: number | undefined
  /** What to type into Watch to see it again. */
  readonly evaluateName?: string | undefined
  /** Takes a new value as typed. @returns the new text. @throws UserError. Absent: read-only. */
  set?(text: string): string
}
