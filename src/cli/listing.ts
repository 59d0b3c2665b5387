// What the commands that list something have in common: one program, what of it is wanted, lines on standard output.

import { parseArgs } from 'node:util'
import type { Program } from '../debuggee/program.ts'
import { UserError } from '../util/userError.ts'
import { readProgram } from './program.ts'

export type Output = (line: string) => void

/** Hex as listings have it, without a prefix. */
export const digits = (value: number, count: number): string => (value >>> 0).toString(16).padStart(count, '0')

/** @returns the exit status. @throws UserError where no program is given, or as `list` does */
export async function listing(
  argv: readonly string[],
  usage: string,
  list: (program: Program, wanted: readonly string[], out: Output) => void,
): Promise<number> {
  const help = { type: 'boolean', short: 'h', default: false } as const
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { help } })
  const [path, ...wanted] = positionals
  if (!values.help && path === undefined) throw new UserError('no-program', 'no program is given', usage)
  const lines: string[] = []
  if (values.help || path === undefined) lines.push(usage)
  else list(await readProgram(path), wanted, line => void lines.push(line))
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}
