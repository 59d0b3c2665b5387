// The units of a program, found when its debug information is opened.

import { note } from '../elf/problems.ts'
import { readAbbreviations } from './abbrev.ts'
import { DW_AT, DW_UT } from './constants.ts'
import { tolerate } from './error.ts'
import type { DwarfSections } from './sections.ts'
import { Unit, type Units } from './unit.ts'

/** All units of a program. Opening it reads headers only; damage costs the units from there on, and is noted. */
export interface Dwarf extends Units {
  readonly sections: DwarfSections
  /** The compilation units of `.debug_info`, in order. */
  readonly units: readonly Unit[]
  /** The type units (§3.1.4), wherever they lie. */
  readonly typeUnits: readonly Unit[]
}

export function openDwarf(sections: DwarfSections): Dwarf {
  const problems: string[] = []
  const all: Unit[] = []
  const types = new Map<string, Unit>()
  const tables = new Map<number, ReturnType<typeof readAbbreviations>>()
  const units: Units = {
    problems,
    abbreviations(offset) {
      let table = tables.get(offset)
      if (table === undefined) {
        // Before anything is read it may be too much already.
        sections.spend('.debug_abbrev', 0)
        const reader = sections.reader('.debug_abbrev', offset)
        table = readAbbreviations(reader)
        sections.spend('.debug_abbrev', reader.offset - offset)
        tables.set(offset, table)
      }
      return table
    },
    containing(offset) {
      const unit = all[lastAtOrBefore(all, offset)]
      return unit !== undefined && offset < unit.end ? unit : undefined
    },
    ofSignature: signature => types.get(signature),
  }
  for (const section of ['.debug_info', '.debug_types']) {
    if (!sections.has(section)) continue
    const reader = sections.reader(section)
    while (!reader.atEnd) {
      const start = reader.offset
      const unit = tolerate(problems, undefined, () => new Unit(sections, reader, units))
      if (unit !== undefined) {
        if (unit.signature !== undefined) types.set(unit.signature, unit)
        if (section === '.debug_info') all.push(unit)
      }
      // Where not even the length could be read there is no way to the next unit.
      if (reader.offset <= start + 4) break
    }
  }
  const elsewhere = tolerate(problems, [], () => splitFiles(all, sections))
  if (elsewhere.length > 0) note(problems, splitProblem(elsewhere))
  const compiled = all.filter(unit => unit.unitType !== DW_UT.type && unit.unitType !== DW_UT.split_type)
  return { sections, units: compiled, typeUnits: [...types.values()], ...units }
}

/** The files that hold what `-gsplit-dwarf` has left out of the program: all but lines (DWARF 5, §3.1.2; GNU's before). */
function splitFiles(units: readonly Unit[], sections: DwarfSections): string[] {
  // Without addresses by index nothing is split; this spares a kernel the look at every unit.
  if (!sections.has('.debug_addr')) return []
  return units.flatMap(({ root }) => root.string(DW_AT.dwo_name) ?? root.string(DW_AT.GNU_dwo_name) ?? [])
}

function splitProblem(files: readonly string[]): string {
  const shown = files.slice(0, 3).join(', ') + (files.length > 3 ? ' and others' : '')
  return `The program was built with -gsplit-dwarf: its variables and types are in ${shown}, which are not read. Lines and names of functions are known; build without -gsplit-dwarf for the rest.`
}

/** The index of the last unit that starts at or before `offset`, or -1. */
function lastAtOrBefore(units: readonly Unit[], offset: number): number {
  let low = 0
  let high = units.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (units[middle].offset <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}
