// `npm run bench:gdb`: how long a gdb waits, at our stub and at QEMU's in one run: a step of one instruction, a breakpoint
// put in, met and taken out again, and what a condition that is false costs. Of a kernel, where there is one
// (test/support/linuxKernel.ts), how long it takes from the command to the first answer, with the kernel in memory, to its
// first C function, and how long gdb itself takes to read its debug information.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { readElf } from '../../src/elf/elf.ts'
import { PacketReader, packetOf } from '../../src/gdb/framing.ts'
import { latin } from '../../src/gdb/text.ts'
import { sleep } from '../e2e/support/until.ts'
import { A, encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { type KernelFiles, kernelFiles } from '../support/linuxKernel.ts'

const STEPS = 3000
const BREAKPOINTS = 1000
const CONDITIONS = 200_000
/** A loop of eight instructions: r3 counts, and is stored at 0 and loaded. */
const LOOP = [e.addi(3, 3, 1), e.stw(3, 0, 4), e.lwz(5, 0, 4), e.addi(6, 5, 1), e.nop, e.nop, e.nop, e.b(-28)]

class Client {
  readonly #socket: Socket
  readonly #reader = new PacketReader()
  #answer: ((data: string) => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.#socket.setNoDelay(true)
    this.#socket.on('data', bytes => {
      for (const token of this.#reader.push(bytes))
        if (token.kind === 'packet' && !/^O[0-9a-f]/.test(latin(token.data))) this.#answer?.(latin(token.data))
    })
  }

  ask(data: string): Promise<string> {
    return new Promise(done => {
      this.#answer = done
      this.#socket.write(packetOf(data))
    })
  }

  async begin(): Promise<this> {
    await this.ask('qSupported:swbreak+;hwbreak+;vContSupported+')
    await this.ask('QStartNoAckMode')
    await this.ask('?')
    return this
  }

  end(): void {
    this.#socket.destroy()
  }
}

interface Stub {
  readonly name: string
  readonly start: (program: string, port: number) => ChildProcess
}

const cli = join(mkdtempSync(join(tmpdir(), 'ppc440-bench-')), 'cli.cjs')
buildSync({ entryPoints: ['src/cli.ts'], outfile: cli, bundle: true, platform: 'node', format: 'cjs' })

const OURS: Stub = {
  name: 'ppc440',
  start: (program, port) => spawn(process.execPath, [cli, 'gdb', '--port', String(port), program], { stdio: 'ignore' }),
}
const QEMU: Stub = {
  name: 'QEMU 7.2',
  start(program, port) {
    const machine = ['-M', 'bamboo', '-nic', 'none', '-display', 'none']
    return spawn('qemu-system-ppc', [...machine, '-kernel', program, '-S', '-gdb', `tcp:127.0.0.1:${port}`], {
      stdio: 'ignore',
    })
  },
}

const freePort = (): Promise<number> =>
  new Promise(done => {
    const listener = createServer()
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as { port: number }
      listener.close(() => done(port))
    })
  })

const tryConnect = (port: number): Promise<Socket | undefined> =>
  new Promise(done => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => done(socket))
    socket.on('error', () => done(undefined))
  })

/** A client at a stub, once that listens. @throws Error where it never does */
async function connected(port: number): Promise<Client> {
  for (let tries = 0; tries < 5000; tries++) {
    const socket = await tryConnect(port)
    if (socket !== undefined) return await new Client(socket).begin()
    await sleep(2)
  }
  throw new Error('the stub does not listen')
}

/** Microseconds for each of `count`. */
async function each(count: number, action: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  for (let n = 0; n < count; n++) await action()
  return (1000 * (performance.now() - started)) / count
}

interface Figures {
  readonly step: number
  readonly breakpoint: number
}

