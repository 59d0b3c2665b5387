// A function as people and gdb name it: `f`, `ns::f`, `Class::method`, `f(int, char*)`, `operator()`, `file.c:f`.

export interface FunctionSpec {
  /** Only functions of this file are meant. */
  readonly file?: string
  /** Namespaces, classes and the function's own name. */
  readonly path: readonly string[]
  /** It began with `::`: the whole path is given. */
  readonly isWhole: boolean
  /** Types of the parameters, without blanks: one of several overloads is meant. */
  readonly parameters?: string
}

/** Undefined where the text is no name. */
export function functionSpec(text: string): FunctionSpec | undefined {
  const [, quoted, plain, rest] = /^(?:'([^']+)':{1,2}|([^\s:()<>]+\.\w+):(?!:))(.*)$/s.exec(text.trim()) ?? []
  const file = quoted ?? plain
  const named = (rest ?? text).trim()
  const isWhole = named.startsWith('::')
  const { name, parameters } = splitParameters(isWhole ? named.slice(2) : named)
  const path = components(name)
  if (path.some(each => each === '')) return undefined
  return { ...(file !== undefined && { file }), path, isWhole, ...(parameters !== undefined && { parameters }) }
}

/** Whether a function of this qualified name is one of those meant. */
export function isMeant({ path, isWhole }: FunctionSpec, qualified: readonly string[]): boolean {
  if (isWhole ? path.length !== qualified.length : path.length > qualified.length) return false
  const end = qualified.slice(qualified.length - path.length)
  return path.every((wanted, n) => wanted === end[n] || wanted === withoutArguments(end[n]!))
}

/** Whether a function whose name the linker has as this is one of those meant: `sum(int, int)` of `sum`. */
export function isMeantByLinker(spec: FunctionSpec, demangled: string): boolean {
  const { name, parameters } = splitParameters(demangled)
  return (
    isMeant(spec, components(name)) &&
    (spec.parameters === undefined || sameParameters(parameters ?? '', spec.parameters))
  )
}

/** `largest` of `largest<int>`; the name of an operator may have these characters itself. */
export const withoutArguments = (component: string): string =>
  component.startsWith('operator') ? component : component.replace(/<.*$/s, '')

/** The parameters that a demangled name tells, without blanks: `Dev*,int` of `net::poll(Dev*, int) const`. */
export const parametersOf = (demangled: string): string | undefined => splitParameters(demangled).parameters

/** `ns::v<a::b>::f` as `ns`, `v<a::b>`, `f`. */
export function components(name: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  const isOperator = /(^|::)operator\W*$/
  for (let at = 0; at < name.length; at++) {
    const character = name[at]!
    if (isOperator.test(name.slice(Math.max(0, at - 12), at))) continue
    if ('<(['.includes(character)) depth++
    else if ('>)]'.includes(character)) depth--
    else if (character === ':' && name[at + 1] === ':' && depth === 0) {
      parts.push(name.slice(from, at).trim())
      from = at + 2
      at++
    }
  }
  return [...parts, name.slice(from).trim()]
}

function splitParameters(text: string): { readonly name: string; readonly parameters?: string } {
  const end = text.lastIndexOf(')')
  let depth = 0
  for (let at = end; at >= 0; at--) {
    if (text[at] === ')') depth++
    else if (text[at] === '(' && --depth === 0) {
      const name = text.slice(0, at).trim()
      // `operator()` without parameters, `(anonymous namespace)::f`.
      if (name === '' || name.endsWith('::') || /(^|::|\W)operator$/.test(name) || text.startsWith('::', end + 1)) break
      const inside = withoutBlanks(text.slice(at + 1, end))
      return { name, parameters: inside === 'void' ? '' : inside }
    }
  }
  return { name: text.trim() }
}

const withoutBlanks = (parameters: string): string => parameters.replace(/\s+/g, ' ').replace(/ (?!\w)|(?<!\w) /g, '')

/** Whether two lists of types are the same, whoever has written them: `char const*` is `const char *`, `long` is `long int`. */
export function sameParameters(a: string, b: string): boolean {
  const [left, right] = [a, b].map(text => separated(text).map(canonical))
  return left.length === right.length && left.every((type, i) => type === right[i])
}

/** The types of a list, those in brackets each with the type around it. */
function separated(list: string): string[] {
  const types: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < list.length; at++) {
    if ('<('.includes(list[at])) depth++
    else if ('>)'.includes(list[at])) depth--
    else if (list[at] === ',' && depth === 0) {
      types.push(list.slice(from, at))
      from = at + 1
    }
  }
  const last = list.slice(from)
  return types.length === 0 && /^\s*(void)?\s*$/.test(last) ? [] : [...types, last]
}

/** The words before the first star in order of the alphabet, without what says nothing. */
function canonical(type: string): string {
  const [, words, rest] = /^([^*&(<[]*)(.*)$/s.exec(type)!
  const all = words.trim().split(/\s+/)
  const isLong = all.some(word => ['short', 'long', 'unsigned', 'signed'].includes(word))
  const kept = all.filter(word => !(isLong && (word === 'int' || (word === 'signed' && !all.includes('char')))))
  return withoutBlanks(`${(kept.length > 0 ? kept : ['int']).sort().join(' ')} ${rest}`)
}
