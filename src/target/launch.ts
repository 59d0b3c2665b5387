// From the bytes of a file and what launch.json says to a machine with that program in it.

import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import type { ElfFile } from '../elf/types.ts'
import { Machine, type MachineOptions } from '../machine/machine.ts'
import { UserError } from '../util/userError.ts'
import { Program } from './program.ts'
import { Target, type TargetHost } from './target.ts'

export interface TargetOptions extends MachineOptions {
  /** What the debug information may call a path of the client. */
  readonly toProgram: (path: string) => string
  /** Bytes a UART of the board sent. */
  readonly onTransmit: (uart: number, byte: number) => void
}

/** @throws UserError for bytes that are no program of ours. */
export function createTarget(bytes: Uint8Array, name: string, options: TargetOptions, host: TargetHost): Target {
  const elf = openElf(bytes, name)
  const createMachine = (): Machine => {
    const machine = new Machine(options, elf)
    for (const [index, uart] of machine.uarts.entries()) uart.onTransmit = byte => options.onTransmit(index, byte)
    return machine
  }
  return new Target(createMachine, new Program(elf, options.toProgram), host)
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
