// From the bytes of a file and what launch.json says to a machine with that program in it.

import { belongs, debugLink, withDebugFile } from '../elf/debugFile.ts'
import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import type { ElfFile } from '../elf/types.ts'
import type { Formatter } from '../expr/formatters/formatter.ts'
import type { RecordedRun } from '../history/capsule.ts'
import { Machine, type MachineOptions } from '../machine/machine.ts'
import { type SplitFilePlace, withSplitFiles } from '../symbols/splitFiles.ts'
import { UserError } from '../util/userError.ts'
import type { TargetHost } from './host.ts'
import type { LoadableFiles } from './loadable.ts'
import { type FilesMeant, Program } from './program.ts'
import { type Debuggee, Target, type TargetSettings } from './target.ts'

export type { Formatter } from '../expr/formatters/formatter.ts'
export type { KernelFiles } from '../machine/kernelBoot.ts'
export type { ProcessOptions } from '../machine/machine.ts'

export interface TargetOptions extends MachineOptions, TargetSettings {
  /** What the debug information may call a path of the client. */
  readonly filesMeant: (path: string) => FilesMeant
  /** The run of a capsule. */
  readonly recorded?: RecordedRun
  /** Files of code that may come while the program runs, if it is a kernel. */
  readonly loadable?: LoadableFiles
  /** For containers of the user's own. */
  readonly formatters?: readonly Formatter[]
  /** Bytes that came out: of a UART, or of a process's standard output and error, which count as UART 0 and 1. */
  readonly onTransmit: (uart: number, output: number | Uint8Array) => void
}

/** What a target debugs: `elf`, and machines with it. */
export function createDebuggee(elf: ElfFile, options: TargetOptions): Debuggee {
  const createMachine = (): Machine => {
    const machine = new Machine(options, elf)
    for (const [index, uart] of machine.uarts.entries()) uart.onTransmit = byte => options.onTransmit(index, byte)
    if (machine.linux !== undefined) machine.linux.onOutput = (stream, bytes) => options.onTransmit(stream - 1, bytes)
    return machine
  }
  const program = new Program(elf, options.filesMeant, options.formatters, options.loadable)
  const { recorded } = options
  return { program, createMachine, settings: options, ...(recorded && { recorded }) }
}

export const createTarget = (elf: ElfFile, options: TargetOptions, host: TargetHost): Target =>
  new Target(createDebuggee(elf, options), host)

/** Files of debug information beside the program's own. */
export interface DebugFiles {
  /** Those the user named, in order. */
  readonly named: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** The file of this name beside the program, if there is one. */
  beside(name: string): Promise<Uint8Array | undefined>
  /** Where the file may be that the compiler has put at `path`, best first. */
  places(path: string): AsyncIterable<SplitFilePlace>
}

/**
 * The program with all debug information that is its own and that is found. What is of other programs is told.
 * @throws UserError for bytes that are no program of ours.
 */
export async function openProgram(
  bytes: Uint8Array,
  name: string,
  debugFiles: DebugFiles,
  note: (text: string) => void,
): Promise<ElfFile> {
  const elf = await openWhole(bytes, name, debugFiles, note)
  async function* packages(): AsyncGenerator<SplitFilePlace> {
    // As gdb looks for it; and as people name it.
    for (const each of new Set([`${name}.dwp`, `${name.replace(/\.[^.]*$/, '')}.dwp`]))
      yield { name: each, read: () => debugFiles.beside(each) }
  }
  return withSplitFiles(elf, { packages, places: path => debugFiles.places(path) }, note)
}

/** The program with the first debug file that fits: one the user named, else the one it names itself (`.gnu_debuglink`). */
async function openWhole(
  bytes: Uint8Array,
  name: string,
  debugFiles: DebugFiles,
  note: (text: string) => void,
): Promise<ElfFile> {
  const elf = openElf(bytes, name)
  for (const candidate of debugFiles.named) {
    const debug = openElf(candidate.bytes, candidate.name)
    if (belongs(elf, debug)) return withDebugFile(elf, debug)
    note(
      `${candidate.name} has the debug information of another program or another build than ${name}: it is not used.`,
    )
  }
  const link = elf.contents('.debug_info') === undefined ? debugLink(elf) : undefined
  const linked = link && (await debugFiles.beside(link.name))
  if (link === undefined || linked === undefined) return elf
  const debug = openElf(linked, link.name)
  if (belongs(elf, debug)) return withDebugFile(elf, debug)
  note(`${link.name}, which ${name} names for its debug information, is of another build: it is not used.`)
  return elf
}

/** @throws UserError. */
function openElf(bytes: Uint8Array, name: string): ElfFile {
  try {
    return readElf(bytes, name)
  } catch (error) {
    if (error instanceof ElfError)
      throw new UserError('bad-program', error.message, 'choose another "program", or build it again')
    throw error
  }
}
