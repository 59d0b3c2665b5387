// The tree of an expression. Every node knows where in the text it stands, for errors.

import type { CType } from '../symbols/types.ts'
import type { Context } from './context.ts'
import type { Rational } from './exact.ts'
import type { Value } from './value.ts'

export type UnaryOperator = '+' | '-' | '!' | '~' | '*' | '&' | '__real__' | '__imag__'
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^'
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>='
export type BinaryOperator = ArithmeticOperator | ComparisonOperator

/** A name, with `a::b` in one piece. */
export interface Name {
  readonly name: string
  /** It is that of a certain file: `'main.c'::calls`. */
  readonly file?: string
  /** It began with `::`: no local variable and no member is meant (C++17, §6.4.3). */
  readonly isGlobal?: boolean
}

/** What the names in one text have in common. */
export interface NameScope {
  /** The macros in whose text they stand. */
  readonly macros: readonly string[]
  /** How many macros may still be replaced by their texts, of all that the whole expression leads to. */
  readonly replacements: { left: number }
  /** What a name that stands there often leads to is found out once. */
  readonly known: Map<string, (context: Context) => Value>
  /** Asked first what a name is. */
  readonly named?: ((name: { readonly name: string; readonly position: number }) => Evaluate | undefined) | undefined
}

type Evaluate = (context: Context) => Value

export type Node = { readonly position: number } & (
  | { readonly kind: 'integer'; readonly value: bigint; readonly type: CType }
  | { readonly kind: 'float'; readonly value: number | Rational; readonly type: CType }
  | { readonly kind: 'string'; readonly bytes: Uint8Array; readonly element: CType }
  | (Name & { readonly kind: 'name'; readonly inside: NameScope })
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'logical'; readonly operator: '&&' | '||'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'conditional'; readonly condition: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'cast'; readonly type: CType; readonly operand: Node; readonly isReinterpreted?: boolean }
  | { readonly kind: 'dynamicCast'; readonly type: CType; readonly operand: Node }
  /** To the type of `like`, or with so many stars to a pointer: `(typeof(x) *)p`. */
  | { readonly kind: 'castLike'; readonly like: Node; readonly stars: number; readonly operand: Node }
  /** `object.*pointer`, `object->*pointer`. */
  | { readonly kind: 'memberOf'; readonly object: Node; readonly pointer: Node; readonly arrow: boolean }
  | { readonly kind: 'sizeof' | 'alignof'; readonly operand: Node }
  | { readonly kind: 'index'; readonly array: Node; readonly index: Node }
  | { readonly kind: 'member'; readonly object: Node; readonly name: string; readonly arrow: boolean }
  /** `=`, or with an operator `+=` and its like; `after` is what `i++` gives: the value it had. */
  | {
      readonly kind: 'assign'
      readonly operator?: ArithmeticOperator
      readonly target: Node
      readonly value: Node
      readonly after?: boolean
    }
)
