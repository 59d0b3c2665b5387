// A program as the commands read it that list something of it.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Program } from '../debuggee/program.ts'
import { readElf } from '../elf/elf.ts'
import { type SplitFilePlace, withSplitFiles } from '../symbols/splitFiles.ts'

/** With what the compiler has split off it, beside it or where the compiler has put that. @throws ElfError */
export async function readProgram(path: string): Promise<Program> {
  const elf = readElf(readFileSync(path), path)
  const folder = resolve(path, '..')
  const finder = {
    packages: () => places(`${path}.dwp`),
    places: (name: string) => places(resolve(folder, name)),
  }
  return new Program(await withSplitFiles(elf, finder, text => process.stderr.write(`${text}\n`)))
}

async function* places(path: string): AsyncGenerator<SplitFilePlace> {
  if (existsSync(path) && statSync(path).isFile()) yield { name: path, read: async () => readFileSync(path) }
}
