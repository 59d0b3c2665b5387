// The units of a program, found when its debug information is opened.

import { note } from '../elf/problems.ts'
import type { ObjectFile } from '../elf/types.ts'
import { DW_AT } from './constants.ts'
import { tolerate } from './error.ts'
import { FileUnits, lastAtOrBefore, type SharedUnits } from './fileUnits.ts'
import type { DwarfSections } from './sections.ts'
import { packagedIds, splitParts } from './split.ts'
import type { Unit } from './unit.ts'

/** All units of a program. Opening it reads headers only; damage costs the units from there on, and is noted. */
export interface Dwarf {
  readonly sections: DwarfSections
  /** The compilation units of `.debug_info`, in order; in the place of a skeleton what was split off, if that is there. */
  readonly units: readonly Unit[]
  /** The type units (§3.1.4), wherever they lie. */
  readonly typeUnits: readonly Unit[]
  /** Units of which a file that is not there has all but lines. */
  readonly missing: readonly SplitUnit[]
  /** The unit that holds the entry at this place, in whatever file. */
  containing(place: number): Unit | undefined
  /** Where damage is noted. */
  readonly problems: string[]
}

/** A unit that was split off: the skeleton in the program says where to, and by which id to know it. */
export interface SplitUnit {
  readonly id: string | undefined
  /** As the compiler named it: absolute, or relative to the directory it ran in. */
  readonly name: string
  readonly directory: string | undefined
}

export function openDwarf(sections: DwarfSections, splitFiles: readonly ObjectFile[] = []): Dwarf {
  const shared: SharedUnits = { problems: [], types: new Map() }
  const { problems } = shared
  const own = new FileUnits(sections, shared)
  own.read('.debug_info')
  own.read('.debug_types')
  const files = [own]
  const splitOff = new Map<string, Unit>()
  let base = tolerate(problems, 0, () => (sections.has('.debug_info') ? sections.reader('.debug_info').end : 0))
  for (const file of splitFiles) {
    tolerate(problems, undefined, () => {
      for (const part of splitParts(file, sections)) {
        const units = new FileUnits(part.sections, shared, { base })
        base += part.size
        units.read(part.section)
        if (part.section === '.debug_info') files.push(units)
        for (const unit of units.compiled) {
          const id = tolerate(problems, undefined, () => unit.splitId)
          if (id !== undefined && !splitOff.has(id)) splitOff.set(id, unit)
        }
      }
    })
  }
  const missing: SplitUnit[] = []
  const units = own.compiled.map(unit => {
    const wanted = tolerate(problems, undefined, () => splitUnit(unit, sections))
    if (wanted === undefined) return unit
    const found = wanted.id === undefined ? undefined : splitOff.get(wanted.id)
    if (found === undefined) {
      missing.push(wanted)
      return unit
    }
    found.skeleton = unit
    return found
  })
  if (missing.length > 0) note(problems, missingProblem(missing))
  return {
    sections,
    units,
    typeUnits: [...shared.types.values()],
    missing,
    containing(place) {
      const file = files[lastAtOrBefore(files, each => each.base, place)]
      return file?.containing(place - file.base)
    },
    problems,
  }
}

/** Which unit was split off, if this is the skeleton of one (DWARF 5, §3.1.2; GNU's before is a unit like others). */
function splitUnit(unit: Unit, sections: DwarfSections): SplitUnit | undefined {
  // Without addresses by index nothing is split; this spares a kernel the look at every unit.
  if (!sections.has('.debug_addr')) return undefined
  const { root } = unit
  const name = root.string(DW_AT.dwo_name) ?? root.string(DW_AT.GNU_dwo_name)
  return name === undefined ? undefined : { id: unit.splitId, name, directory: root.string(DW_AT.comp_dir) }
}

/** The ids of the units that a file has, where that is a `.dwo` or a `.dwp`. */
export function splitIds(file: ObjectFile, program: DwarfSections): Set<string> {
  const shared: SharedUnits = { problems: [], types: new Map() }
  const ids = tolerate(shared.problems, [], () => packagedIds(file) ?? [...unitIds(file, program, shared)])
  return new Set(ids)
}

function* unitIds(file: ObjectFile, program: DwarfSections, shared: SharedUnits): Generator<string> {
  for (const { sections, section } of splitParts(file, program)) {
    const units = new FileUnits(sections, shared, { base: 0 })
    units.read(section)
    for (const unit of units.compiled) {
      const id = tolerate(shared.problems, undefined, () => unit.splitId)
      if (id !== undefined) yield id
    }
  }
}

const MOST_LISTED = 3

function missingProblem(missing: readonly SplitUnit[]): string {
  const names = [...new Set(missing.map(({ name }) => name))]
  const listed = names.slice(0, MOST_LISTED).join(', ')
  const shown = names.length > MOST_LISTED ? `${listed} and ${names.length - MOST_LISTED} other files` : listed
  return `Variables and types are missing that the compiler has put into ${shown} (-gsplit-dwarf); lines and names of functions are known. Put them where the compiler had them or beside the program, or all of them, as a package, beside it under its name with .dwp; or say in "sourceMap" where their folder is now.`
}
