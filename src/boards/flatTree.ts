// Flattened device trees (devicetree specification 0.4, chapter 5): the file a kernel is handed, read and written.

import { hex } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import { cells, type DeviceNode, type DeviceTree, text } from './deviceTree.ts'

/** Bytes from where a kernel's device tree lies to where its RAM disk begins; real ones have some thousands. */
export const TREE_LIMIT = 1 << 20
/** The kernel reads no deeper (FDT_MAX_DEPTH in drivers/of/fdt.c). */
const DEPTH_LIMIT = 64
/** The specification has 31 characters, files a few more. */
const NAME_LIMIT = 256

const MAGIC = 0xd00dfeed
const VERSION = 17
/** The oldest version whose readers understand what is written here. */
const COMPATIBLE = 16
const HEADER = 40
const RESERVATION = 16

const BEGIN_NODE = 1
const END_NODE = 2
const PROP = 3
const NOP = 4
const END = 9

const padded = (length: number): number => (length + 3) & ~3

const badTree = (what: string): UserError =>
  new UserError('device-tree', `the device tree ${what}`, 'give a file that dtc made')

/** @throws UserError that says what is wrong with the file. */
export function parseDeviceTree(bytes: Uint8Array): DeviceTree {
  if (bytes.length > TREE_LIMIT) throw badTree(`has more than ${TREE_LIMIT} bytes`)
  const file = new TreeBytes(bytes)
  if (bytes.length < HEADER || file.word(0) !== MAGIC) throw badTree('does not begin with d00dfeed')
  return { root: readNodes(file, file.word(8), file.word(12)), reserved: reservations(file, file.word(16)) }
}

/** The bytes of the file: what lies outside is damage. */
class TreeBytes {
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  word(at: number): number {
    this.#check(at, 4)
    return this.#view.getUint32(at)
  }

  slice(at: number, length: number): Uint8Array {
    this.#check(at, length)
    return this.#bytes.slice(at, at + length)
  }

  /** A name and how many bytes it has, with the zero behind it. */
  name(at: number): { readonly name: string; readonly size: number } {
    const length = this.#bytes.subarray(at, at + NAME_LIMIT + 1).indexOf(0)
    if (length < 0) throw badTree(`has a name without an end at offset ${hex(at)}`)
    return { name: new TextDecoder().decode(this.#bytes.subarray(at, at + length)), size: length + 1 }
  }

  #check(at: number, length: number): void {
    if (at + length > this.#bytes.length) throw badTree(`ends before offset ${hex(at + length)}`)
  }
}

function readNodes(file: TreeBytes, start: number, strings: number): DeviceNode {
  let at = start
  const word = (): number => {
    at += 4
    return file.word(at - 4)
  }
  /** A node whose BEGIN_NODE has been read. */
  const begin = (): DeviceNode => {
    const { name, size } = file.name(at)
    at = padded(at + size)
    return { name, properties: new Map(), children: [] }
  }
  while (file.word(at) === NOP) at += 4
  if (word() !== BEGIN_NODE) throw badTree(`has no root node at offset ${hex(at - 4)}`)
  const open = [begin()]
  for (;;) {
    const node = open[open.length - 1]
    switch (word()) {
      case BEGIN_NODE: {
        if (open.length === DEPTH_LIMIT) throw badTree(`has nodes within each other more than ${DEPTH_LIMIT} deep`)
        const child = begin()
        node.children.push(child)
        open.push(child)
        break
      }
      case PROP: {
        const length = word()
        const { name } = file.name(strings + word())
        node.properties.set(name, file.slice(at, length))
        at = padded(at + length)
        break
      }
      case NOP:
        break
      case END_NODE:
        if (open.length === 1) return node
        open.pop()
        break
      default:
        throw badTree(`has no token at offset ${hex(at - 4)}`)
    }
  }
}

/** The reservation block ends with a pair of zeroes, which is kept. */
function reservations(file: TreeBytes, start: number): Uint8Array {
  const pair = (at: number): Uint8Array => file.slice(at, RESERVATION)
  let end = start
  while (pair(end).some(byte => byte !== 0)) end += RESERVATION
  return file.slice(start, end + RESERVATION - start)
}

export function writeDeviceTree({ root, reserved }: DeviceTree): Uint8Array {
  const strings = new Block()
  const names = new Map<string, number>()
  const nameOffset = (name: string): number => {
    let offset = names.get(name)
    if (offset === undefined) {
      offset = strings.size
      names.set(name, offset)
      strings.add(text(name))
    }
    return offset
  }
  const struct = new Block()
  const node = ({ name, properties, children }: DeviceNode): void => {
    struct.add(cells(BEGIN_NODE))
    struct.addPadded(text(name))
    for (const [property, value] of properties) {
      struct.add(cells(PROP, value.length, nameOffset(property)))
      struct.addPadded(value)
    }
    children.forEach(node)
    struct.add(cells(END_NODE))
  }
  node(root)
  struct.add(cells(END))

  const structAt = HEADER + reserved.length
  const stringsAt = structAt + struct.size
  const size = padded(stringsAt + strings.size)
  const file = new Block()
  file.add(cells(MAGIC, size, structAt, stringsAt, HEADER, VERSION, COMPATIBLE, 0, strings.size, struct.size))
  for (const part of [reserved, ...struct.parts, ...strings.parts]) file.add(part)
  return file.bytes(size)
}

/** Bytes that are put together. */
class Block {
  readonly parts: Uint8Array[] = []
  size = 0

  add(bytes: Uint8Array): void {
    this.parts.push(bytes)
    this.size += bytes.length
  }

  addPadded(bytes: Uint8Array): void {
    this.add(bytes)
    this.add(new Uint8Array(padded(bytes.length) - bytes.length))
  }

  /** In one piece of `size` bytes. */
  bytes(size: number): Uint8Array {
    const all = new Uint8Array(size)
    let at = 0
    for (const part of this.parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }
}
