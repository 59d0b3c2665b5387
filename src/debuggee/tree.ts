// What a Variables or Watch tree is made of, whatever it shows: variables, members, registers.

/** Something with children. */
export interface Container {
  /** All children, or of those counted by number the `count` from `start` on. */
  children(start?: number, count?: number): readonly Child[]
  /** One of them by its name, where that is found without making the others. */
  child?(name: string): Child | undefined
}

/** The child that a row shows under this name; of several the first. */
export const childNamed = (container: Container, name: string): Child | undefined =>
  container.child === undefined ? container.children().find(each => each.name === name) : container.child(name)

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
