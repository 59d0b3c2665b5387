// A source of instructions, a line each, by our assembler and by GNU's.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assembleText } from '../../src/asm/assembler.ts'
import { relocatable } from '../../src/asm/relocatable.ts'
import { contentsOf, gnuAs, ours } from './gnu.ts'

/** Where the two differ: in what they refuse, or in the bytes of what both take; `folder` is for files. */
export function compareLines(
  lines: readonly string[],
  folder: string,
): { readonly assembled: number; readonly differences: string[] } {
  const [source, theirs, own] = ['lines.s', 'theirs.o', 'own.o'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const write = (each: readonly string[]) => writeFileSync(source, `${each.join('\n')}\n`)
  write(lines)
  const refused = new Set(gnuAs(source, theirs).refused)
  const refusedHere = new Set(lines.filter(isRefused))
  const differences = lines.flatMap((line, i) => {
    if (refused.has(i + 1) === refusedHere.has(line)) return []
    return [`${line.trim()}: ${refused.has(i + 1) ? 'taken here only' : 'refused here only'}`]
  })
  const good = lines.filter((line, i) => !refused.has(i + 1) && !refusedHere.has(line))
  write(good)
  gnuAs(source, theirs)
  writeFileSync(own, relocatable(ours(source).object))
  const rows = [own, theirs].map(file => contentsOf(file)['.text']!.split('\n'))
  rows[0]!.forEach((row, i) => {
    if (row !== rows[1]![i]) differences.push(`${good.slice(4 * i, 4 * i + 4).join(';')}: ${row} and ${rows[1]![i]}`)
  })
  return { assembled: good.length, differences }
}

/** Whether a line is refused here, asked alone: an assembly stops at its hundredth problem. */
const isRefused = (line: string): boolean => assembleText(line, 'line', () => '').problems.length > 0
