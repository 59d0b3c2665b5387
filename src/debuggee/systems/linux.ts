// Linux as the program: where it says that something is wrong, its log and its tasks. The same functions are run through by kernels
// from 5.10 on (kernel/panic.c, arch/powerpc/kernel/traps.c).

import type { Context } from '../../expr/context.ts'
import { ExpressionError } from '../../expr/error.ts'
import { hex32 } from '../../util/hex.ts'
import type { Program } from '../program.ts'
import { logText } from './linuxLog.ts'
import { linuxModules, MODULE_PLACES } from './linuxModules.ts'
import { realOf } from './linuxPages.ts'
import { linuxProcess, PROCESS_PLACES } from './linuxProcesses.ts'
import { linuxTasks } from './linuxTasks.ts'
import { printed } from './printf.ts'
import { argument, numberOf, stringAt } from './read.ts'
import type { System } from './system.ts'

const ONLY = 'Only of a Linux kernel that is the program; takes no comparator'

export const LINUX: System = {
  name: 'Linux kernel',
  symbols: ['linux_banner', 'init_task'],
  places: [
    {
      filter: 'linuxPanic',
      label: 'Linux Kernel: Panic',
      description: `Stop where the kernel gives up, at panic(). ${ONLY}`,
      function: 'panic',
      // void panic(const char *fmt, ...)
      says: context => `Linux panic: "${printed(0, context)}"`,
    },
    {
      filter: 'linuxOops',
      label: 'Linux Kernel: Oops, BUG',
      description: `Stop where the kernel has met an error of its own, at die(). ${ONLY}`,
      function: 'die',
      says: oops,
    },
    {
      filter: 'linuxWarn',
      label: 'Linux Kernel: WARN',
      description: `Stop where a WARN of the kernel is reported, at __warn(). ${ONLY}`,
      function: '__warn',
      says: warning,
    },
  ],
  commands: [{ name: 'dmesg', does: 'the log of the Linux kernel that is the program', run: logText }],
  tasks: linuxTasks,
  realAddress: realOf,
  loaded: linuxModules,
  loading: [...MODULE_PLACES, ...PROCESS_PLACES],
  process: linuxProcess,
}

/** void die(const char *str, struct pt_regs *regs, long err): `regs` are those of the code that is at fault. */
function oops(context: Context, program: Program): string {
  const what = `"${stringAt(argument(0, context), context) ?? ''}"`
  const at = faultAddress(context)
  if (at === undefined) return `Linux oops: ${what}`
  return `Linux ${isTrap(at, context) ? 'BUG' : 'oops'}: ${what} at ${program.describe(at)}`
}

/** Undefined for a kernel without debug information. */
function faultAddress(context: Context): number | undefined {
  try {
    return Number(numberOf(context, `((struct pt_regs *)${hex32(argument(1, context))})->nip`))
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

/** BUG() is a trap instruction, tw or twi (arch/powerpc/include/asm/bug.h). */
function isTrap(address: number, context: Context): boolean {
  const bytes = context.readMemory(address, 4)
  if (bytes === undefined) return false
  const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return word >>> 26 === 3 || (word >>> 26 === 31 && ((word >>> 1) & 0x3ff) === 4)
}

/** void __warn(const char *file, int line, void *caller, …): without a file where the kernel keeps no names of files. */
function warning(context: Context, program: Program): string {
  const file = stringAt(argument(0, context), context)
  const place = file === undefined || argument(0, context) === 0 ? '' : ` of ${file}:${argument(1, context)}`
  return `Linux WARN${place} at ${program.describe(argument(2, context))}`
}
