// gdb-multiarch in a script, at our server or at another.

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { resolve } from 'node:path'
import { ProcessFiles } from '../../src/dap/processFiles.ts'
import { createDebuggee } from '../../src/debuggee/launch.ts'
import { Target } from '../../src/debuggee/target.ts'
import { readElf } from '../../src/elf/elf.ts'
import { type GdbServer, serveGdb } from '../../src/host/gdbServer.ts'
import { nodeTiming } from '../../src/host/node.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import type { MachineOptions } from '../../src/machine/machine.ts'
import { until } from '../e2e/support/until.ts'

export const GDB = 'gdb-multiarch'

export interface Served {
  readonly target: Target
  readonly server: GdbServer
  readonly port: number
  /** What the program has written. */
  readonly written: () => string
}

/** A program behind our server, in this process. */
export async function served(
  program: string,
  options: Partial<MachineOptions> & { readonly interactive?: boolean } = {},
  once = false,
): Promise<Served> {
  const path = resolve(program)
  const bytes = new Uint8Array(readFileSync(path))
  const elf = readElf(bytes, path)
  let written = ''
  const debuggee = (args: readonly string[]) =>
    createDebuggee(elf, {
      ...({ ramSize: 128 << 20, core: '440ep', reset: 'boot', interactive: false, pace: 'max' } as const),
      history: 64 << 20,
      filesMeant: file => ({ files: [file] }),
      onTransmit: (_, output) => {
        written += typeof output === 'number' ? String.fromCharCode(output) : new TextDecoder().decode(output)
      },
      ...options,
      ...(options.process && { process: { ...options.process, args: [path, ...args] } }),
    })
  const files = new ProcessFiles(nodeFiles, process.cwd(), path)
  const target = new Target(debuggee([]), {
    ...nodeTiming,
    answer: request => files.answer(request),
    outputWait: () => 0,
  })
  const server = await serveGdb(0, {
    ...{ target, program: () => ({ path, bytes }), isShared: false, once },
    restart: args => target.restart(args === undefined ? undefined : debuggee(args)),
  })
  return { target, server, port: Number(server.address.split(':')[1]), written: () => written }
}

/** Options of a Linux process. */
export const processOf = (program: string): Pick<MachineOptions, 'process'> => ({
  process: { executable: resolve(program), args: [program], environment: [], directory: process.cwd() },
})

/** Milliseconds. */
const PATIENCE = 60_000

/**
 * All that gdb says to these commands. @param program of which it knows the symbols
 * @param started is given gdb's process
 */
export function gdb(
  program: string | undefined,
  commands: readonly string[],
  started: (gdb: ChildProcess) => void = () => {},
): Promise<string> {
  const quiet = ['set confirm off', 'set pagination off', 'set width 0', 'set style enabled off']
  const args = [...quiet, ...commands].flatMap(command => ['-ex', command])
  const child = spawn(GDB, ['-nx', '-batch', ...args, ...(program === undefined ? [] : [program])])
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data))
  started(child)
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`gdb did not end; it has said:\n${said}`))
    }, PATIENCE)
    child.on('exit', () => {
      clearTimeout(timer)
      done(said)
    })
  })
}

/** What gdb says to these commands at our server of a program. */
export async function gdbAtOurs(
  program: string,
  commands: readonly string[],
  options: Partial<MachineOptions> = {},
): Promise<string> {
  const { server, port } = await served(program, options)
  try {
    return await gdb(program, [`target remote :${port}`, ...commands])
  } finally {
    server.close()
  }
}

/** And what it says to them at QEMU's. */
export async function gdbAtQemu(
  program: string,
  commands: readonly string[],
  command: (port: number) => readonly [string, readonly string[]],
): Promise<string> {
  const port = await freePort()
  const [name, args] = command(port)
  const qemu: ChildProcess = spawn(name, args, { stdio: 'ignore' })
  try {
    if (name !== 'qemu-ppc') await until('QEMU', () => accepts(port))
    else await new Promise(wake => setTimeout(wake, 500))
    return await gdb(program, [`target remote :${port}`, ...commands])
  } finally {
    qemu.kill('SIGKILL')
  }
}

export const bamboo =
  (program: string) =>
  (port: number): readonly [string, readonly string[]] => [
    'qemu-system-ppc',
    ['-M', 'bamboo', '-nic', 'none', '-display', 'none', '-kernel', program, '-S', '-gdb', `tcp:127.0.0.1:${port}`],
  ]

export const linuxUser =
  (program: string) =>
  (port: number): readonly [string, readonly string[]] => ['qemu-ppc', ['-cpu', '440EP', '-g', String(port), program]]

function freePort(): Promise<number> {
  return new Promise(done => {
    const listener = createServer()
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as { port: number }
      listener.close(() => done(port))
    })
  })
}

function accepts(port: number): Promise<boolean> {
  return new Promise(done => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => done(socket.destroy() !== undefined))
    socket.on('error', () => done(false))
  })
}
