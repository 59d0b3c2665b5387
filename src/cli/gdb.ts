// `ppc440 gdb`: a program for gdb, by its remote protocol on a port of this machine.

import { resolve } from 'node:path'
import { LINUX_USER } from '../boards/chosen.ts'
import { createDebuggee } from '../debuggee/launch.ts'
import { type Debuggee, Target } from '../debuggee/target.ts'
import { serveGdb } from '../host/gdbServer.ts'
import { nodeTiming } from '../host/node.ts'
import { machineOf, processFilesOf } from './machineOf.ts'
import {
  historyOf,
  MACHINE_USAGE,
  type MachineChoice,
  parseMachineOptions,
  portOf,
  readFiles,
} from './machineOptions.ts'
import { readWhole } from './program.ts'
import { typedKeys } from './typedKeys.ts'

export const USAGE = `usage: ppc440 gdb [options] program.elf [arguments]

The program stands at its first instruction and waits for a gdb on a port of this machine alone, one at a time:
  (gdb) target remote :3333

  --port N           the port (default 3333); 0 is any that is free
  --once             end when the first gdb has left
  --history SIZE     memory for what it takes to run backwards, for example 64M (default 256M); 0: none is kept
${MACHINE_USAGE}

For example: ppc440 gdb --machine linux-user ./hello

The line "listening on 127.0.0.1:PORT" says where. UART0 is on standard input, where that is a terminal, and output; the
standard streams of a Linux process are ours. "monitor help" in gdb lists commands of ours. Exit status: 0; 125 for our own failures.`

export const GDB_OPTIONS = {
  port: { type: 'string', default: '3333' },
  once: { type: 'boolean', default: false },
  history: { type: 'string', default: '256M' },
} as const
/** Bytes of output that wait for whoever reads it: a program that writes more is held up. */
const MOST_OUTPUT = 1 << 20
/** Milliseconds. */
const UNTIL_READ = 5

/** Resolves to the exit status when nobody is served any more. */
export async function gdb(argv: string[]): Promise<number> {
  const parsed = parseMachineOptions('gdb', argv, GDB_OPTIONS)
  if (parsed === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const { choice, values } = parsed
  const port = portOf(values.port as string)
  const history = historyOf(values.history as string)
  const files = await readFiles(choice)
  const elf = await readWhole(files.program, choice.program)
  const directory = process.cwd()
  const debuggee = (args: readonly string[]): Debuggee =>
    createDebuggee(elf, {
      ...machineOf({ ...choice, args }, files, directory),
      interactive: process.stdin.isTTY || choice.machine === LINUX_USER,
      pace: choice.pace,
      history,
      filesMeant: path => ({ files: [path] }),
      onTransmit: output(choice),
    })
  const processFiles = processFilesOf(choice, directory)
  const target = new Target(debuggee(choice.args), {
    ...nodeTiming,
    answer: request => processFiles.answer(request),
    outputWait: () => (process.stdout.writableLength > MOST_OUTPUT ? UNTIL_READ : 0),
  })
  const server = await serveGdb(port, {
    target,
    program: () => ({ path: resolve(directory, choice.program), bytes: files.program }),
    isShared: false,
    once: values.once === true,
    restart(args) {
      target.restart(args === undefined ? undefined : debuggee(args))
      if (process.stdin.readableEnded) target.endInput()
    },
  })
  const release = choice.machine === LINUX_USER ? standardInput(target) : typedKeys(bytes => target.type(0, [...bytes]))
  process.stdout.write(`listening on ${server.address}\n`)
  await server.closed
  target.dispose()
  release()
  return 0
}

/** A process reads what we would: lines of a terminal, a file, a pipe. @returns ends it */
function standardInput(target: Target): () => void {
  const { stdin } = process
  stdin.on('data', (bytes: Uint8Array) => target.type(0, [...bytes]))
  stdin.on('end', () => target.endInput())
  return () => stdin.destroy()
}

/** A process's standard error is ours; what a second UART sends is not shown. */
function output({ machine }: MachineChoice): (uart: number, output: number | Uint8Array) => void {
  return (uart, what) => {
    const bytes = typeof what === 'number' ? Uint8Array.of(what) : what
    if (uart === 0) process.stdout.write(bytes)
    else if (machine === LINUX_USER) process.stderr.write(bytes)
  }
}
