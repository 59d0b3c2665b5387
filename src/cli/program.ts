// A program as the commands read it that show something of it.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Program } from '../debuggee/program.ts'
import { readElf } from '../elf/elf.ts'
import type { ElfFile } from '../elf/types.ts'
import { type SplitFilePlace, withSplitFiles } from '../symbols/splitFiles.ts'

export const readProgram = async (path: string): Promise<Program> =>
  new Program(await readWhole(readFileSync(path), path))

/** With what the compiler has split off it, beside it or where the compiler has put that. @throws ElfError */
export async function readWhole(bytes: Uint8Array, path: string): Promise<ElfFile> {
  const elf = readElf(bytes, path)
  const folder = resolve(path, '..')
  const finder = {
    packages: () => places(`${path}.dwp`),
    places: (name: string) => places(resolve(folder, name)),
  }
  return withSplitFiles(elf, finder, text => process.stderr.write(`${text}\n`))
}

async function* places(path: string): AsyncGenerator<SplitFilePlace> {
  if (existsSync(path) && statSync(path).isFile()) yield { name: path, read: async () => readFileSync(path) }
}
