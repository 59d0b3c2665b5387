// Device trees (devicetree specification 0.4): nodes, and the values their properties have.

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

export const text = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`)
