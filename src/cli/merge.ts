// `ppc440 merge`: the coverage of several runs as one.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { lcovText, mergeCoverage, parseLcov } from '../measure/lcov.ts'
import { UserError } from '../util/userError.ts'

export const USAGE = `usage: ppc440 merge OUT.info IN.info...

The coverage of several runs (--coverage) as one file: counts of the same lines, functions and branches add up. OUT.info may
be one of the others. For example: ppc440 merge all.info test1.info test2.info`

export async function merge(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const [out, ...inputs] = positionals
  if (out === undefined || inputs.length === 0)
    throw new UserError('no-files', 'no files to merge are given', 'see ppc440 merge --help')
  const runs = inputs.map(path => parseLcov(readText(path), path))
  writeFileSync(out, lcovText(mergeCoverage(runs)))
  return 0
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError('unreadable', `cannot read ${path}: ${why}`, 'give files that --coverage has written')
  }
}
