// A program that does not end, for what is asked of a running one: compiled, any other may be over before that.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programOf } from './target.ts'

/** @returns the path of an executable that counts in r3 for ever */
export function writeEndless(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'endless-')), 'endless.elf')
  // addi r3, r3, 1; b .-4
  writeFileSync(path, programOf([0x38630001, 0x4bfffffc]))
  return path
}
