import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesOf } from '../support/elf.ts'

export const OBJDUMP = 'powerpc-linux-gnu-objdump'

/** What GNU objdump makes of one word. */
export interface Row {
  readonly mnemonic: string
  readonly operands: string
}

/** Disassembles words lying one after the other from `address` on, in one run; `raw`: without simplified mnemonics. */
export function objdump(words: readonly number[], address: number, ...options: 'raw'[]): Row[] {
  const directory = mkdtempSync(join(tmpdir(), 'objdump-'))
  try {
    const file = join(directory, 'words.bin')
    writeFileSync(file, bytesOf(words))
    const forms = options.map(option => `-M${option}`)
    const format = [
      '-D',
      '-z',
      '-b',
      'binary',
      '-m',
      'powerpc:common',
      '-M440',
      ...forms,
      '-EB',
      `--adjust-vma=${address}`,
    ]
    const { stdout } = spawnSync(OBJDUMP, [...format, file], { encoding: 'utf8', maxBuffer: 1 << 30 })
    return [...stdout.matchAll(/^ *[0-9a-f]+:\t[^\t]*\t(\S+) *(.*)$/gm)].map(([, mnemonic, operands]) => ({
      mnemonic: mnemonic!,
      operands: operands!,
    }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}
