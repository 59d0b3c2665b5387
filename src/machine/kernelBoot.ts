// How a Linux kernel is started on the board: what U-Boot's `bootm` with a device tree does, with the addresses at
// which QEMU's bamboo puts things, so that the same files boot on both.

import { cells, type DeviceNode, type DeviceTree, findNode, text } from '../boards/deviceTree.ts'
import { parseDeviceTree, TREE_LIMIT, writeDeviceTree } from '../boards/flatTree.ts'
import type { Cpu } from '../cpu/cpu.ts'
import { Word } from '../cpu/state.ts'
import { UserError } from '../util/userError.ts'

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
export function applyKernelBoot(cpu: Cpu, { deviceTree, initrd, append }: KernelFiles, clock: number): void {
  const { state } = cpu
  const known = { ramSize: state.real.ramSize, clock, append, initrdSize: initrd?.length ?? 0 }
  const tree = completeTree(deviceTree, known)
  place(cpu, DEVICE_TREE, tree, 'the device tree')
  if (initrd !== undefined) place(cpu, INITRD, initrd, 'the initial RAM disk')
  state.gpr[1] = STACK
  state.gpr[3] = DEVICE_TREE
  state.words[Word.MSR] = 0
}

/** What only the loader knows. */
export interface LoaderKnows {
  /** Bytes. */
  readonly ramSize: number
  /** Of the core and its time base, in Hz. */
  readonly clock: number
  /** The command line. */
  readonly append: string
  /** Bytes; 0: there is none. */
  readonly initrdSize: number
}

/** A device tree with that in it. */
export function completeTree(file: Uint8Array, known: LoaderKnows): Uint8Array {
  const tree = parseDeviceTree(file)
  complete(tree, known)
  const completed = writeDeviceTree(tree)
  if (completed.length <= TREE_LIMIT) return completed
  throw new UserError(
    'device-tree',
    `the device tree has more than ${TREE_LIMIT} bytes with the command line in it`,
    'give a shorter "append"',
  )
}

function complete(tree: DeviceTree, { ramSize, clock, append, initrdSize }: LoaderKnows): void {
  findNode(tree, '/memory')?.properties.set('reg', fromZero(tree.root, ramSize))
  const cpu = findNode(tree, '/cpus/cpu')
  cpu?.properties.set('clock-frequency', cells(clock))
  cpu?.properties.set('timebase-frequency', cells(clock))
  fillClocks(tree.root, clock)
  const chosen = findNode(tree, '/chosen') ?? { name: 'chosen', properties: new Map(), children: [] }
  if (!tree.root.children.includes(chosen)) tree.root.children.push(chosen)
  chosen.properties.set('bootargs', text(append))
  if (initrdSize === 0) return
  chosen.properties.set('linux,initrd-start', cells(INITRD))
  chosen.properties.set('linux,initrd-end', cells(INITRD + initrdSize))
}

/** A `reg` from address 0, with as many cells as the parent's nodes have (Devicetree Specification, 2.3.5). */
function fromZero({ properties }: DeviceNode, size: number): Uint8Array {
  const count = (name: string, unless: number): number => properties.get(name)?.at(-1) ?? unless
  const zeros = count('#address-cells', 2) + count('#size-cells', 1) - 1
  return cells(...Array<number>(zeros).fill(0), size)
}

/** Hz of the crystal that serial ports divide. */
const SERIAL_CLOCK = 11_059_200
/** Of the core's clock a bus has the n-th part, as on the Sam460ex and on the bamboo: QEMU's trees of them say so, too. */
const BUS_DIVISORS: readonly (readonly [compatible: RegExp, divisor: number])[] = [
  [/^ibm,plb-460ex/, 5],
  [/^ibm,(opb|ebc)-460ex/, 10],
  [/^ibm,plb/, 3],
  [/^ibm,(opb|ebc)/, 6],
]

/** The kernel's own trees leave 0 where the loader is to say how fast a bus or a serial port is. */
function fillClocks({ properties, children }: DeviceNode, clock: number): void {
  if (properties.get('clock-frequency')?.every(byte => byte === 0)) {
    const compatible = new TextDecoder().decode(properties.get('compatible') ?? new Uint8Array())
    const bus = BUS_DIVISORS.find(([pattern]) => pattern.test(compatible))
    properties.set('clock-frequency', cells(bus === undefined ? SERIAL_CLOCK : Math.round(clock / bus[1])))
  }
  for (const child of children) fillClocks(child, clock)
}

function place(cpu: Cpu, address: number, bytes: Uint8Array, what: string): void {
  const { ramBytes: ram, real } = cpu.state
  if (address + bytes.length > real.ramSize)
    throw new UserError('kernel-outside-ram', `${what} does not fit into RAM`, 'give the machine more with --memory')
  ram.set(bytes, address)
  cpu.written(address, bytes.length)
}
