// Files of code beside the program's own: a kernel's modules and libraries, wherever they are below the folder that holds what
// is / in its system, the programs of its processes, and what launch.json says the place of.

import { type LoadableFiles, NO_FILES, placedElf } from '../debuggee/loadable.ts'
import { whyNoProgram } from '../debuggee/processImages.ts'
import { fileName } from '../util/fileName.ts'
import type { ClientFiles } from './host.ts'
import type { Launch } from './launchArguments.ts'
import { wholeFile } from './wholeFile.ts'

/** A system for such a board has some hundred modules; folders that hold more than this are none of its. */
const MOST_ENTRIES = 100_000
const DEEPEST = 24
/** Of all modules and libraries together. */
const MOST_BYTES = 512 << 20

/** @param read a file that launch.json names @param note told what is not read @throws UserError */
export async function systemFiles(
  { systemRoot, programs, placedFiles }: Launch,
  files: ClientFiles,
  read: (path: string) => Promise<Uint8Array>,
  note: (text: string) => void,
): Promise<LoadableFiles> {
  const { modules, libraries } = systemRoot === undefined ? NONE_BELOW : await filesBelow(files, systemRoot, note)
  const found = new Map<string, Uint8Array>()
  for (const [path, file] of Object.entries(programs)) {
    const bytes = await read(file)
    const why = whyNoProgram(bytes, fileName(file))
    if (why === undefined) found.set(path, bytes)
    else note(`"programs": ${why} Its processes are shown without symbols`)
  }
  // What nobody has named is passed over in silence where it is none of the system's.
  for (const [path, bytes] of libraries)
    if (!found.has(path) && whyNoProgram(bytes, path) === undefined) found.set(path, bytes)
  const beside: LoadableFiles['beside'][number][] = []
  for (const { file, place } of placedFiles) {
    const elf = placedElf(await read(file), fileName(file), place)
    if (typeof elf === 'string') note(`"symbolFiles": ${elf} It is not used`)
    else beside.push(elf)
  }
  return { modules, programs: found, beside }
}

interface FilesBelow {
  /** What they hold, by the names of their files. */
  readonly modules: ReadonlyMap<string, Uint8Array>
  /** The same by paths in the system, without links. */
  readonly libraries: ReadonlyMap<string, Uint8Array>
}

const NONE_BELOW: FilesBelow = { modules: NO_FILES.modules, libraries: new Map() }

const isModule = (name: string): boolean => name.endsWith('.ko')
/** `libc.so.6`, `ld-musl-powerpc-sf.so.1`, `libc.so`. */
const isLibrary = (name: string): boolean => /\.so(\.\d+)*$/.test(name)

/** @param note told what is not read */
async function filesBelow(files: ClientFiles, folder: string, note: (text: string) => void): Promise<FilesBelow> {
  const modules = new Map<string, Uint8Array>()
  const libraries = new Map<string, Uint8Array>()
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
      const what = await files.stat(place)
      if (what.kind === 'directory' && what.link === undefined && names.length < DEEPEST) waiting.push(place.names)
      const isWanted = isModule(name) ? !modules.has(name) : isLibrary(name) && what.link === undefined
      if (what.kind !== 'file' || !isWanted) continue
      left -= what.size
      if (left < 0)
        note(`"systemRoot": ${name} is not read: modules and libraries have more than ${MOST_BYTES >>> 20} MB together`)
      else if (isModule(name)) modules.set(name, await wholeFile(files, place))
      else libraries.set(`/${place.names.join('/')}`, await wholeFile(files, place))
    }
  }
  return { modules, libraries }
}
