// From counts of instructions to what was covered of the source: lines, functions, and of each conditional branch both
// ways (object-code branch coverage).

import type { Program } from '../debuggee/program.ts'
import { type ElfFile, SHF } from '../elf/types.ts'
import { isBranch, isUnconditional } from '../isa/flow.ts'
import type { ExecutionCounts } from './counts.ts'
import { type FileCoverage, newFile } from './lcov.ts'

/** What the program has in its sections of code, as it was loaded. */
function* instructions(elf: ElfFile): Generator<readonly [address: number, word: number]> {
  for (const section of elf.sections) {
    if ((section.flags & SHF.EXECINSTR) === 0 || section.size === 0) continue
    const bytes = elf.contents(section.name)
    if (bytes === undefined) continue
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at + 4 <= bytes.length; at += 4) yield [section.addr + at, view.getInt32(at)]
  }
}

/** A line of one function: what is executed most often of it is how often it was. */
interface LineOfFunction {
  readonly file: FileCoverage
  readonly line: number
  most: number
}

/**
 * A line is counted as often as the instruction of it that was executed most often, in each function that has code of it;
 * where a function was copied by inlining, and in several functions, these add up.
 */
export function coverageOf(program: Program, counts: ExecutionCounts): readonly FileCoverage[] {
  const { symbols, elf } = program
  const files = new Map<string, FileCoverage>()
  const lines = new Map<string, LineOfFunction>()
  const fileOf = (path: string): FileCoverage => {
    let file = files.get(path)
    if (file === undefined) files.set(path, (file = newFile(path)))
    return file
  }
  let entry = -1
  for (const [address, word] of instructions(elf)) {
    const place = program.lineAt(address)
    if (place === undefined || place.line === 0) continue
    const count = counts.of(address)
    const file = fileOf(place.path)
    const info = symbols.functionAt(address)
    if (info !== undefined && info.low !== entry) {
      entry = info.low
      const name = info.linkageName ?? info.name
      if (info.low === address && info.path !== undefined && info.line !== undefined)
        fileOf(info.path).functions.set(name, { line: info.line, count })
    }
    const copy = symbols.inlineChainAt(address)[0]?.die.offset ?? 0
    const key = `${place.path}:${place.line}:${info?.low ?? 0}:${copy}`
    const known = lines.get(key)
    if (known === undefined) lines.set(key, { file, line: place.line, most: count })
    else if (count > known.most) known.most = count
    if (isBranch(word) && !isUnconditional(word)) {
      const taken = counts.taken(address)
      file.branches.push({ line: place.line, address, taken, passed: count - taken })
    }
  }
  for (const { file, line, most } of lines.values()) file.lines.set(line, (file.lines.get(line) ?? 0) + most)
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}
