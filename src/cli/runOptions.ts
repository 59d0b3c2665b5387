// The options of `ppc440 run`, checked.

import { LINUX_USER } from '../boards/chosen.ts'
import { UserError } from '../util/userError.ts'
import { count, MACHINE_USAGE, type MachineChoice, parseMachineOptions } from './machineOptions.ts'
import { MEASURING_OPTIONS, MEASURING_USAGE, type MeasuringOptions, measuringOptions } from './measuring.ts'

export const USAGE = `usage: ppc440 run [options] program.elf [arguments]

${MACHINE_USAGE}
  --writable DIR     what a Linux program changes below this directory is there when it has ended; otherwise all that it
                     writes lives in memory and is gone then
  --max-insns N      stop after N instructions
  --record FILE      write a capsule: everything the run got from outside, by which it can be repeated anywhere
  --with-program     ... with the program in it
  --replay FILE      repeat the run of a capsule; the program is that in it, or the one that is given
${MEASURING_USAGE}
  --stats            print one line of JSON on stderr at the end: instructions, seconds, speed, engine, and a number of the
                     machine's last state, by which two runs can be compared

For example: ppc440 run --memory 64M --coverage out.info program.elf

UART0, or the program's standard streams, are on standard input and output. Of a terminal UART0 gets each key: Ctrl-C and
Ctrl-A x end the run, and Ctrl-A before any other key gives it to the program. Exit status: the program's own (linux-user);
the low byte of r3 after a reset through DBCR0[RST] or the watchdog, 0 after one with --dtb; 0 when the program is idle
forever; 124 when --max-insns ran out; 126 when the program cannot go on; 125 for our own failures; 128 + N when signal
N ended the program.`

export interface RunOptions extends MachineChoice, MeasuringOptions {
  readonly maxInsns: number
  readonly stats: boolean
  /** Paths of capsules. */
  readonly record: string | undefined
  readonly withProgram: boolean
  readonly replay: string | undefined
  /** A directory that changes of a process are brought to. */
  readonly writable: string | undefined
}

export const RUN_OPTIONS = {
  'max-insns': { type: 'string' },
  stats: { type: 'boolean', default: false },
  record: { type: 'string' },
  'with-program': { type: 'boolean', default: false },
  replay: { type: 'string' },
  writable: { type: 'string' },
  ...MEASURING_OPTIONS,
} as const

/** @returns undefined when only help is wanted. @throws UserError */
export function parseRunOptions(argv: readonly string[]): RunOptions | undefined {
  const parsed = parseMachineOptions('run', argv, RUN_OPTIONS, ({ replay }) => replay !== undefined)
  if (parsed === undefined) return undefined
  const { choice, values } = parsed
  return {
    ...choice,
    ...measuringOptions(values),
    maxInsns: count('max-insns', values['max-insns'] as string | undefined),
    stats: values.stats === true,
    record: values.record as string | undefined,
    withProgram: values['with-program'] === true,
    replay: values.replay as string | undefined,
    writable: writableOf(values.writable as string | undefined, choice),
  }
}

function writableOf(directory: string | undefined, { machine }: MachineChoice): string | undefined {
  if (directory !== undefined && machine !== LINUX_USER)
    throw new UserError('bad-option', '--writable is for a Linux program', 'add --machine linux-user')
  return directory
}
