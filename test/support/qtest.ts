// QEMU's devices by themselves: reads and writes of its qtest protocol, without a program that executes.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Size } from '../../src/bus/device.ts'

export const QEMU = 'qemu-system-ppc'

/** A read or, with a value, a write at a real address. */
export interface BusAccess {
  readonly address: number
  readonly size: Size
  readonly value?: number
}

const LETTER = { 1: 'b', 2: 'w', 4: 'l' } as const

/** What QEMU's board reads, one after the other; nothing for a write. @param more arguments */
export async function qtest(
  board: string,
  accesses: readonly BusAccess[],
  more: readonly string[] = [],
): Promise<readonly number[]> {
  const quiet = ['-display', 'none', '-serial', 'null', '-nic', 'none']
  const qemu = spawn(QEMU, ['-M', board, '-qtest', 'stdio', ...quiet, ...more], { stdio: ['pipe', 'pipe', 'ignore'] })
  try {
    for (const { address, size, value } of accesses)
      qemu.stdin.write(
        `${value === undefined ? 'read' : 'write'}${LETTER[size]} ${address}${value === undefined ? '' : ` ${value >>> 0}`}\n`,
      )
    const values: number[] = []
    let answered = 0
    for await (const line of createInterface(qemu.stdout)) {
      if (line.startsWith('FAIL')) throw new Error(line)
      if (!line.startsWith('OK')) continue
      if (accesses[answered++]!.value === undefined) values.push(Number(line.slice(3)))
      if (answered === accesses.length) return values
    }
    throw new Error('QEMU has ended')
  } finally {
    qemu.kill('SIGKILL')
  }
}
