// Flattened device trees (devicetree specification 0.4, chapter 5): read, changed as a boot loader does, written again.

/** A node: its properties are bytes, which only whoever asks for one knows how to read. */
export interface DeviceNode {
  readonly name: string
  readonly properties: Map<string, Uint8Array>
  readonly children: DeviceNode[]
}

export interface DeviceTree {
  readonly root: DeviceNode
  /** Pairs of 64-bit address and size the kernel must keep its hands off, as they stand in the file. */
  readonly reserved: Uint8Array
}

const MAGIC = 0xd00dfeed
const VERSION = 17
/** The oldest version whose readers understand what is written here. */
const COMPATIBLE = 16
const HEADER = 40

const BEGIN_NODE = 1
const END_NODE = 2
const PROP = 3
const NOP = 4
const END = 9

const padded = (length: number): number => (length + 3) & ~3

/** @throws an Error that says what is wrong with the file. */
export function parseDeviceTree(bytes: Uint8Array): DeviceTree {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER || view.getUint32(0) !== MAGIC) throw new Error('not a flattened device tree: no d00dfeed')
  const strings = view.getUint32(12)
  let at = view.getUint32(8)
  const token = (): number => {
    at += 4
    return view.getUint32(at - 4)
  }
  const text = (from: number): string => {
    const end = bytes.indexOf(0, from)
    return new TextDecoder().decode(bytes.subarray(from, end))
  }
  /** The rest of a node whose BEGIN_NODE has been read. */
  const node = (): DeviceNode => {
    const name = text(at)
    at = padded(at + name.length + 1)
    const result: DeviceNode = { name, properties: new Map(), children: [] }
    for (;;) {
      switch (token()) {
        case BEGIN_NODE:
          result.children.push(node())
          break
        case PROP: {
          const length = token()
          const property = text(strings + token())
          result.properties.set(property, bytes.slice(at, at + length))
          at = padded(at + length)
          break
        }
        case NOP:
          break
        case END_NODE:
          return result
        default:
          throw new Error(`device tree: no such token at offset ${at - 4}`)
      }
    }
  }
  if (token() !== BEGIN_NODE) throw new Error(`device tree: no root node at offset ${at - 4}`)
  const root = node()
  return { root, reserved: reservations(bytes, view) }
}

/** The reservation block ends with a pair of zeroes, which is kept. */
function reservations(bytes: Uint8Array, view: DataView): Uint8Array {
  const start = view.getUint32(16)
  let end = start
  while (view.getBigUint64(end) !== 0n || view.getBigUint64(end + 8) !== 0n) end += 16
  return bytes.slice(start, end + 16)
}

export function writeDeviceTree(tree: DeviceTree): Uint8Array {
  const names = new Map<string, number>()
  const strings: number[] = []
  const nameOffset = (name: string): number => {
    const known = names.get(name)
    if (known !== undefined) return known
    names.set(name, strings.length)
    const offset = strings.length
    strings.push(...ascii(name), 0)
    return offset
  }
  const struct: number[] = []
  const word = (value: number): void => {
    struct.push(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
  }
  const data = (contents: ArrayLike<number>): void => {
    struct.push(...Array.from(contents))
    while (struct.length % 4 !== 0) struct.push(0)
  }
  const node = ({ name, properties, children }: DeviceNode): void => {
    word(BEGIN_NODE)
    data([...ascii(name), 0])
    for (const [property, value] of properties) {
      word(PROP)
      word(value.length)
      word(nameOffset(property))
      data(value)
    }
    children.forEach(node)
    word(END_NODE)
  }
  node(tree.root)
  word(END)
  return assemble(tree.reserved, struct, strings)
}

function assemble(reserved: Uint8Array, struct: readonly number[], strings: readonly number[]): Uint8Array {
  const structAt = HEADER + reserved.length
  const stringsAt = structAt + struct.length
  const bytes = new Uint8Array(padded(stringsAt + strings.length))
  const view = new DataView(bytes.buffer)
  const header = [
    MAGIC,
    bytes.length,
    structAt,
    stringsAt,
    HEADER,
    VERSION,
    COMPATIBLE,
    0,
    strings.length,
    struct.length,
  ]
  for (const [i, value] of header.entries()) view.setUint32(4 * i, value)
  bytes.set(reserved, HEADER)
  bytes.set(struct, structAt)
  bytes.set(strings, stringsAt)
  return bytes
}

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)]

/** The node at `path` (`/cpus/cpu@0`; the unit address may be left out), or undefined. */
export function findNode({ root }: DeviceTree, path: string): DeviceNode | undefined {
  let node: DeviceNode | undefined = root
  for (const name of path.split('/').filter(part => part !== ''))
    node = node?.children.find(child => child.name === name || child.name.split('@')[0] === name)
  return node
}

/** Values of properties: 32-bit cells, and text. */
export function cells(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  for (const [i, value] of values.entries()) view.setUint32(4 * i, value)
  return new Uint8Array(view.buffer)
}

export const text = (value: string): Uint8Array => Uint8Array.from([...ascii(value), 0])
