// Other names of things: by using-declarations, by namespace aliases, and templates as people write them.

import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import type { Unit } from '../dwarf/unit.ts'

/** Each is looked into for every name there is none of. */
const mostOpened = 64
/** Of a name's parts, for each of which another name may stand. */
const mostParts = 64

/** An entry by its place, for whoever looks it up later. */
type NameAt = (place: number) => string | undefined

/**
 * What C++ lets people write in place of the name that the debug information has: namespaces by another name, names
 * brought in by `using` (DWARF 5, §3.2.3 to §3.2.5), templates with other blanks.
 */
export class NameAliases {
  /** A namespace's other name, or a name brought into one: the entry meant. */
  readonly #imported = new Map<string, number>()
  /** The namespaces that `using namespace` opens to a whole file. */
  readonly #opened = new Set<number>()
  readonly #templates = new Map<string, string>()
  readonly #nameAt: NameAt

  constructor(nameAt: NameAt) {
    this.#nameAt = nameAt
  }

  addTemplate(name: string): void {
    this.#templates.set(withoutBlanks(name), name)
  }

  /** An entry that makes something visible: DW_TAG_imported_declaration or DW_TAG_imported_module. */
  addImport(die: Die, unit: Unit, scope: string): void {
    const attribute = die.attribute(DW_AT.import)
    const target = attribute && unit.alone(attribute)
    if (target === undefined) return
    const own = die.string(DW_AT.name) ?? target.string(DW_AT.name)
    if (die.tag === DW_TAG.imported_declaration && own !== undefined) this.#imported.set(scope + own, target.place)
    else if (die.tag === DW_TAG.imported_module && target.has(DW_AT.name) && scope === '')
      if (this.#opened.size < mostOpened) this.#opened.add(target.place)
  }

  /** The names that this one may stand for, the most likely first. */
  *of(name: string): Generator<string> {
    if (name.includes('<')) yield* this.#known(this.#templates.get(withoutBlanks(name)))
    let parts = 0
    for (let end = name.length; end > 0 && parts++ < mostParts; end = name.lastIndexOf('::', end - 1)) {
      const target = this.#imported.get(name.slice(0, end))
      if (target !== undefined) for (const other of this.#known(this.#nameAt(target))) yield other + name.slice(end)
    }
    for (const opened of this.#opened) for (const scope of this.#known(this.#nameAt(opened))) yield `${scope}::${name}`
  }

  *#known(name: string | undefined): Generator<string> {
    if (name !== undefined) yield name
  }
}

/** `Ring<short int, (& x)>` as `Ring<short,&x>`. */
const withoutBlanks = (name: string): string =>
  name
    .replace(/\b(long|short)( unsigned)? int\b/g, '$1$2')
    .replace(/\(& ?([\w:]+)\)/g, '&$1')
    .replace(/\s+(?!\w)|(?<!\w)\s+/g, '')
