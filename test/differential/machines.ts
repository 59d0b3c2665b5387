// The machines that run an image: ours, and QEMU's 440EP. Both give the results and the table as they are afterwards.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import type { Image } from './image.ts'
import { CASES, DONE, FINISHED, RAM, RESULTS } from './layout.ts'

export const QEMU = 'qemu-system-ppc'

export interface Outcome {
  readonly results: DataView
  readonly table: DataView
}

export function runOurs({ elf, table }: Image): Outcome {
  const machine = new Machine({ ramSize: RAM, core: '440ep', reset: 'boot' }, readElf(elf))
  const { ram, ramBytes } = machine.cpu.state
  // The runner ends in `b .`, which ends the run.
  machine.run({ budget: table.byteLength })
  if (ram.getInt32(DONE) !== FINISHED) throw new Error('the cases did not come to an end')
  const copy = (address: number): DataView => new DataView(ramBytes.slice(address, address + table.byteLength).buffer)
  return { results: copy(RESULTS), table: copy(CASES) }
}

export async function runQemu({ elf, table }: Image): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'qemu-'))
  const kernel = join(directory, 'image.elf')
  writeFileSync(kernel, elf)
  const machine = ['-M', 'bamboo', '-m', String(RAM >> 20), '-nic', 'none', '-display', 'none', '-serial', 'null']
  const qemu = spawn(QEMU, [...machine, '-monitor', 'none', '-qmp', 'stdio', '-kernel', kernel])
  try {
    const monitor = new Monitor(qemu)
    await monitor.execute('qmp_capabilities')
    while (!(await monitor.human(`xp /1wx ${DONE}`)).includes(FINISHED.toString(16))) await pause()
    const dump = async (address: number): Promise<DataView> => {
      const file = join(directory, address.toString(16))
      await monitor.human(`pmemsave ${address} ${table.byteLength} "${file}"`)
      return new DataView(new Uint8Array(readFileSync(file)).buffer)
    }
    return { results: await dump(RESULTS), table: await dump(CASES) }
  } finally {
    // It runs `b .` for ever and takes no hint.
    qemu.kill('SIGKILL')
    rmSync(directory, { recursive: true })
  }
}

const pause = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 50))

/** QEMU's machine protocol: one JSON object per line, answers in order, events in between. */
class Monitor {
  readonly #qemu: ChildProcess
  readonly #waiting: ((answer: string) => void)[] = []

  constructor(qemu: ChildProcess) {
    this.#qemu = qemu
    createInterface({ input: qemu.stdout! }).on('line', line => {
      const message = JSON.parse(line) as { return?: unknown }
      if ('return' in message) this.#waiting.shift()?.(String(message.return))
    })
  }

  execute(command: string, args: object = {}): Promise<string> {
    this.#qemu.stdin!.write(`${JSON.stringify({ execute: command, arguments: args })}\n`)
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  human(line: string): Promise<string> {
    return this.execute('human-monitor-command', { 'command-line': line })
  }
}
