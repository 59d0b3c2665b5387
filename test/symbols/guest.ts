import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openDwarf } from '../../src/dwarf/dwarf.ts'
import { dwarfSections } from '../../src/dwarf/sections.ts'
import { readElf } from '../../src/elf/elf.ts'
import { readObjectFile } from '../../src/elf/objectFile.ts'
import type { ElfFile } from '../../src/elf/types.ts'
import { have } from '../support/tools.ts'
import { packageOf } from './package.ts'

/** Where the guests' sources are; the compiler runs here, so DWARF names it as the compilation directory. */
export const guestFolder = join(import.meta.dirname, '../guest/symbols')
const cache = join(import.meta.dirname, '../../.cache/symbols')

export const gcc = 'powerpc-linux-gnu-gcc'
export const haveGcc = have(gcc)

export const clang = 'clang-14'
export const haveClang = have(clang)

/** Among the options: what is split off goes into one package. GNU's `dwp` makes that of versions before DWARF 5. */
export const packaged = 'packaged'
const dwp = 'powerpc-linux-gnu-dwp'
export const haveDwp = have(dwp)

/** For bare metal: fixed addresses, no C library, nothing the linker adds by itself. */
const linking = [
  ...['-mcpu=440', '-nostdlib', '-static', '-no-pie'],
  ...['-Wl,-Ttext-segment=0x100000', '-Wl,--build-id=none', '-Wl,--no-warn-rwx-segments', '-Wl,-z,noexecstack'],
]
const compiling = ['-mcpu=440', '-ffreestanding', '-fno-pic', '-fno-stack-protector', '-fno-exceptions']
const onlyGcc = ['-fno-pie', '-mno-sdata']
const onlyCxx = ['-fno-rtti', '-std=c++17']
const onlyClang = ['--target=powerpc-linux-gnu', '-msoft-float']

const isCxx = (source: string) => source.endsWith('.cc')

/**
 * The ELF file built from these guest sources with these options, by GCC, or by clang where that is the first of them;
 * built once for each content and folder, which DWARF names.
 */
export function build(sources: readonly string[], ...options: string[]): string {
  const hash = createHash('sha1').update(
    JSON.stringify([guestFolder, sources, options, linking, compiling, onlyGcc, onlyCxx, onlyClang]),
  )
  for (const source of [...sources, 'shapes.h']) hash.update(readFileSync(join(guestFolder, source)))
  const path = join(cache, `${hash.digest('hex').slice(0, 16)}.elf`)
  if (existsSync(path)) return path
  mkdirSync(cache, { recursive: true })
  const made = `${path}.${process.pid}`
  const objects = sources.map((source, i) => compile(source, `${made}.${i}.o`, options))
  const linked = options.filter(option => option.startsWith('-Wl,'))
  execFileSync(gcc, [...linking, ...linked, '-o', made, ...objects, '-lgcc'], { cwd: guestFolder })
  for (const object of objects) rmSync(object)
  if (options.includes(packaged)) {
    const parts = objects.map(object => object.replace(/o$/, 'dwo')).filter(existsSync)
    if (options.includes('-gdwarf-5')) writeFileSync(`${path}.dwp`, packageOf(parts.map(part => readFileSync(part))))
    else execFileSync(dwp, ['-o', `${path}.dwp`, '-e', made], { stdio: 'ignore' })
    for (const part of parts) rmSync(part)
  }
  renameSync(made, path)
  return path
}

function compile(source: string, object: string, options: readonly string[]): string {
  const isClang = options[0] === 'clang' && !source.endsWith('.S')
  const flags = [...compiling, ...(isClang ? onlyClang : onlyGcc), ...(isCxx(source) ? onlyCxx : [])]
  const compiler = isClang ? clang : isCxx(source) ? 'powerpc-linux-gnu-g++' : gcc
  const own = options.filter(
    option =>
      option !== 'clang' &&
      option !== packaged &&
      !option.startsWith('-Wl,') &&
      (isClang || option !== '-fdebug-macro'),
  )
  execFileSync(compiler, [...flags, ...own, '-c', '-o', object, source], { cwd: guestFolder })
  return object
}

export const cSources = ['start.S', 'main.c', 'shapes.c']

/** All programs, by name. */
export const programs: Readonly<Record<string, readonly string[]>> = {
  shapes: cSources,
  calls: ['start.S', 'calls.c'],
  arrays: ['start.S', 'arrays.c'],
  classes: ['start.S', 'classes.cc'],
  generic: ['start.S', 'generic.cc'],
  kinds: ['start.S', 'kinds.c'],
  objects: ['start.S', 'objects.cc'],
  threads: ['start.S', 'threads.c'],
  containers: ['start.S', 'containers.cc'],
}

/** Whose names hide each other. */
export const namePrograms: Readonly<Record<string, readonly string[]>> = {
  names: ['start.S', 'names.cc', 'names_more.cc'],
  files: ['start.S', 'names_one.c', 'names_two.c'],
}

/** With numbers in floating-point registers, where they are built with `hardFloat`. */
export const floatPrograms: Readonly<Record<string, readonly string[]>> = {
  floats: ['start.S', 'floats.c'],
  vectors: ['start.S', 'vectors.cc'],
}
export const hardFloat = ['-mcpu=440fp', '-mhard-float']

/** With what was split off it, where the compiler has put that. */
export function loadElf(path: string): ElfFile {
  const elf = readElf(readFileSync(path), path)
  const sections = dwarfSections(elf)
  if (!sections.has('.debug_addr')) return elf
  const names = openDwarf(sections).missing.map(({ name, directory }) => resolve(directory ?? '', name))
  const splitFiles = [`${path}.dwp`, ...names].flatMap(name =>
    existsSync(name) ? readObjectFile(readFileSync(name), name) : [],
  )
  return { ...elf, splitFiles }
}

/** What a tool prints. */
export const output = (tool: string, ...args: string[]): string =>
  execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] })

/** The variants of the C guest that every table is checked on. */
export const variants = ['-O0', '-O2', '-Os'].flatMap(level =>
  [2, 3, 4, 5].map(version => [level, `-gdwarf-${version}`]),
)

/** Rows as `objdump --dwarf=decodedline` prints them: file, line, address, `x` for a statement. */
export function objdumpRows(path: string): string[] {
  const rows: string[] = []
  for (const line of output('powerpc-linux-gnu-objdump', '--dwarf=decodedline', path).split('\n')) {
    const match = /^(\S+) +(\d+|-) +(?:0x)?([0-9a-f]+)(?: +\d+)?(?: +(x))?(?: +END)?$/.exec(line.trimEnd())
    if (match) rows.push(`${match[1]} ${match[2]} ${Number.parseInt(match[3], 16).toString(16)} ${match[4] ?? ''}`)
  }
  return rows
}
