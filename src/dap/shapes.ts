// What a value may look like, as data, and the one check that holds a value from outside against it.

/** `anything` is for what nobody here looks at. A number is a whole one everywhere in the protocol's requests. */
export type Shape =
  | 'anything'
  | 'text'
  | 'flag'
  | 'integer'
  | { readonly from: number; readonly to: number }
  | { readonly oneOf: readonly string[] }
  | { readonly listOf: Shape }
  | { readonly mapOf: Shape }
  | RecordShape

export interface RecordShape {
  readonly required: ShapeFields
  readonly optional: ShapeFields
}

type ShapeFields = Readonly<Record<string, Shape>>

/** The type of what conforms to a shape that is written down `as const`. */
export type ValueOf<S> = S extends 'text'
  ? string
  : S extends 'flag'
    ? boolean
    : S extends 'integer' | { readonly from: number }
      ? number
      : S extends { readonly oneOf: readonly (infer Choice)[] }
        ? Choice
        : S extends { readonly listOf: infer Item }
          ? readonly ValueOf<Item>[]
          : S extends { readonly mapOf: infer Item }
            ? Readonly<Record<string, ValueOf<Item>>>
            : unknown

/** What is wrong with a value: where it stands, what it is, and what it must be. */
export class Misfit extends Error {
  readonly path: string
  readonly value: unknown
  readonly wanted: string

  constructor(path: string, value: unknown, wanted: string) {
    super(`"${path}" is ${describe(value)}: it must be ${wanted}`)
    this.path = path
    this.value = value
    this.wanted = wanted
  }
}

/** No request needs more; what does is a mistake or an attack, and would keep everything else waiting. */
export const MOST_ITEMS = 2048
export const MOST_CHARACTERS = 1 << 21

/**
 * The value as its shape has it: members of a record that nobody declared are left out, and an optional one that is
 * `null` counts as absent, as some clients write it. @throws Misfit
 */
export function conform(value: unknown, shape: Shape, path: string): unknown {
  if (shape === 'anything') return value
  if (shape === 'text') return checked(typeof value === 'string' && value.length <= MOST_CHARACTERS, value, shape, path)
  if (shape === 'flag') return checked(typeof value === 'boolean', value, shape, path)
  if (shape === 'integer') return checked(Number.isSafeInteger(value), value, shape, path)
  if ('from' in shape)
    return checked(Number.isSafeInteger(value) && isWithin(value as number, shape), value, shape, path)
  if ('oneOf' in shape) return checked(shape.oneOf.includes(value as string), value, shape, path)
  if ('listOf' in shape) {
    checked(Array.isArray(value) && value.length <= MOST_ITEMS, value, shape, path)
    return (value as unknown[]).map((item, i) => conform(item, shape.listOf, `${path}[${i}]`))
  }
  checked(typeof value === 'object' && value !== null && !Array.isArray(value), value, shape, path)
  return 'mapOf' in shape ? map(value as object, shape.mapOf, path) : record(value as object, shape, path)
}

const isWithin = (value: number, { from, to }: { from: number; to: number }): boolean => value >= from && value <= to

function checked(isRight: boolean, value: unknown, shape: Shape, path: string): unknown {
  if (!isRight) throw new Misfit(path, value, wantedBy(shape))
  return value
}

function map(value: object, item: Shape, path: string): unknown {
  const entries = Object.entries(value)
  if (entries.length > MOST_ITEMS) throw new Misfit(path, value, `an object of at most ${MOST_ITEMS} members`)
  return Object.fromEntries(entries.map(([key, each]) => [key, conform(each, item, `${path}[${describe(key)}]`)]))
}

function record(value: object, { required, optional }: RecordShape, path: string): unknown {
  const out: Record<string, unknown> = {}
  const member = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  const inner = (name: string): string => (path === ARGUMENTS ? name : `${path}.${name}`)
  for (const [name, shape] of Object.entries(required)) out[name] = conform(member(name), shape, inner(name))
  for (const [name, shape] of Object.entries(optional)) {
    const found = member(name)
    if (found !== undefined && found !== null) out[name] = conform(found, shape, inner(name))
  }
  return out
}

/** What the whole is called; its members go by their own names. */
export const ARGUMENTS = 'arguments'

function wantedBy(shape: Shape): string {
  if (typeof shape === 'string') return WANTED[shape]
  if ('oneOf' in shape) return `one of ${shape.oneOf.map(choice => `"${choice}"`).join(', ')}`
  if ('from' in shape) {
    if (shape.from === shape.to) return String(shape.from)
    return shape.to === Number.MAX_SAFE_INTEGER
      ? `a whole number, ${shape.from} or more`
      : `a whole number from ${shape.from} to ${shape.to}`
  }
  if ('listOf' in shape) return `a list of at most ${MOST_ITEMS} items`
  return 'an object'
}

const WANTED = {
  anything: 'anything',
  text: `a text of at most ${MOST_CHARACTERS} characters`,
  flag: 'true or false',
  integer: 'a whole number',
} as const

const LONGEST_QUOTE = 60

/** A value in a sentence: short, whatever it is. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string')
    return JSON.stringify(value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
