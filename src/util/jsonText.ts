// JSON that a person has written: values that know where they stand, so that what is wrong with one can be said with its
// line. Comments (`//` and `/* */`) and a comma behind the last element are taken, as in the editor's own files.

export interface JsonPlace {
  /** From 1. */
  readonly line: number
  readonly column: number
}

export type JsonValue = JsonPlace &
  (
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'truth'; readonly value: boolean }
    | { readonly kind: 'null'; readonly value: null }
    | { readonly kind: 'list'; readonly items: readonly JsonValue[] }
    | { readonly kind: 'record'; readonly members: ReadonlyMap<string, JsonMember> }
  )

/** A member of a record: where its name stands, and its value. */
export interface JsonMember {
  readonly at: JsonPlace
  readonly value: JsonValue
}

/** What is wrong with a text, and where. */
export class JsonProblem extends Error {
  readonly at: JsonPlace

  constructor(message: string, at: JsonPlace) {
    super(message)
    this.at = at
  }
}

/** Values within each other, at most. */
const MOST_DEPTH = 64
const BLANK = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y
const TEXT = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const WORD = /[\w.+-]+/y
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** @throws JsonProblem */
export function readJson(text: string): JsonValue {
  const reader = new JsonReader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class JsonReader {
  readonly #text: string
  #at = 0
  /** Where the line of `#placed` begins. */
  #lineStart = 0
  #line = 1
  #placed = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): JsonValue {
    const at = this.#next()
    if (depth === MOST_DEPTH) throw new JsonProblem(`values within each other more than ${MOST_DEPTH} deep`, at)
    if (this.#takes('{')) return { ...at, kind: 'record', members: this.#members(depth) }
    if (this.#takes('[')) return { ...at, kind: 'list', items: this.#items(depth) }
    const text = this.#match(TEXT)
    if (text !== undefined) return { ...at, kind: 'text', value: JSON.parse(text) as string }
    return { ...at, ...this.#word(at) }
  }

  end(): void {
    const at = this.#next()
    if (this.#at < this.#text.length) throw new JsonProblem('something follows the end', at)
  }

  #members(depth: number): ReadonlyMap<string, JsonMember> {
    const members = new Map<string, JsonMember>()
    this.#each('}', at => {
      const quoted = this.#match(TEXT)
      if (quoted === undefined) throw new JsonProblem('a name in double quotes is wanted', at)
      const name = JSON.parse(quoted) as string
      if (members.has(name)) throw new JsonProblem(`"${name}" is given twice`, at)
      const colon = this.#next()
      if (!this.#takes(':')) throw new JsonProblem(`":" is wanted behind "${name}"`, colon)
      members.set(name, { at, value: this.value(depth + 1) })
    })
    return members
  }

  #items(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = []
    this.#each(']', () => items.push(this.value(depth + 1)))
    return items
  }

  /** What stands between commas, up to `end`. */
  #each(end: string, read: (at: JsonPlace) => void): void {
    for (;;) {
      const at = this.#next()
      if (this.#takes(end)) return
      read(at)
      const behind = this.#next()
      if (this.#takes(',')) continue
      if (this.#takes(end)) return
      throw new JsonProblem(`"," or "${end}" is wanted`, behind)
    }
  }

  #word(at: JsonPlace) {
    const word = this.#match(WORD)
    if (word === 'true' || word === 'false') return { kind: 'truth', value: word === 'true' } as const
    if (word === 'null') return { kind: 'null', value: null } as const
    if (word !== undefined && NUMBER.test(word)) return { kind: 'number', value: Number(word) } as const
    if (word !== undefined && /^-?0x/i.test(word))
      throw new JsonProblem(`${word} stands without quotes: JSON has no hexadecimal numbers, write "${word}"`, at)
    throw new JsonProblem(word === undefined ? 'a value is wanted' : `${word.slice(0, 40)} is no value`, at)
  }

  #takes(character: string): boolean {
    const is = this.#text[this.#at] === character
    if (is) this.#at++
    return is
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  /** Skips blanks and comments. @returns where it is then */
  #next(): JsonPlace {
    this.#match(BLANK)
    for (let end = this.#text.indexOf('\n', this.#placed); end >= 0 && end < this.#at; ) {
      this.#line++
      this.#lineStart = this.#placed = end + 1
      end = this.#text.indexOf('\n', this.#placed)
    }
    return { line: this.#line, column: this.#at - this.#lineStart + 1 }
  }
}
