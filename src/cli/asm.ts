// `ppc440 asm`: a source into a program or an object, without a toolchain.

import { readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_BASE, link } from '../asm/link.ts'
import { type AsmProblem, problemText } from '../asm/problem.ts'
import { relocatable } from '../asm/relocatable.ts'
import { assembleSource } from '../asm/source.ts'
import { UserError } from '../util/userError.ts'

export const USAGE = `usage: ppc440 asm SOURCE.s [-o FILE] [-c] [--base ADDRESS]

Assembles a source in the syntax of GNU as for the 440 and links it: an ELF file with line information, ready to be run
and debugged. Execution begins at _start, or else at the first instruction.

  -o, --output FILE   where to (default: the name of the source with .elf, or with .o after -c)
  -c                  an object for a linker, with what the source does not define left open
  --base ADDRESS      where the program begins (default: 0x100000)

Exit status: 0; 1 where the source has errors, which are printed as FILE:LINE:COLUMN: error: TEXT.

For example: ppc440 asm program.s -o program.elf`

export const ASM_OPTIONS = {
  output: { type: 'string', short: 'o' },
  c: { type: 'boolean', short: 'c' },
  base: { type: 'string' },
  help: { type: 'boolean' },
} as const

export async function asm(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv)
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const [path, ...others] = positionals
  if (path === undefined) throw new UserError('no-program', 'no source is given', 'ppc440 asm SOURCE.s')
  if (others.length > 0) throw new UserError('bad-option', `${others[0]} is one source too many`, 'give one')
  const base = addressOf(values.base)
  const source = await read(path)
  const folder = dirname(path)
  const { object, problems } = await assembleSource(source, path, name => read(resolve(folder, name)))
  if (failed(problems)) return 1
  const output = values.output ?? path.replace(/\.[^./\\]*$/, '') + (values.c === true ? '.o' : '.elf')
  if (values.c === true) {
    await write(output, relocatable(object))
    return 0
  }
  const linked = link(object, resolve(path), base)
  if (failed(linked.problems)) return 1
  await write(output, linked.file)
  return 0
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: ASM_OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UserError('bad-option', error instanceof Error ? error.message : String(error), 'ppc440 asm --help')
  }
}

/** Prints problems. @returns whether one of them is an error */
function failed(problems: readonly AsmProblem[]): boolean {
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`)
  return problems.some(({ severity }) => severity === 'error')
}

function addressOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_BASE
  const address = /^(0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : Number.NaN
  if (!(address < 2 ** 32) || address % 4 !== 0)
    throw new UserError('bad-option', `--base is ${text}`, 'it must be an address that is a multiple of 4: 0x100000')
  return address
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UserError('unreadable', `cannot read ${path}: ${reason(error)}`, 'give the path of a source')
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes)
  } catch (error) {
    throw new UserError('unwritable', `cannot write ${path}: ${reason(error)}`, 'name another file with -o')
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
