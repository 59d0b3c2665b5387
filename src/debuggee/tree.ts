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
  /** How many bytes lie there, where its type says so. */
  readonly size?: number | undefined
  /** What to type into Watch to see it again. */
  readonly evaluateName?: string | undefined
  /** Takes a new value as typed. @returns the new text. @throws UserError. Absent: read-only. */
  set?(text: string): string
}
