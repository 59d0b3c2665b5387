// What a machine of QEMU writes to its first serial port.

import { spawn } from 'node:child_process'
import { QEMU } from './qtest.ts'

/** @param options what is run, `-kernel x.elf` say @param end the console is whole when this is on it @throws Error */
export async function qemuConsole(machine: string, options: readonly string[], end: string): Promise<string> {
  const quiet = ['-display', 'none', '-monitor', 'none', '-serial', 'stdio', '-nic', 'none']
  const qemu = spawn(QEMU, ['-M', machine, ...quiet, ...options], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    let out = ''
    for await (const data of qemu.stdout) if ((out += data).includes(end)) return out
    throw new Error(`QEMU has ended after: ${out}`)
  } finally {
    qemu.kill('SIGKILL')
  }
}
