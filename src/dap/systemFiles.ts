// Files of code beside the program's own: a kernel's modules, wherever they are below the folder that holds what is / in its
// system, the programs of its processes, and what launch.json says the place of.

import { type LoadableFiles, NO_FILES, placedElf, whyNoProgram } from '../debuggee/loadable.ts'
import { fileName } from '../util/fileName.ts'
import type { ClientFiles } from './host.ts'
import type { Launch } from './launchArguments.ts'
import { wholeFile } from './wholeFile.ts'

/** A system for such a board has some hundred modules; folders that hold more than this are none of its. */
const MOST_ENTRIES = 100_000
const DEEPEST = 24
/** Of all modules together. */
const MOST_BYTES = 512 << 20

/** @param read a file that launch.json names @param note told what is not read @throws UserError */
export async function systemFiles(
  { systemRoot, programs, placedFiles }: Launch,
  files: ClientFiles,
  read: (path: string) => Promise<Uint8Array>,
  note: (text: string) => void,
): Promise<LoadableFiles> {
  const modules = systemRoot === undefined ? NO_FILES.modules : await modulesBelow(files, systemRoot, note)
  const found = new Map<string, Uint8Array>()
  for (const [path, file] of Object.entries(programs)) {
    const bytes = await read(file)
    const why = whyNoProgram(bytes, fileName(file))
    if (why === undefined) found.set(path, bytes)
    else note(`"programs": ${why} Its processes are shown without symbols`)
  }
  const beside: LoadableFiles['beside'][number][] = []
  for (const { file, place } of placedFiles) {
    const elf = placedElf(await read(file), fileName(file), place)
    if (typeof elf === 'string') note(`"symbolFiles": ${elf} It is not used`)
    else beside.push(elf)
  }
  return { modules, programs: found, beside }
}

/** @param note told what is not read @returns what their files hold, by the names of those */
async function modulesBelow(
  files: ClientFiles,
  folder: string,
  note: (text: string) => void,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  let left = MOST_BYTES
  let entries = MOST_ENTRIES
  const waiting: (readonly string[])[] = [[]]
  for (let names = waiting.pop(); names !== undefined; names = waiting.pop()) {
    const inside = (await files.names({ folder, names })) ?? []
    if (names.length === 0 && inside.length === 0) note(`"systemRoot": there is no folder ${folder}, or it is empty`)
    entries -= inside.length
    if (entries < 0) {
      note(`"systemRoot": ${folder} holds more than ${MOST_ENTRIES} files: not all of them are looked at`)
      break
    }
    for (const name of inside) {
      const place = { folder, names: [...names, name] }
      const isModule = name.endsWith('.ko')
      const what = await files.stat(place)
      if (what.kind === 'directory' && what.link === undefined && names.length < DEEPEST) waiting.push(place.names)
      if (what.kind !== 'file' || !isModule || found.has(name)) continue
      left -= what.size
      if (left >= 0) found.set(fileName(name), await wholeFile(files, place))
      else note(`"systemRoot": the module ${name} is not read: all together have more than ${MOST_BYTES >>> 20} MB`)
    }
  }
  return found
}
