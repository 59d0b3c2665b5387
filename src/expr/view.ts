// What an object is to the program's author rather than to the compiler: a vector its elements, a smart pointer what it
// points to. Formatters make these of structures (formatters/).

import type { Context } from './context.ts'
import type { Value } from './value.ts'

export type ObjectView = ElementsView | PartsView | TextView | TargetView | DamagedView | UnfitView

/** So many things in order. */
export interface ElementsView {
  readonly kind: 'elements'
  readonly count: number
  /** Its type alone says how many there are. */
  readonly isFixed: boolean
  /** Each is found by way of those before it. */
  readonly isLinked: boolean
  /** Its elements are pairs, `first` a key that no other has, by which `second` is found. */
  readonly isMap: boolean
  /** @returns why there is none */
  at(index: number): Value | string
}

/** What its author would have shown of it, under names. */
export interface PartsView {
  readonly kind: 'parts'
  readonly parts: readonly NamedPart[]
}

export interface NamedPart {
  readonly name: string
  readonly value: Value
  /** How it is reached behind a `.`, where it is a member or a member's. */
  readonly path: string | undefined
}

/** An array of characters, all of which count: a NUL does not end it. */
export interface TextView {
  readonly kind: 'text'
  readonly array: Value
}

/** What `*` and `->` lead to. */
export interface TargetView {
  readonly kind: 'target'
  /** Absent where there is no pointer, but the object itself may be there or not. */
  readonly pointer?: Value
  /** Undefined where it leads to nothing. */
  readonly object: Value | undefined
  /** What else a line should say: `use count 2`. */
  readonly notes: readonly string[]
}

/** Before its constructor ran, or after something wrote over it. */
export interface DamagedView {
  readonly kind: 'damaged'
  readonly why: string
}

/** A row that somebody wrote for its type speaks of what that has not. */
interface UnfitView {
  readonly kind: 'unfit'
  readonly why: string
}

export interface Formatters {
  /** Undefined where there is no formatter for its type, or nothing of it is known. */
  viewOf(value: Value, context: Context): ObjectView | undefined
}
