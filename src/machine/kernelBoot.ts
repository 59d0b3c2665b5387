// How a Linux kernel is started on the board: what U-Boot's `bootm` with a device tree does, with the addresses at
// which QEMU's bamboo puts things, so that the same files boot on both.

import type { Cpu } from '../cpu/cpu.ts'
import { Word } from '../cpu/state.ts'
import { CLOCK_HZ } from '../cpu/timers.ts'
import { UserError } from '../util/userError.ts'
import { cells, type DeviceTree, findNode, text } from './deviceTree.ts'
import { parseDeviceTree, TREE_LIMIT, writeDeviceTree } from './flatTree.ts'

/** What a kernel is handed besides its image. */
export interface KernelFiles {
  readonly deviceTree: Uint8Array
  readonly initrd?: Uint8Array
  /** The kernel's command line. */
  readonly append: string
}

const DEVICE_TREE = 0x01800000
const INITRD = DEVICE_TREE + TREE_LIMIT
const STACK = 0x01000000 - 8

/** Puts device tree and initial RAM disk into RAM; r3 points to the tree, as ePAPR has it, and MSR is 0. */
export function applyKernelBoot(cpu: Cpu, { deviceTree, initrd, append }: KernelFiles): void {
  const { state } = cpu
  const tree = completeTree(deviceTree, state.ramBytes.length, append, initrd?.length ?? 0)
  place(cpu, DEVICE_TREE, tree, 'the device tree')
  if (initrd !== undefined) place(cpu, INITRD, initrd, 'the initial RAM disk')
  state.gpr[1] = STACK
  state.gpr[3] = DEVICE_TREE
  state.words[Word.MSR] = 0
}

/** A device tree and what only the loader knows: how much RAM there is, where the RAM disk lies, the command line. */
export function completeTree(file: Uint8Array, ramSize: number, append: string, initrdSize: number): Uint8Array {
  const tree = parseDeviceTree(file)
  complete(tree, ramSize, append, initrdSize)
  const completed = writeDeviceTree(tree)
  if (completed.length <= TREE_LIMIT) return completed
  throw new UserError(
    'device-tree',
    `the device tree has more than ${TREE_LIMIT} bytes with the command line in it`,
    'give a shorter "append"',
  )
}

function complete(tree: DeviceTree, ramSize: number, append: string, initrdSize: number): void {
  findNode(tree, '/memory')?.properties.set('reg', cells(0, 0, ramSize))
  const cpu = findNode(tree, '/cpus/cpu')
  cpu?.properties.set('clock-frequency', cells(CLOCK_HZ))
  cpu?.properties.set('timebase-frequency', cells(CLOCK_HZ))
  const chosen = findNode(tree, '/chosen') ?? { name: 'chosen', properties: new Map(), children: [] }
  if (!tree.root.children.includes(chosen)) tree.root.children.push(chosen)
  chosen.properties.set('bootargs', text(append))
  if (initrdSize === 0) return
  chosen.properties.set('linux,initrd-start', cells(INITRD))
  chosen.properties.set('linux,initrd-end', cells(INITRD + initrdSize))
}

function place(cpu: Cpu, address: number, bytes: Uint8Array, what: string): void {
  const ram = cpu.state.ramBytes
  if (address + bytes.length > ram.length)
    throw new UserError('kernel-outside-ram', `${what} does not fit into RAM`, 'give the machine more with --memory')
  ram.set(bytes, address)
  cpu.written(address, bytes.length)
}
