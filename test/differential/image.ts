// The test program as an ELF file: the runner, and the table of its cases.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeElf } from '../support/elf.ts'
import { randomWords } from '../support/random.ts'
import { type Case, Generator, type Kind, SC } from './cases.ts'
import { CASES, ENTRY, LANDING, LANDING_BYTES, PAGE_COUNT, PAGES_REAL, SIZE } from './layout.ts'

export const GCC = 'powerpc-linux-gnu-gcc'
const OBJCOPY = 'powerpc-linux-gnu-objcopy'

export interface Image {
  readonly elf: Uint8Array
  readonly table: DataView
  readonly cases: readonly Case[]
}

export function createImage(kind: Kind, count: number, seed: number): Image {
  const table = new DataView(new ArrayBuffer(count * SIZE))
  const generator = new Generator(seed)
  const cases = Array.from({ length: count }, (_, n) => generator.write(table, n * SIZE, CASES + n * SIZE, kind))
  const elf = writeElf(ENTRY, [
    { address: ENTRY, bytes: runner(count) },
    { address: LANDING, bytes: filled(LANDING_BYTES, () => SC) },
    { address: PAGES_REAL, bytes: filled(0x1000 * PAGE_COUNT, randomWords(seed)) },
    { address: CASES, bytes: new Uint8Array(table.buffer) },
  ])
  return { elf, table, cases }
}

function filled(bytes: number, word: () => number): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes))
  for (let at = 0; at < bytes; at += 4) view.setUint32(at, word())
  return new Uint8Array(view.buffer)
}

/** The assembled runner, told how many cases there are. */
function runner(count: number): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'runner-'))
  try {
    const source = fileURLToPath(new URL('./runner.S', import.meta.url))
    const object = join(directory, 'runner.elf')
    const binary = join(directory, 'runner.bin')
    const options = [
      '-mcpu=440fp',
      '-nostdlib',
      '-static',
      '-no-pie',
      `-Wl,-Ttext=0x${ENTRY.toString(16)}`,
      '-Wl,--build-id=none',
    ]
    run(GCC, [...options, `-DCOUNT=${count}`, '-Wl,-z,noexecstack', '-Wl,--no-warn-rwx-segments', '-o', object, source])
    run(OBJCOPY, ['-O', 'binary', '-j', '.text', object, binary])
    return readFileSync(binary)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function run(tool: string, options: readonly string[]): void {
  const { status, stderr } = spawnSync(tool, options, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${tool}: ${stderr}`)
}
