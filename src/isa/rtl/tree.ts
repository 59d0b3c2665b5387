// What an instruction does, as a typed tree: parse.ts makes it of a meaning, the generators of code and flow analysis
// read it.

import type { FieldName, FunctionName, PlaceName, RegisterField } from './language.ts'

/** `i64` is for exact sums that do not fit in a register; a `bool` is the outcome of a comparison. */
export type RtlType = 'i32' | 'i64' | 'bool'

/** Shifts take the low five bits of their right side; `>>>` is the logical one. Comparisons are signed. */
export type RtlOperator =
  | ('+' | '-' | '*' | '&' | '|' | '^' | '<<' | '>>' | '>>>')
  | ('<' | '<=' | '>' | '>=' | '===' | '!==')
  /** Of two bools; the right side has no effects, so that it does not matter whether it is looked at. */
  | ('&&' | '||')

export type RtlExpression =
  /** A `bool` is 0 or 1: what a flag is set to. */
  | { readonly op: 'constant'; readonly type: 'i32' | 'bool'; readonly value: number }
  /** An immediate or a register number; it is known when the instruction word is. */
  | { readonly op: 'field'; readonly type: 'i32'; readonly name: FieldName }
  | GeneralRegister
  | { readonly op: 'place'; readonly type: 'i32'; readonly name: PlaceName }
  | ConditionField
  | { readonly op: 'temporary'; readonly type: RtlType; readonly name: string }
  | { readonly op: 'unary'; readonly type: RtlType; readonly operator: '-' | '~' | '!'; readonly value: RtlExpression }
  | {
      readonly op: 'binary'
      readonly type: RtlType
      readonly operator: RtlOperator
      readonly left: RtlExpression
      readonly right: RtlExpression
    }
  | {
      readonly op: 'choose'
      readonly type: RtlType
      readonly condition: RtlExpression
      readonly then: RtlExpression
      readonly otherwise: RtlExpression
    }
  /** From `i32` to `i64`, with the sign. */
  | { readonly op: 'extend'; readonly type: 'i64'; readonly value: RtlExpression }
  /** From `i64` to `i32`: the low half. */
  | { readonly op: 'cut'; readonly type: 'i32'; readonly value: RtlExpression }
  | RtlCall

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
  readonly number: RtlExpression
}

export interface RtlCall {
  readonly op: 'call'
  /** `void`: for what it does, not for a value. */
  readonly type: RtlType | 'void'
  readonly name: FunctionName
  readonly args: readonly RtlExpression[]
}

/** What can be assigned to. CA, OV and SO take a bool, the others an `i32`. */
export type RtlTarget =
  | GeneralRegister
  | ConditionField
  | { readonly op: 'place'; readonly name: PlaceName }
  /** CR0 records how the value compares with 0. */
  | { readonly op: 'record' }
  /** Where the program goes on. */
  | { readonly op: 'nextInstruction' }

export type Statement =
  | { readonly kind: 'assign'; readonly target: RtlTarget; readonly value: RtlExpression }
  /** A temporary; it is given its value once. */
  | { readonly kind: 'let'; readonly name: string; readonly value: RtlExpression }
  | { readonly kind: 'call'; readonly call: RtlCall }
  | { readonly kind: 'if'; readonly condition: RtlExpression; readonly body: Statement }
  /** `body` if the branch is taken, after CTR has been counted down if BO says so (manual p.46). */
  | { readonly kind: 'ifTaken'; readonly body: Statement }
