// What an instruction does, as a typed tree: parse.ts makes it of a meaning, and the generators of code read it.

import type { FieldName, FunctionName, PlaceName, RegisterField } from './language.ts'

/** `i64` is for exact sums that do not fit in a register; a `bool` is the outcome of a comparison. */
export type Type = 'i32' | 'i64' | 'bool'

/** Shifts take the low five bits of their right side; `>>>` is the logical one. Comparisons are signed. */
export type BinaryOperator =
  | ArithmeticOperator
  | ComparisonOperator
  /** Of two bools; the right side has no effects, so that it does not matter whether it is looked at. */
  | '&&'
  | '||'
export type ArithmeticOperator = '+' | '-' | '*' | '&' | '|' | '^' | '<<' | '>>' | '>>>'
export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '===' | '!=='

export type Expression =
  | { readonly op: 'constant'; readonly type: 'i32'; readonly value: number }
  /** An immediate or a register number; it is known when the instruction word is. */
  | { readonly op: 'field'; readonly type: 'i32'; readonly name: FieldName }
  | GeneralRegister
  | { readonly op: 'place'; readonly type: 'i32'; readonly name: PlaceName }
  | ConditionField
  | { readonly op: 'temporary'; readonly type: Type; readonly name: string }
  | { readonly op: 'unary'; readonly type: Type; readonly operator: '-' | '~' | '!'; readonly value: Expression }
  | {
      readonly op: 'binary'
      readonly type: Type
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly op: 'choose'
      readonly type: Type
      readonly condition: Expression
      readonly then: Expression
      readonly otherwise: Expression
    }
  /** From `i32` to `i64`, with the sign. */
  | { readonly op: 'extend'; readonly type: 'i64'; readonly value: Expression }
  /** From `i64` to `i32`: the low half. */
  | { readonly op: 'cut'; readonly type: 'i32'; readonly value: Expression }
  | Call

/** The general register that a field of the word names; `orZero`: register 0 stands for the number 0. */
export interface GeneralRegister {
  readonly op: 'register'
  readonly type: 'i32'
  readonly field: RegisterField
  readonly orZero: boolean
}

/** A field of CR as four bits, LT first; `number` is one of 0 to 7, known with the word. */
export interface ConditionField {
  readonly op: 'conditionField'
  readonly type: 'i32'
  readonly number: Expression
}

export interface Call {
  readonly op: 'call'
  /** `void`: for what it does, not for a value. */
  readonly type: Type | 'void'
  readonly name: FunctionName
  readonly args: readonly Expression[]
}

/** What can be assigned to. CA, OV and SO take a bool, the others an `i32`. */
export type Target =
  | GeneralRegister
  | ConditionField
  | { readonly op: 'place'; readonly name: PlaceName }
  /** CR0 records how the value compares with 0. */
  | { readonly op: 'record' }
  /** Where the program goes on. */
  | { readonly op: 'nextInstruction' }

export type Statement =
  | { readonly kind: 'assign'; readonly target: Target; readonly value: Expression }
  /** A temporary; it is given its value once. */
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'if'; readonly condition: Expression; readonly body: Statement }
  /** `body` if the branch is taken, after CTR has been counted down if BO says so (manual p.46). */
  | { readonly kind: 'ifTaken'; readonly body: Statement }
