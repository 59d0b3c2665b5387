// What the tests know of examples/: lines by their text, and where objdump says a line begins.

import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const OBJDUMP = 'powerpc-linux-gnu-objdump'

export const hasObjdump = spawnSync(OBJDUMP, ['--version']).status === 0

/** The line of a file of the examples that holds `text`: lines move, texts stay. */
export function lineOf(path: string, text: string): number {
  const lines = readFileSync(`examples/${path}`, 'utf8').split('\n')
  const index = lines.findIndex(line => line.includes(text))
  if (index < 0) throw new Error(`examples/${path} has no "${text}"`)
  return index + 1
}

/** The lowest address objdump gives for a line: where a breakpoint on a statement belongs. */
export function addressOf(program: string, source: string, line: number): number {
  const table = execFileSync(OBJDUMP, ['--dwarf=decodedline', `examples/${program}`], { encoding: 'utf8' })
  const rows = table
    .split('\n')
    .map(row => /^(\S+)\s+(\d+)\s+0x([0-9a-f]+)/.exec(row.trim()))
    .filter(row => row?.[1] === source && Number(row[2]) === line)
    .map(row => Number.parseInt(row![3]!, 16))
  if (!rows.length) throw new Error(`${program} has no code for ${source}:${line}`)
  return Math.min(...rows)
}
