// GNU as for the 440.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const AS = 'powerpc-linux-gnu-as'
const OBJCOPY = 'powerpc-linux-gnu-objcopy'

/** The words of a program from address 0 on, without sign; none, and what GNU as said, if it takes a line amiss. */
export function assemble(lines: readonly string[]): { readonly words: readonly number[]; readonly errors: string } {
  const directory = mkdtempSync(join(tmpdir(), 'as-'))
  const at = (name: string): string => join(directory, name)
  try {
    writeFileSync(at('all.s'), `${lines.join('\n')}\n`)
    const { status, stderr } = spawnSync(AS, ['-m440', at('all.s'), '-o', at('all.o')], { encoding: 'utf8' })
    if (status !== 0) return { words: [], errors: stderr }
    spawnSync(OBJCOPY, ['-O', 'binary', at('all.o'), at('all.bin')])
    const view = new DataView(new Uint8Array(readFileSync(at('all.bin'))).buffer)
    return { words: Array.from({ length: view.byteLength / 4 }, (_, i) => view.getUint32(4 * i)), errors: stderr }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
