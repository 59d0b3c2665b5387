// Guests from test/guest, built by the stock cross compiler: static Linux programs, and the board.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readElf } from '../../src/elf/elf.ts'

export const GCC = 'powerpc-linux-gnu-gcc'
export const GXX = 'powerpc-linux-gnu-g++'
const OBJCOPY = 'powerpc-linux-gnu-objcopy'
const NM = 'powerpc-linux-gnu-nm'

const OPTIONS = ['-mcpu=440fp', '-O1', '-w', '-D_FILE_OFFSET_BITS=64', '-static', '-fno-pie', '-no-pie']

/** Bare metal, with soft floats, at the addresses of test/guest/board/board.ld. */
const BOARD = [
  ...['-mcpu=440', '-msoft-float', '-O1', '-w', '-ffreestanding', '-fno-pic', '-fno-pie', '-mno-sdata'],
  ...['-nostdlib', '-static', '-no-pie', '-Wl,--build-id=none,--no-warn-rwx-segments,-z,noexecstack'],
]

const source = (name: string): string => fileURLToPath(new URL(`../guest/${name}`, import.meta.url))

function compile(options: readonly string[], program: string, compiler = GCC): string {
  const { status, stderr } = spawnSync(compiler, [...options, '-o', program], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return program
}

/** Builds `test/guest/<name>.c` as `program`. */
export const buildGuest = (name: string, program: string, ...options: string[]): string =>
  compile([...OPTIONS, ...options, source(`${name}.c`)], program)

/** Builds `test/guest/<name>.cc` as `program`. */
export const buildCxxGuest = (name: string, program: string): string =>
  compile([...OPTIONS, '-std=c++17', source(`${name}.cc`)], program, GXX)

/** Builds `test/guest/linux/<name>.c` for a debugger. */
export const buildDebugged = (name: string, program: string): string =>
  compile([...OPTIONS, '-O0', '-g', source(`linux/${name}.c`)], program)

/** The places of a module's sections in the program that loads it. */
const MODULE_PLACES = { '.text': 0x180000, '.init.text': 0x190000, '.data': 0x1a0000 } as const
const MODULE_MACROS = { '.text': 'text', '.init.text': 'init', '.data': 'data' } as const

/** Builds `test/guest/systems/translation.S`: linked at 0xc0100000, loaded and entered at 0x100000. */
export const buildTranslation = (program: string): string =>
  compile(
    [...BOARD, '-g', '-T', ...['translation.ld', 'translation.S'].map(name => source(`systems/${name}`))],
    program,
  )

/** Builds `test/guest/systems/relocated.c`, which moves itself from 1 MB to 1.5 MB, by the tables that GCC makes for that. */
export const buildRelocated = (program: string): string =>
  compile(
    [
      ...[...BOARD, '-g', '-fPIC', '-mrelocatable'].filter(option => option !== '-fno-pic'),
      ...['-T', ...['relocated.ld', 'relocated.S', 'relocated.c'].map(name => source(`systems/${name}`))],
    ],
    program,
  )

/** Builds `test/guest/systems/modules.c`, and the module that it has in memory as `the-module.ko` in `directory`. */
export function buildModules(directory: string): { readonly program: string; readonly module: string } {
  const path = (name: string): string => `${directory}/${name}`
  const module = compile([...BOARD, '-g', '-c', source('systems/module.c')], path('the-module.ko'))
  const places = Object.entries(MODULE_PLACES)
  const starts = places.map(([name, at]) => `--section-start=${name}=0x${at.toString(16)}`)
  compile(['-nostdlib', '-static', '-no-pie', `-Wl,${starts.join(',')},-e,0`, module], path('linked'))
  const defines = Object.entries(MODULE_MACROS).map(([name, macro]) => {
    binaryOf(path('linked'), name, path(macro))
    return `-DMODULE_${macro.toUpperCase()}="${path(macro)}"`
  })
  const own = places.map(
    ([name, at]) => `--section-start=.module_${MODULE_MACROS[name as '.text']}=0x${at.toString(16)}`,
  )
  const files = ['board/board.ld', 'board/start.S', 'systems/modules.c'].map(source)
  const program = compile([...BOARD, '-g', ...defines, `-Wl,${own.join(',')}`, '-T', ...files], path('modules.elf'))
  return { program, module }
}

/** Builds `test/guest/systems/processes.c`, and the program that its processes have in memory, linked at 3 MB. */
export function buildProcesses(directory: string): { readonly program: string; readonly process: string } {
  const path = (name: string): string => `${directory}/${name}`
  const linked = ['-Wl,-Ttext=0x300000,-Tdata=0x310000,-Tbss=0x310100,-e,start', source('systems/process.c')]
  const process = compile([...BOARD, '-g', ...linked], path('counter'))
  binaryOf(process, '.text', path('text'))
  const entry = /^([0-9a-f]+) T start$/m.exec(spawnSync(NM, [process], { encoding: 'utf8' }).stdout)![1]!
  const options = ['-g', `-DPROCESS="${path('text')}"`, `-DPROCESS_ENTRY=0x${entry}`]
  const files = ['board/board.ld', 'board/start.S', 'systems/processes.c'].map(source)
  const place = '-Wl,--section-start=.process=0x300000'
  return { program: compile([...BOARD, ...options, place, '-T', ...files], path('processes.elf')), process }
}

/** Where `.text` of the files of `buildMapped` is, further on than they themselves. */
const MOVABLE_TEXT = 0x1000
const MOVABLE = [
  ...BOARD.filter(option => !['-fno-pic', '-fno-pie', '-static', '-no-pie'].includes(option)),
  ...['-g', '-fPIC', '-Wl,-z,max-page-size=4096', `-Wl,-Ttext=0x${MOVABLE_TEXT.toString(16)}`],
]

/**
 * Builds `test/guest/systems/mapped.c`, and the position-independent program and the library that its processes have in memory
 * at 0x340000 and 0x380000, and 0x20000 further on. @param list as kernels before 6.1 have areas
 */
export function buildMapped(
  directory: string,
  list: boolean,
): Readonly<Record<'program' | 'movable' | 'library', string>> {
  const path = (name: string): string => `${directory}/${name}`
  const movable = compile([...MOVABLE, '-pie', '-Wl,-e,start', source('systems/movable.c')], path('movable'))
  const library = compile(
    [...MOVABLE, '-shared', '-Wl,-z,separate-code', source('systems/library.c')],
    path('library.so'),
  )
  const segmentOf = (file: string) => {
    const { segments } = readElf(new Uint8Array(readFileSync(file)), file, true)
    return segments.find(({ vaddr, memsz }) => MOVABLE_TEXT >= vaddr && MOVABLE_TEXT < vaddr + memsz)!
  }
  const entryOf = (file: string, name: string): string =>
    new RegExp(`^([0-9a-f]+) T ${name}$`, 'm').exec(spawnSync(NM, [file], { encoding: 'utf8' }).stdout)![1]!
  const defines = {
    ...{ PROGRAM_AT: segmentOf(movable).vaddr, PROGRAM_PAGE: segmentOf(movable).offset >>> 12 },
    ...{ LIBRARY_AT: segmentOf(library).vaddr, LIBRARY_PAGE: segmentOf(library).offset >>> 12 },
    ...{ PROGRAM_ENTRY: `0x${entryOf(movable, 'start')}`, LIBRARY_ENTRY: `0x${entryOf(library, 'library')}` },
  }
  const copies = [movable, library].flatMap((file, n) => {
    binaryOf(file, '.text', path(`text${n}`))
    return [0x340000, 0x380000].map(place => ({ file: path(`text${n}`), place: place + 0x20000 * n + MOVABLE_TEXT }))
  })
  const places = path('places.S')
  const section = ({ file, place }: (typeof copies)[number]): string =>
    `.section .at${place.toString(16)}, "ax"\n.incbin "${file}"\n`
  writeFileSync(places, copies.map(section).join(''))
  const starts = copies.map(({ place }) => `--section-start=.at${place.toString(16)}=0x${place.toString(16)}`)
  const options = Object.entries(defines).map(([name, value]) => `-D${name}=${value}`)
  const files = ['board/board.ld', 'board/start.S', 'systems/mapped.c'].map(source)
  const program = compile(
    [...BOARD, '-g', ...options, ...(list ? ['-DLIST'] : []), `-Wl,${starts.join(',')}`, places, '-T', ...files],
    path('mapped.elf'),
  )
  return { program, movable, library }
}

/** Without names and debug information; what unwinds is left. */
export function strip(file: string, to: string): void {
  const { status, stderr } = spawnSync(OBJCOPY, ['--strip-all', file, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** The bytes of a section, in a file of their own. */
function binaryOf(file: string, section: string, to: string): void {
  const { status, stderr } = spawnSync(OBJCOPY, ['-O', 'binary', '-j', section, file, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** Builds the board that tests itself as `program`. */
export const buildBoard = (program: string): string =>
  compile([...BOARD, '-T', ...['board.ld', 'start.S', 'selftest.c'].map(name => source(`board/${name}`))], program)

/** Builds what gdb walks through, as a program of the board or as a Linux process. */
export const buildVisited = (kind: 'board' | 'linux', program: string): string =>
  kind === 'board'
    ? compile([...BOARD, '-g', '-T', ...['board/board.ld', 'board/start.S', 'gdb/visited.c'].map(source)], program)
    : compile([...OPTIONS, '-g', source('gdb/visited.c')], program)

/** Builds `test/guest/systems/<name>.c`, which has an operating system's names, for the board; or without debug information. */
export const buildSystem = (name: string, program: string, debug = '-g'): string =>
  compile([...BOARD, debug, '-T', ...['board/board.ld', 'board/start.S', `systems/${name}.c`].map(source)], program)
