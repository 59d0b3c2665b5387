import type { Canonical, SeenFrame, SeenStop } from './stops.ts'

/** One thing that differs, with what each of the two says. */
export interface Difference {
  readonly kind: 'frames' | 'place' | 'variables' | 'value'
  readonly instruction: number
  readonly where: string
  /** Of the frame, and of the innermost one. */
  readonly pc: number
  readonly innermost: number
  readonly ours: string
  readonly theirs: string
}

export interface Comparison {
  readonly stops: number
  readonly frames: number
  readonly values: number
  readonly missing: number
  readonly differences: readonly Difference[]
}

/** What the two views of these stops have in common, as numbers, and every difference. */
export function compareStops(stops: readonly SeenStop[]): Comparison {
  const differences: Difference[] = []
  let [frames, values, missing] = [0, 0, 0]
  for (const { instruction, ours, theirs } of stops) {
    const note = (kind: Difference['kind'], where: string, pc: number, a: string, b: string) => {
      if (a !== b) differences.push({ kind, instruction, where, pc, innermost: ours[0].pc, ours: a, theirs: b })
    }
    note('frames', plain(ours[0].function), ours[0].pc, chain(ours), chain(theirs))
    for (const [i, shown] of ours.entries()) {
      const frame = withoutDoubles(shown)
      const other = theirs[i] && withoutDoubles(theirs[i])
      if (other === undefined || plain(other.function) !== plain(frame.function)) break
      frames++
      const where = `${frame.function}+0x${frame.pc.toString(16)}`
      note('place', where, frame.pc, `${frame.file}:${frame.line}`, `${other.file}:${other.line}`)
      note('variables', where, frame.pc, names(frame), names(other))
      if (names(frame) !== names(other)) continue
      for (const [n, [name, value]] of frame.variables.entries()) {
        values++
        if (value === 'missing') missing++
        note('value', `${where} ${name}`, frame.pc, text(whole(value)), text(whole(other.variables[n][1])))
      }
    }
  }
  return { stops: stops.length, frames, values, missing, differences }
}

const chain = (frames: readonly SeenFrame[]): string =>
  frames
    .map(each => ({ ...each, name: plain(each.function) }))
    .map(({ name, inlined, pc }) => `${name}${inlined ? ' (inlined)' : ''} 0x${pc.toString(16)}`)
    .join(' < ')

/**
 * Arguments of templates are written in many ways, lambdas called by the function around them or by nothing; of some
 * functions gdb tells the parameters, and it calls an inherited constructor by the base's name.
 */
const plain = (name: string | null): string =>
  withoutArguments(withoutParameters(name ?? '??'))
    .replace(/^\w+(\(.*\))?::\$_\d+::/, '')
    .replace(/(_Optional_payload|__uniq_ptr_data)::\w+$/, '$1::$1')

/** `Ring<int>::push` as `Ring::push`. */
function withoutArguments(name: string): string {
  let text = ''
  let depth = 0
  // What looks like brackets in the names of operators.
  for (const part of name.match(/operator(<=>|<<=|>>=|<<|>>|->\*?|[<>]=?)|[^<>]+|[<>]/g) ?? []) {
    if (part === '<') depth++
    else if (part === '>') depth--
    else if (depth === 0) text += part
  }
  return text
}

/** `f(int (*)(char)) const` as `f`. */
function withoutParameters(name: string): string {
  const text = name.replace(/ const$/, '')
  if (!text.endsWith(')')) return name
  let at = text.length - 1
  for (let depth = 0; at > 0; at--) {
    if (text[at] === ')') depth++
    else if (text[at] === '(' && --depth === 0) break
  }
  return /(^|operator)$/.test(text.slice(0, at)) ? name : text.slice(0, at)
}

/** The compiler's own parameters, which we hide. */
const hidden = ['__in_chrg', '__vtt_parm', '__closure', 'vtt']

/**
 * gdb lists the variables of an inner block of which no code is left in the block around it, even under a name that it
 * has there already. We list such a variable only where its name says nothing else; so here each name counts once.
 */
function withoutDoubles(frame: SeenFrame): SeenFrame {
  const count = new Map<string, number>()
  for (const [name] of frame.variables) count.set(name, (count.get(name) ?? 0) + 1)
  const variables = frame.variables.filter(([name, value]) => {
    if (hidden.includes(name)) return false
    const left = count.get(name)!
    if (left === 1 || whole(value) !== 'missing') return true
    count.set(name, left - 1)
    return false
  })
  return { ...frame, variables }
}

/** Something of which every part is missing is missing; gdb finds no element in an array that is. */
function whole(value: Canonical): Canonical {
  if (typeof value === 'string') return value
  return lacks(value) ? 'missing' : value
}

const lacks = (value: Canonical): boolean =>
  typeof value === 'string' ? value === 'missing' : value.every(part => lacks(isNamed(part) ? part[1] : part))

const isNamed = (part: Canonical): part is readonly [string, Canonical] =>
  Array.isArray(part) &&
  part.length === 2 &&
  typeof part[0] === 'string' &&
  !/^(missing|unreadable|-?\d+)$/.test(part[0])

const names = (frame: SeenFrame): string => frame.variables.map(([name]) => name).join(' ')
/** Python and JavaScript write exponents at other sizes. */
const text = (value: Canonical): string =>
  JSON.stringify(value).replace(/"float ([^"]+)"/g, (all, number: string) =>
    Number.isNaN(Number(number)) ? all : `"float ${Number(number)}"`,
  )
