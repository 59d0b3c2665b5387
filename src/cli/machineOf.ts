// From the options of a command and the files they name to what a machine is made of.

import { resolve } from 'node:path'
import type { MachineOptions } from '../machine/machine.ts'
import type { ChosenFiles, MachineChoice } from './machineOptions.ts'

/** @param directory what a process sees, and where the program's path begins */
export function machineOf(choice: MachineChoice, files: ChosenFiles, directory: string): MachineOptions {
  const { ramSize, core, engine, strict, kernel, args, program } = choice
  const base = { ramSize, core, reset: 'boot', engine, strict } as const
  if (choice.machine === 'linux-user') {
    const executable = resolve(directory, program)
    return { ...base, process: { executable, args: [program, ...args], environment: [], directory } }
  }
  if (kernel === undefined || files.deviceTree === undefined) return base
  const { deviceTree, initrd } = files
  return { ...base, kernel: { deviceTree, append: kernel.append, ...(initrd && { initrd }) } }
}
