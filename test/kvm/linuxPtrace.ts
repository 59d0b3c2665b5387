// A guest that debugs itself, and that nobody here wrote: Linux, whose ptrace programs IACs, DACs, DVCs and ICMP for a
// process and takes its Debug interrupts (I13). What the process sees follows from its source, test/guest/kvm/ptrace.c.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Machine } from '../../src/machine/machine.ts'
import { have } from '../support/tools.ts'
import { type KernelImages, kernelImages } from './linuxBoot.ts'

const GCC = 'powerpc-linux-gnu-gcc'
const SOURCE = fileURLToPath(new URL('../guest/kvm/ptrace.c', import.meta.url))
const SIGTRAP_STOP = 0x057f

const EXPECTED: readonly [string, number][] = [
  ['instruction', 4],
  ['data', 2],
  ['values', 2],
  ['iac-status', SIGTRAP_STOP],
  ['iac-at', 0],
  ['step-status', SIGTRAP_STOP],
  ['step-at', 20],
  ['step-r11', 5],
  ['watch', 1],
  ['dac-status', SIGTRAP_STOP],
  ['dac-at', 0],
  ['dac-r10', 3],
  // The third store has not been done.
  ['dac-memory', 2],
  // It exits with 7.
  ['exit', 0x0700],
]

/** @returns whether the process saw what it should. */
export function debugInLinux(): boolean {
  const images = kernelImages()
  if (images === undefined || !have(GCC)) {
    console.log(`skipped: Linux that debugs a process needs a kernel and ${GCC}`)
    return true
  }
  const said = bootWith(images, buildInit())
  const lines = [...said.matchAll(/^PTRACE: (\S+) ([0-9a-f]{8})/gm)].map(([, name, value]) => `${name} ${value}`)
  const expected = EXPECTED.map(([name, value]) => `${name} ${value.toString(16).padStart(8, '0')}`)
  const wrong = expected.filter((line, n) => lines[n] !== line)
  console.log(`Linux debugged a process: ${lines.length} of ${expected.length} answers`)
  for (const line of wrong) console.log(`failed: expected ${line}, have ${lines[expected.indexOf(line)] ?? 'nothing'}`)
  return wrong.length === 0
}

function buildInit(): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'ptrace-'))
  const file = join(directory, 'init')
  const options = ['-mcpu=440', '-msoft-float', '-O1', '-nostdlib', '-static', '-fno-pie', '-no-pie']
  const { status, stderr } = spawnSync(GCC, [...options, SOURCE, '-o', file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const elf = readFileSync(file)
  rmSync(directory, { recursive: true })
  return elf
}

function bootWith({ program, deviceTree }: KernelImages, init: Buffer): string {
  const initrd = Buffer.concat([
    entry('dev', 0o040755),
    entry('dev/console', 0o020600, Buffer.alloc(0), [5, 1]),
    entry('init', 0o100755, init),
    entry('TRAILER!!!', 0),
  ])
  const kernel = { deviceTree, initrd, append: 'console=ttyS0,115200' }
  const machine = new Machine({ ramSize: 128 << 20, core: '440ep', reset: 'boot', kernel }, program)
  const bytes: number[] = []
  machine.uarts[0]!.onTransmit = byte => bytes.push(byte)
  machine.run({ budget: 300_000_000 })
  return Buffer.from(bytes).toString('latin1').replaceAll('\r', '')
}

/** A file of a cpio archive in the "newc" format: fields of eight hex digits, name and contents padded to four bytes. */
function entry(name: string, mode: number, contents: Uint8Array = Buffer.alloc(0), [major, minor] = [0, 0]): Buffer {
  const fields = [0, mode, 0, 0, 1, 0, contents.length, 0, 0, major, minor, name.length + 1, 0]
  const header = `070701${fields.map(field => field!.toString(16).padStart(8, '0')).join('')}${name}\0`
  return Buffer.concat([padded(Buffer.from(header)), padded(contents)])
}

const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
