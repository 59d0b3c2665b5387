// From the options of a command and the files they name to what a machine is made of.

import { relative, resolve, sep } from 'node:path'
import { LINUX_USER } from '../boards/chosen.ts'
import { ProcessFiles } from '../dap/processFiles.ts'
import { nodeFiles } from '../host/nodeFiles.ts'
import type { ProcessOptions } from '../linux/process.ts'
import type { MachineOptions } from '../machine/machine.ts'
import type { ChosenFiles, MachineChoice } from './machineOptions.ts'

/** @param directory what a process sees, and where the program's path begins */
export function machineOf(choice: MachineChoice, files: ChosenFiles, directory: string): MachineOptions {
  const { engine, reset, onReset, strict, kernel, args, program, environment } = choice
  const base = { ...files.machine, reset, onReset, engine, strict } as const
  if (choice.machine === LINUX_USER) {
    return { ...base, process: { ...placesOf(choice, directory), args: [program, ...args], environment } }
  }
  if (kernel === undefined || files.deviceTree === undefined) return base
  const { deviceTree, initrd } = files
  return { ...base, kernel: { deviceTree, append: kernel.append, ...(initrd && { initrd }) } }
}

/** Where the program and its working directory are, as the process knows them. */
function placesOf(choice: MachineChoice, directory: string): Omit<ProcessOptions, 'args' | 'environment'> {
  const executable = resolve(directory, choice.program)
  if (choice.root === undefined) return { executable, directory }
  return {
    executable: pathInProcess(choice, directory, executable) ?? executable,
    directory: pathInProcess(choice, directory, directory) ?? '/',
    visible: '/',
  }
}

/** The path by which a process knows a file; undefined for one it does not see. */
export function pathInProcess({ root }: MachineChoice, directory: string, path: string): string | undefined {
  const names = relative(resolve(directory, root ?? ''), resolve(directory, path)).split(sep)
  if (names[0] === '..') return undefined
  const inside = `/${names.filter(name => name !== '').join('/')}`
  return root === undefined ? resolve(directory, path) : inside
}

/** Who answers what the process asks about files. */
export function processFilesOf({ program, root }: MachineChoice, directory: string): ProcessFiles {
  const executable = resolve(directory, program)
  if (root === undefined) return new ProcessFiles(nodeFiles, directory, executable)
  return new ProcessFiles(nodeFiles, resolve(directory, root), executable, true)
}
