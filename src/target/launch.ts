// From the bytes of a file and what launch.json says to a machine with that program in it.

import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import type { ElfFile } from '../elf/types.ts'
import { Machine, type MachineOptions } from '../machine/machine.ts'
import { UserError } from '../util/userError.ts'
import { Program } from './program.ts'
import { Target, type TargetHost, type TargetSettings } from './target.ts'

export type ProcessOptions = NonNullable<MachineOptions['process']>

export interface TargetOptions extends MachineOptions, TargetSettings {
  /** What the debug information may call a path of the client. */
  readonly toProgram: (path: string) => string
  /** Bytes that came out: of a UART, or of a process's standard output and error, which count as UART 0 and 1. */
  readonly onTransmit: (uart: number, byte: number) => void
}

/** @throws UserError for bytes that are no program of ours. */
export function createTarget(bytes: Uint8Array, name: string, options: TargetOptions, host: TargetHost): Target {
  const elf = openElf(bytes, name)
  const createMachine = (): Machine => {
    const machine = new Machine(options, elf)
    for (const [index, uart] of machine.uarts.entries()) uart.onTransmit = byte => options.onTransmit(index, byte)
    if (machine.process !== undefined)
      machine.process.onOutput = (stream, bytes) => {
        for (const byte of bytes) options.onTransmit(stream - 1, byte)
      }
    return machine
  }
  return new Target(createMachine, new Program(elf, options.toProgram), options, host)
}

/** @throws UserError. */
export function openElf(bytes: Uint8Array, name: string): ElfFile {
  try {
    return readElf(bytes, name)
  } catch (error) {
    if (error instanceof ElfError)
      throw new UserError('bad-program', error.message, 'choose another "program", or build it again')
    throw error
  }
}
