// Conditional branches by name: `bdnz+`, `beqlr`, `bltctrl-`. A name is made of what BO and BI ask for and of where
// the branch goes, so the rows are the product of two small tables.

import type { Form } from './form.ts'

/** Where a conditional branch goes: primary opcode, the bits after BI, and the suffix of the name. */
interface Destination {
  readonly suffix: string
  readonly primary: string
  readonly rest: string
  readonly operand: string
}

const RELATIVE: readonly Destination[] = [
  { suffix: '', primary: '010000', rest: 'bd:14 00', operand: 'bd' },
  { suffix: 'l', primary: '010000', rest: 'bd:14 01', operand: 'bd' },
  { suffix: 'a', primary: '010000', rest: 'bd:14 10', operand: 'bd_abs' },
  { suffix: 'la', primary: '010000', rest: 'bd:14 11', operand: 'bd_abs' },
]
const LINK: readonly Destination[] = [
  { suffix: 'lr', primary: '010011', rest: '/// bh:2 00000100000', operand: 'bh?' },
  { suffix: 'lrl', primary: '010011', rest: '/// bh:2 00000100001', operand: 'bh?' },
]
const COUNT: readonly Destination[] = [
  { suffix: 'ctr', primary: '010011', rest: '/// bh:2 10000100000', operand: 'bh?' },
  { suffix: 'ctrl', primary: '010011', rest: '/// bh:2 10000100001', operand: 'bh?' },
]

/** What BO and BI ask for. `y` is the hint; `z` is a bit that the names ignore where only bc has them. */
interface Condition {
  readonly name: string
  readonly bo: string
  readonly bi: string
  readonly operand?: string
}

const IF_FALSE = ['bge~', 'ble~', 'bne~', 'bns~']
const IF_TRUE = ['blt~', 'bgt~', 'beq~', 'bso~']
const onBit = (names: readonly string[], bo: string): Condition[] =>
  names.map((name, bit) => ({ name, bo, bi: `bf:3 ${bit.toString(2).padStart(2, '0')}`, operand: 'bf?' }))

const conditions = (z: 'z:1' | '0'): readonly Condition[] => [
  ...onBit(IF_FALSE, `001 ${z} y:1`),
  ...onBit(IF_TRUE, `011 ${z} y:1`),
]
const counting = (z: 'z:1' | '0'): readonly Condition[] => [
  { name: 'bdnzf~', bo: '0000 y:1', bi: 'bi:5', operand: 'bi' },
  { name: 'bdzf~', bo: '0001 y:1', bi: 'bi:5', operand: 'bi' },
  { name: 'bdnzt~', bo: '0100 y:1', bi: 'bi:5', operand: 'bi' },
  { name: 'bdzt~', bo: '0101 y:1', bi: 'bi:5', operand: 'bi' },
  { name: 'bdnz~', bo: `1 ${z} 00 y:1`, bi: '00000' },
  { name: 'bdz~', bo: `1 ${z} 01 y:1`, bi: '00000' },
]
const ALWAYS: Condition = { name: 'b', bo: '10100', bi: '00000' }
/** What has no name is written with its numbers. */
const NUMBERED: Condition = { name: 'bc', bo: 'bo:5', bi: 'bi:5', operand: 'bo, bi' }

const product = (conditions: readonly Condition[], destinations: readonly Destination[]): Form[] =>
  conditions.flatMap(condition => destinations.map(destination => named(condition, destination)))

/** The suffix stands before the hint: `beqlr-`. */
function named(condition: Condition, { suffix, primary, rest, operand }: Destination): Form {
  const [stem, hint = ''] = condition.name.split(/(?=~)/)
  return {
    name: `${stem}${suffix}${hint}`,
    pattern: `${primary} ${condition.bo} ${condition.bi} ${rest}`,
    operands: condition.operand === undefined ? operand : `${condition.operand}, ${operand}`,
  }
}

/** The hint of the numbered forms is printed where BO's y is set and the branch goes forward. */
const hinted = (form: Form): Form[] => [
  { ...form, name: `${form.name}+`, when: ({ bo, bd = 0 }) => (bo! & 1) !== 0 && bd < 0x2000 },
  form,
]

/** Other names of the same conditions, and `bt` and `bf` for any bit of CR. Nothing prints them. */
const ALIASES = (z: 'z:1' | '0'): readonly Condition[] => [
  ...onBit(['bnl~', 'bng~'], `001 ${z} y:1`),
  { name: 'bnu~', bo: `001 ${z} y:1`, bi: 'bf:3 11', operand: 'bf?' },
  { name: 'bun~', bo: `011 ${z} y:1`, bi: 'bf:3 11', operand: 'bf?' },
  { name: 'bf~', bo: `001 ${z} y:1`, bi: 'bi:5', operand: 'bi' },
  { name: 'bt~', bo: `011 ${z} y:1`, bi: 'bi:5', operand: 'bi' },
]
/** The numbered forms with a hint by name: y is added to what BO has. */
export const WRITTEN_BRANCHES: readonly Form[] = [
  ...product(ALIASES('0'), [...RELATIVE, ...LINK, ...COUNT]),
  ...product([{ ...NUMBERED, name: 'bc~' }], [...RELATIVE, ...LINK, ...COUNT]),
]

export const BRANCHES: readonly Form[] = [
  ...product([...counting('z:1'), ...conditions('z:1')], RELATIVE),
  ...product([...counting('0'), ...conditions('0'), ALWAYS], LINK),
  ...product([...conditions('0'), ALWAYS], COUNT),
  ...product([NUMBERED], [...RELATIVE, ...LINK, ...COUNT]).flatMap(hinted),
]
