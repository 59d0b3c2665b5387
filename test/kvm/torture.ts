// A spread over GCC's torture tests as Linux processes, each run as it is and with breakpoints all over it (I12).

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { build, pool } from '../torture/build.ts'
import { tortureTests } from '../torture/suite.ts'
import { random, runDebugged, runPlain } from './support/programs.ts'

/** Longer ones are compared as far as this. */
const MOST = 3_000_000

/** @returns whether every program that can be built ran the same with breakpoints as without. */
export async function debugTorture(count: number): Promise<boolean> {
  const script = fileURLToPath(new URL('../../scripts/guests/sources.sh', import.meta.url))
  if (spawnSync('bash', [script, 'torture'], { stdio: 'inherit' }).status !== 0) throw new Error(`${script} failed`)
  const directory = mkdtempSync(join(tmpdir(), 'torture-'))
  const all = tortureTests()
  const chosen = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!)
  const different: string[] = []
  const met = { hardware: 0, software: 0, data: 0 }
  let instructions = 0
  await pool(chosen, 2, async one => {
    const built = await build(one, 'glibc', '-O2', directory)
    if ('error' in built) return
    const { program } = built
    const elf = readElf(readFileSync(program))
    const create = (): Machine => {
      const process = { executable: program, args: [one.name], environment: [], directory }
      return new Machine({ ramSize: 32 << 20, core: '440ep', reset: 'boot', process }, elf)
    }
    const plain = runPlain(create(), MOST, random(0))
    const debugged = runDebugged(create(), MOST, plain, random(1))
    if (plain.hash !== debugged.hash || plain.retired !== debugged.retired) different.push(one.name)
    instructions += plain.retired
    for (const kind of ['hardware', 'software', 'data'] as const) met[kind] += debugged.hits[kind]
    rmSync(program)
  })
  rmSync(directory, { recursive: true })
  console.log(`${count} torture tests, ${instructions} instructions; met ${JSON.stringify(met)}`)
  for (const name of different) console.log(`failed: ${name} differs under a debugger`)
  return different.length === 0 && met.hardware > 0
}
