// A program as the commands read it that show something of it.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isFlatImage, programOfImage } from '../asm/flatImage.ts'
import { isAssembly, programOf } from '../asm/source.ts'
import { wholeFile } from '../dap/wholeFile.ts'
import { Program } from '../debuggee/program.ts'
import { readElf } from '../elf/elf.ts'
import type { ElfFile } from '../elf/types.ts'
import { nodeFiles } from '../host/nodeFiles.ts'
import { type SplitFilePlace, withSplitFiles } from '../symbols/splitFiles.ts'
import { UserError } from '../util/userError.ts'

export const readProgram = async (path: string): Promise<Program> =>
  new Program(await readWhole(await programBytes(path), path))

/** An ELF file as it is; a source in assembly and the image of a boot ROM as the program that they make. @throws UserError */
export async function programBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path)
  if (isFlatImage(path, bytes)) return programOfImage(bytes, path)
  if (!isAssembly(path)) return bytes
  const beside = async (name: string) => new TextDecoder().decode(await readFile(resolve(path, '..', name)))
  const { file, warnings } = await programOf(bytes, resolve(path), beside)
  for (const warning of warnings) process.stderr.write(`${warning}\n`)
  return file
}

/** @throws UserError */
export async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await wholeFile(nodeFiles, path)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError('unreadable', `cannot read ${path}: ${why}`, 'give the path of an ELF file')
  }
}

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
