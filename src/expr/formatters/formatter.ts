// A formatter: a class or template by its name, and in expressions of C over its members how it is to be shown. They are
// understood as in a member function: its members, the types that it declares, and `T1`, `T2` … for the arguments of the
// template that are types, `N1`, `N2` … for those that are numbers.

export type Formatter = About &
  (As | PartsFormat | RangeFormat | Items | ListFormat | TreeFormat | Bases | Pointer | Optional | VariantFormat)

interface About {
  /** Where a row is from that is not the debugger's own; where none of them fits a type, that is told with it. */
  readonly origin?: string
  /** `std::vector`: the class of that name, or the template with any arguments; `std::vector<bool, *>`: with these. */
  readonly type: string
  /** Expressions with names of their own, each for those after it and for all below. */
  readonly names?: Readonly<Record<string, string>>
  /** What is wrong with it where an expression gives 0 or cannot be evaluated: a sentence's end, and the expression. */
  readonly valid?: Readonly<Record<string, string>>
  /** Its elements are pairs `first`, `second` with a key that no other has. */
  readonly isMap?: boolean
  /** Numbers that the line tells too, with what they are. */
  readonly notes?: Readonly<Record<string, string>>
}

/** As one of its members would be shown. */
interface As {
  readonly show: 'as'
  readonly value: string
}

/** The values of expressions, under names. */
interface PartsFormat {
  readonly show: 'parts'
  readonly parts: Readonly<Record<string, string>>
}

/** `size` elements from where `first` points; or characters. */
interface RangeFormat {
  readonly show: 'array' | 'text'
  readonly first: string
  readonly size: string
}

/** `size` elements, each the value of `item` for its number `i`. */
interface Items {
  readonly show: 'items'
  readonly size: string
  readonly item: string
}

/** Nodes that lead to each other: the next one of `node`, until `end`, and what is in `node`. */
interface ListFormat {
  readonly show: 'list'
  /** Absent: as many as there are. */
  readonly size?: string
  readonly first: string
  readonly next: string
  readonly end: string
  readonly value: string
}

/** Nodes of a binary tree, in order. */
interface TreeFormat {
  readonly show: 'tree'
  readonly size: string
  readonly root: string
  readonly left: string
  readonly right: string
  readonly value: string
}

/** An element in each class of a chain of base classes: in the chain's last base, in a member of this name. */
interface Bases {
  readonly show: 'bases'
  readonly member: string
}

interface Pointer {
  readonly show: 'pointer'
  readonly pointer: string
}

/** One object, if `has`. */
interface Optional {
  readonly show: 'optional'
  readonly has: string
  readonly value: string
}

/** An object of one of the types that are the template's arguments: of that with this number, counted from 0. */
interface VariantFormat {
  readonly show: 'variant'
  readonly index: string
  /** Where it is, whichever it is. */
  readonly storage: string
}
