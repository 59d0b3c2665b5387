// `npm run test:csmith [COUNT [FIRST]]`: random C programs, built for the 440 with soft float at -O0 and -O2, whose
// checksum has to be the one qemu-ppc prints, with the same run on both engines. Needs Debian's csmith and libcsmith-dev;
// programs that run for too long under QEMU do not count.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sameRun } from '../compiler/sameRun.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const directory = join(root, '.cache/csmith')
const [count = 100, first = 1] = process.argv.slice(2).map(Number)
const SECONDS = 3

function command(name: string, args: readonly string[], timeout = 60_000) {
  const { status, stdout, stderr, error } = spawnSync(name, args, { cwd: directory, encoding: 'utf8', timeout })
  if (error !== undefined && !error.message.includes('ETIMEDOUT')) throw error
  return { status, out: stdout, error: stderr }
}

const HEADERS = '/usr/include/csmith'

async function compare(seed: number): Promise<'same' | 'differs' | 'too long'> {
  const source = join(directory, `${seed}.c`)
  writeFileSync(source, command('csmith', ['--seed', String(seed), '--no-packed-struct', '--max-funcs', '6']).out)
  for (const level of ['-O0', '-O2']) {
    const program = join(directory, `${seed}${level}`)
    const built = command(join(root, 'scripts/guests/cc440'), [
      'soft',
      level,
      '-w',
      '-I',
      HEADERS,
      source,
      '-o',
      program,
    ])
    if (built.status !== 0) throw new Error(built.error)
    const real = command('qemu-ppc', ['-cpu', '440', program], 1000 * SECONDS)
    if (real.status === null) return 'too long'
    const ours = await sameRun(['--machine', 'linux-user', '--core', '440-nofpu', program], { directory })
    rmSync(program)
    if (ours.difference !== undefined) {
      console.log(`seed ${seed} ${level}: ${ours.difference}`)
      return 'differs'
    }
    if (ours.status === real.status && ours.out === real.out) continue
    console.log(
      `seed ${seed} ${level}: ${ours.out.trim()} (${ours.status}) and not ${real.out.trim()} (${real.status})`,
    )
    return 'differs'
  }
  rmSync(source)
  return 'same'
}

async function main(): Promise<void> {
  if (!existsSync(HEADERS)) throw new Error('csmith needs its headers: apt-get install csmith libcsmith-dev')
  mkdirSync(directory, { recursive: true })
  const tally = { same: 0, differs: 0, 'too long': 0 }
  for (let seed = first; tally.same + tally.differs < count; seed++) tally[await compare(seed)]++
  console.log(`csmith: ${tally.same} programs agree, ${tally.differs} differ, ${tally['too long']} run too long`)
  process.exitCode = tally.differs > 0 ? 1 : 0
}

void main()
