// I12 on programs nobody wrote for this: the examples on the board, and C programs with a C library as Linux processes.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { have } from '../support/tools.ts'
import { random, runDebugged, runPlain } from './support/programs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const MB = 1024 * 1024
const SEEDS = [1, 2, 3]

function compare(create: () => Machine, most: number): void {
  const plain = runPlain(create(), most, random(0))
  let met = { hardware: 0, software: 0, data: 0 }
  for (const seed of SEEDS) {
    const { hits, ...debugged } = runDebugged(create(), most, plain, random(seed))
    const { exit, retired, hash } = plain
    expect({ ...debugged, seed }).toEqual({ exit, retired, hash, seed })
    met = { hardware: met.hardware + hits.hardware, software: met.software + hits.software, data: met.data + hits.data }
  }
  // Proof that there was something to notice.
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(0)
}

describe('I12: a program on the board does not notice that it is debugged', () => {
  test.each(['coffee/coffee.elf', 'asm/primes.elf'])('%s', name => {
    const program = readElf(readFileSync(join(root, 'examples', name)))
    compare(() => new Machine({ ramSize: 4 * MB, core: '440ep', reset: 'boot' }, program), 500_000)
  })
})

const GCC = 'powerpc-linux-gnu-gcc'

describe.skipIf(!have(GCC))(`I12: nor does a Linux process (${GCC})`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'debugged-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each(['files', 'memory', 'signals'])('%s', name => {
    const executable = join(directory, name)
    const options = ['-mcpu=440fp', '-O1', '-w', '-D_FILE_OFFSET_BITS=64', '-static', '-fno-pie', '-no-pie']
    const { status, stderr } = spawnSync(GCC, [...options, join(root, `test/guest/linux/${name}.c`), '-o', executable])
    expect(stderr.toString()).toBe('')
    expect(status).toBe(0)
    const program = readElf(readFileSync(executable))
    const process = { executable, args: [name], environment: [], directory }
    compare(() => new Machine({ ramSize: 32 * MB, core: '440ep', reset: 'boot', process }, program), 400_000)
  })
})
