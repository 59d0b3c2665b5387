// Device trees a kernel is started with: random ones, damaged, completed as the loader does, and read again.

import { cells, type DeviceNode, findNode, text } from '../../../src/boards/deviceTree.ts'
import { parseDeviceTree, writeDeviceTree } from '../../../src/boards/flatTree.ts'
import { completeTree } from '../../../src/machine/kernelBoot.ts'
import type { Random } from '../../support/random.ts'
import { mutate } from '../mutate.ts'
import type { Surface } from '../surface.ts'

const NODES = ['memory', 'cpus', 'cpu@0', 'chosen', 'plb', 'serial@ef600300', '']
const PROPERTIES = ['reg', 'bootargs', 'clock-frequency', 'compatible', 'linux,initrd-start']

function node(name: string, depth: number, random: Random): DeviceNode {
  const properties = new Map<string, Uint8Array>()
  for (let i = random.below(4); i > 0; i--) properties.set(random.pick(PROPERTIES), random.bytes(random.below(9)))
  const children = depth === 0 ? [] : Array.from({ length: random.below(4) }, () => random.pick(NODES))
  return { name, properties, children: children.map(child => node(child, depth - 1, random)) }
}

export const surface: Surface = {
  small: 3000,
  run(random) {
    const reserved = cells(...Array.from({ length: 4 * random.below(3) }, () => random.word() >>> 0), 0, 0, 0, 0)
    const file = writeDeviceTree({ root: node('', 1 + random.below(5), random), reserved })
    const damaged = random.chance(5) ? file.slice(0, random.below(file.length)) : file
    for (let i = random.below(5); i > 0; i--) mutate(damaged, random.chance(20) ? 0 : 40, damaged.length, random)
    const append = 'console=ttyS0'
    const completed = parseDeviceTree(
      completeTree(damaged, { ramSize: 1 << 27, clock: 4e8, append, initrdSize: random.below(2) << 20 }),
    )
    const told = findNode(completed, '/chosen')?.properties.get('bootargs')
    if (String(told) !== String(text(append))) throw new Error(`the kernel reads ${told} as its command line`)
  },
}