async function measure({ start }: Stub, program: string): Promise<Figures> {
  const port = await freePort()
  const server = start(program, port)
  const client = await connected(port)
  const place = `${(A + 8).toString(16)},4`
  const stepOnce = async (): Promise<void> => {
    await client.ask('vCont;s:1')
    await client.ask('g')
  }
  const stopOnce = async (): Promise<void> => {
    await client.ask(`Z0,${place}`)
    await client.ask('vCont;c')
    await client.ask('g')
    await client.ask(`z0,${place}`)
    await client.ask('vCont;s:1')
  }
  await each(300, stepOnce)
  const step = await each(STEPS, stepOnce)
  await each(100, stopOnce)
  const breakpoint = await each(BREAKPOINTS, stopOnce)
  client.end()
  server.kill('SIGKILL')
  return { step, breakpoint }
}

/** r3 == n, as gdb sends it. */
const equals = (n: number): string => `26000324${n.toString(16).padStart(8, '0')}1327`

/** Microseconds of one judgement: what the loop takes with the condition, less what it takes without. */
async function falseCondition(program: string): Promise<number> {
  const port = await freePort()
  const server = OURS.start(program, port)
  const client = await connected(port)
  let reached = 0
  const run = async (count: number): Promise<number> => {
    reached += count
    const code = equals(reached)
    await client.ask(`Z1,${(A + 8).toString(16)},4;X${(code.length / 2).toString(16)},${code}`)
    const started = performance.now()
    await client.ask('vCont;c')
    const time = performance.now() - started
    await client.ask(`z1,${(A + 8).toString(16)},4`)
    return (1000 * time) / count
  }
  await run(20_000)
  const time = await run(CONDITIONS)
  client.end()
  server.kill('SIGKILL')
  return time
}

/** Milliseconds since the command was given: up to the first answer, and up to the first function of the kernel. */
async function startOf(name: string, start: (port: number) => ChildProcess, address: string): Promise<string> {
  const port = await freePort()
  const began = performance.now()
  const server = start(port)
  const client = await connected(port)
  const answered = performance.now() - began
  await client.ask(`Z1,${address},4`)
  await client.ask('vCont;c')
  const reached = performance.now() - began
  client.end()
  server.kill('SIGKILL')
  return `${name.padEnd(10)} kernel: first answer ${answered.toFixed(0)} ms   start_kernel ${reached.toFixed(0)} ms`
}

async function kernelStart({ program, dtb, initrd }: KernelFiles): Promise<void> {
  const symbol = readElf(new Uint8Array(readFileSync(program)), program).symbols.find(
    ({ name }) => name === 'start_kernel',
  )
  const address = (symbol?.value ?? 0).toString(16)
  const command = ['--append', 'console=ttyS0,115200']
  const ours = (port: number): ChildProcess =>
    spawn(
      process.execPath,
      [cli, 'gdb', '--port', String(port), '--dtb', dtb, '--initrd', initrd, ...command, program],
      { stdio: 'ignore' },
    )
  const theirs = (port: number): ChildProcess =>
    spawn(
      'qemu-system-ppc',
      [
        ...['-M', 'bamboo', '-nic', 'none', '-display', 'none', '-kernel', program, '-initrd', initrd],
        ...['-append', 'console=ttyS0,115200', '-S', '-gdb', `tcp:127.0.0.1:${port}`],
      ],
      { stdio: 'ignore' },
    )
  console.log(await startOf(QEMU.name, theirs, address))
  console.log(await startOf(OURS.name, ours, address))
  const began = performance.now()
  spawnSync('gdb-multiarch', ['-nx', '-batch', '-ex', 'info line start_kernel', program])
  console.log(`gdb        reads the kernel's symbols in ${(performance.now() - began).toFixed(0)} ms`)
}

async function main(): Promise<void> {
  const program = join(mkdtempSync(join(tmpdir(), 'ppc440-bench-')), 'loop.elf')
  writeFileSync(program, writeElf(A, [{ address: A, bytes: bytesOf(LOOP) }]))
  const rows: [string, Figures][] = []
  for (const stub of [QEMU, OURS]) rows.push([stub.name, await measure(stub, program)])
  for (const [name, { step, breakpoint }] of rows)
    console.log(`${name.padEnd(10)} step and registers ${step.toFixed(0)} us   breakpoint ${breakpoint.toFixed(0)} us`)
  console.log(`ppc440     false condition ${(await falseCondition(program)).toFixed(2)} us`)
  const kernel = kernelFiles()
  if (kernel !== undefined) await kernelStart(kernel)
}

void main()
