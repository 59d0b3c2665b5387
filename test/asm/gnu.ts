// What GNU as and ld make of a source, read by GNU's own tools: the same questions are put to our files.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Assembly, assembleText } from '../../src/asm/assembler.ts'

export const AS = 'powerpc-linux-gnu-as'
export const LD = 'powerpc-linux-gnu-ld'
export const OBJDUMP = 'powerpc-linux-gnu-objdump'
export const READELF = 'powerpc-linux-gnu-readelf'
export const GNU = [AS, LD, OBJDUMP, READELF]

const run = (command: string, ...args: string[]): string =>
  spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout

/** Runs GNU as with names of registers. @returns the lines it refuses */
export function gnuAs(
  source: string,
  object: string,
  ...options: string[]
): { status: number | null; refused: number[] } {
  const { status, stderr } = spawnSync(AS, ['-m440', '-mregnames', ...options, source, '-o', object], {
    encoding: 'utf8',
  })
  const refused = [...stderr.matchAll(/^[^:]*:(\d+): Error/gm)].map(([, line]) => Number(line))
  return { status, refused: [...new Set(refused)] }
}

export const ours = (source: string): Assembly =>
  assembleText(readFileSync(source, 'utf8'), source, path => readFileSync(join(dirname(source), path), 'utf8'))

/** Sections that only one of the two writes, and nobody runs. */
const NOT_OURS = /gnu\.attributes|eh_frame|^\.debug/

/** An object as objdump and readelf see it: contents by section, relocations, symbols; each in an order of its own. */
export const objectAsRead = (file: string) => ({
  contents: contentsOf(file),
  relocations: relocationsOf(file),
  symbols: run(READELF, '-sW', file)
    .split('\n')
    .filter(line => /^ +\d+:/.test(line) && !/SECTION|FILE/.test(line))
    .map(symbolLine)
    .sort(),
})

/** Each as its section, offset, type and what it is about. */
function relocationsOf(file: string): string[] {
  const parts = run(READELF, '-rW', file).split(/^Relocation section '\.rela(\S+)'/m)
  const lines: string[] = []
  for (let i = 1; i < parts.length; i += 2)
    if (!NOT_OURS.test(parts[i]!))
      for (const line of parts[i + 1]!.split('\n').filter(line => /R_PPC/.test(line)))
        lines.push(
          `${parts[i]} ${line
            .trim()
            .replace(/^(\S+)\s+\S+/, '$1')
            .replace(/\s+/g, ' ')}`,
        )
  return lines.sort()
}

/** Without its number, and with no number of its section but that of those that are none. */
const symbolLine = (line: string): string =>
  line
    .trim()
    .replace(/^\d+: /, '')
    .replace(/ +\d+ (\S+)$/, ' section $1')

/** The bytes of every section that has some, as hexadecimal lines with addresses. */
export function contentsOf(file: string): Record<string, string> {
  const sections: Record<string, string> = {}
  const parts = run(OBJDUMP, '-s', '-w', file).split(/^Contents of section (.*):$/m)
  for (let i = 1; i < parts.length; i += 2) {
    const lines = parts[i + 1]!.trim().split('\n')
    if (!NOT_OURS.test(parts[i]!))
      sections[parts[i]!] = lines.map(line => line.trim().replace(/ {2}.*$/, '')).join('\n')
  }
  return sections
}
