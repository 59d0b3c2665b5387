// A board from its device tree (devicetree specification 0.4): what is known is built as it is described, and what is not
// becomes a stub.

import { CLOCK_HZ } from '../cpu/timers.ts'
import { FLASH_CHIPS } from '../devices/flashChips.ts'
import { UserError } from '../util/userError.ts'
import type { Core } from './cores.ts'
import {
  type BoardDescription,
  type DeviceDescription,
  type InterruptInput,
  MEMORY_STEP,
  type MemoryDescription,
  MOST_MEMORY_REGION,
} from './description.ts'
import { DEVICE_KINDS } from './deviceKinds.ts'
import { type DeviceNode, type DeviceTree, findNode } from './deviceTree.ts'
import { parseDeviceTree } from './flatTree.ts'

const RAM = 128 << 20
const LEAST_RAM = 64 << 10
const MOST_RAM = 1 << 30
/** A region beyond this is a window to something else, as a PCI bus is, and no device. */
const MOST_REGION = 1 << 20

/** By what a CPU or the whole board is called; the first that fits. */
const CORES_BY_NAME: readonly (readonly [RegExp, Core])[] = [
  [/440epx|440grx/i, '440epx'],
  [/440ep/i, '440ep'],
  [/440gx/i, '440gx'],
  [/460ex|460gt/i, '460ex'],
  [/virtex440|440x5|ppc440-virtex5/i, '440x5'],
]

/** @throws UserError */
export function boardOfDeviceTree(file: Uint8Array, fileName: string): BoardDescription {
  return new TreeReader(parseDeviceTree(file), fileName).board()
}

/** A node, and what it has from the nodes around it. */
interface Placed {
  readonly node: DeviceNode
  readonly parents: readonly DeviceNode[]
}

class TreeReader {
  readonly #tree: DeviceTree
  readonly #fileName: string
  readonly #nodes: readonly Placed[]
  readonly #byPhandle = new Map<number, Placed>()
  readonly #names = new Map<DeviceNode, string>()
  readonly #taken = new Set<string>()

  constructor(tree: DeviceTree, fileName: string) {
    this.#tree = tree
    this.#fileName = fileName
    this.#nodes = [...placed(tree.root, [])]
    for (const each of this.#nodes) {
      const phandle = cell(each.node, 'phandle') ?? cell(each.node, 'linux,phandle')
      if (phandle !== undefined) this.#byPhandle.set(phandle, each)
    }
  }

  board(): BoardDescription {
    const { root } = this.#tree
    const cpu = findNode(this.#tree, '/cpus')?.children[0]
    if (cpu === undefined) throw this.#bad('has no node in /cpus')
    const called = [root, cpu].flatMap(node => [...texts(node, 'model'), ...texts(node, 'compatible'), node.name])
    const core = CORES_BY_NAME.find(([pattern]) => called.some(name => pattern.test(name)))?.[1] ?? '440-nofpu'
    const known = this.#nodes.filter(({ node }) => this.#kindOf(node) !== undefined)
    for (const { node } of known) this.#nameOf(node)
    const devices = this.#nodes.flatMap(each => this.#device(each))
    return {
      name: this.#fileName.replace(/\.dtb$/i, ''),
      text: texts(root, 'model')[0] ?? 'a board from its device tree',
      core,
      clock: cell(cpu, 'clock-frequency') || CLOCK_HZ,
      ram: this.#ram(),
      elsewhere: 'machineCheck',
      memories: this.#nodes.flatMap(each => this.#flash(each)),
      devices: withoutOverlaps(devices),
    }
  }

  #ram(): number {
    const memory = this.#nodes.find(({ node }) => texts(node, 'device_type')[0] === 'memory')
    const size = memory === undefined ? 0 : (this.#regions(memory)[0]?.size ?? 0)
    return size >= LEAST_RAM && size <= MOST_RAM && size % LEAST_RAM === 0 ? size : RAM
  }

  /** Of which chips it is, the tree does not say: those of its size that say themselves what they are. */
  #flash(each: Placed): readonly MemoryDescription[] {
    const { node } = each
    const [region] = this.#regions(each)
    if (!isFlash(node) || isDisabled(node) || region === undefined) return []
    const { base, size } = region
    const isPossible = base >= this.#ram() && size > 0 && size <= MOST_MEMORY_REGION
    if (!isPossible || base % MEMORY_STEP !== 0 || size % MEMORY_STEP !== 0) return []
    const width = cell(node, 'bank-width')
    const chip = Object.values(FLASH_CHIPS).find(each => each.hasQuery && each.size === size && each.width === width)
    return [{ name: this.#nameOf(node), base, size, isWritable: false, ...(chip && { chip: chip.name }) }]
  }

  #kindOf(node: DeviceNode): string | undefined {
    const compatible = texts(node, 'compatible')
    const kinds = Object.entries(DEVICE_KINDS)
    return kinds.find(([, kind]) => kind.compatible.some(each => compatible.includes(each)))?.[0]
  }

  #device(each: Placed): readonly DeviceDescription[] {
    const { node } = each
    if (isDisabled(node) || node.name.startsWith('cpu')) return []
    if (isFlash(node) && this.#flash(each).length > 0) return []
    if (texts(node, 'device_type')[0] === 'memory') return []
    const type = this.#kindOf(node)
    if (type === undefined) return this.#stubs(each)
    const name = this.#nameOf(node)
    const kind = DEVICE_KINDS[type]!
    const regions = this.#regions(each)
    const dcr = cells(node, 'dcr-reg')?.[0]
    if (kind.place === 'dcr') return dcr === undefined ? [] : [{ name, type, dcr, ...this.#wired(each), options: {} }]
    if (kind.place === 'i2c') return this.#onI2c(each, type)
    const base = (type === 'ppc4xx-pci' ? regions[3] : regions[0])?.base
    if (base === undefined) return []
    return [{ name, type, base, ...this.#wired(each), options: this.#options(type, node, regions) }]
  }

  /** A part whose parent is a controller that is known. */
  #onI2c({ node, parents }: Placed, type: string): readonly DeviceDescription[] {
    const controller = parents[parents.length - 1]!
    const address = cell(node, 'reg')
    if (this.#kindOf(controller) !== 'iic' || address === undefined || address > 0x7f) return []
    const i2c = { controller: this.#nameOf(controller), address }
    return [{ name: this.#nameOf(node), type, i2c, interrupts: [], options: {} }]
  }

  #options(type: string, node: DeviceNode, regions: readonly Region[]): DeviceDescription['options'] {
    if (type === 'ppc4xx-pci') return { configuration: regions[0]!.base }
    if (type === 'xps-timer') {
      const frequency = cell(node, 'clock-frequency') ?? 0
      return frequency > 0 ? { frequency } : {}
    }
    if (type === 'xps-gpio') {
      const [width, dual] = [cell(node, 'xlnx,gpio-width'), cell(node, 'xlnx,is-dual') ?? 0]
      return { ...(width !== undefined && width >= 1 && width <= 32 && { width }), ...(dual !== 0 && { dual: 1 }) }
    }
    if (type !== 'ns16550') return {}
    const [shift, offset] = [cell(node, 'reg-shift') ?? 0, cell(node, 'reg-offset') ?? 0]
    return { ...(shift > 0 && { stride: 1 << Math.min(shift, 8) }), ...(offset > 0 && { offset }) }
  }

  /** One for each region, of which nothing more is known. */
  #stubs(each: Placed): readonly DeviceDescription[] {
    const { node } = each
    if (texts(node, 'compatible').length === 0) return []
    const common = { type: 'stub', interrupts: [] } as const
    const dcrs = cells(node, 'dcr-reg')
    const onDcr = dcrs?.[1] ? [{ ...common, name: this.#nameOf(node), dcr: dcrs[0]!, options: { size: dcrs[1] } }] : []
    const onBus = this.#regions(each)
      .filter(({ size }) => size > 0 && size <= MOST_REGION)
      .map(({ base, size }, n) => ({
        ...common,
        name: n === 0 && onDcr.length === 0 ? this.#nameOf(node) : this.#free(`${this.#nameOf(node)}_${n}`),
        base,
        options: { size },
      }))
    return [...onDcr, ...onBus]
  }

  /** Where its interrupts lead, as far as there are controllers and outputs for them. */
  #wired({ node, parents }: Placed): Pick<DeviceDescription, 'interrupts'> {
    const kind = DEVICE_KINDS[this.#kindOf(node)!]!
    const phandle = [node, ...[...parents].reverse()].map(each => cell(each, 'interrupt-parent')).find(each => each)
    const controller = phandle === undefined ? undefined : this.#byPhandle.get(phandle)
    const given = cells(node, 'interrupts') ?? []
    if (controller === undefined || controller.node === node || given.length === 0) {
      // The controller that leads to nobody else leads to the core.
      const toCore: InterruptInput[] = kind.inputs === undefined ? [] : ['external', 'critical']
      return { interrupts: toCore.slice(0, kind.outputs.length) }
    }
    const type = this.#kindOf(controller.node)
    if (type === undefined || DEVICE_KINDS[type]!.inputs === undefined) return { interrupts: [] }
    const step = cell(controller.node, '#interrupt-cells') ?? 2
    const inputs = given.filter((_, n) => n % step === 0).slice(0, kind.outputs.length)
    const name = this.#nameOf(controller.node)
    return { interrupts: inputs.map(input => ({ controller: name, input })) }
  }

  /** Real addresses and sizes of `reg`, those that lead to the root. */
  #regions({ node, parents }: Placed): readonly Region[] {
    const reg = cells(node, 'reg')
    const parent = parents[parents.length - 1]
    if (reg === undefined || parent === undefined) return []
    const [addressCells, sizeCells] = [cell(parent, '#address-cells') ?? 2, cell(parent, '#size-cells') ?? 1]
    const step = addressCells + sizeCells
    if (addressCells > 2 || sizeCells > 2 || step === 0) return []
    const regions: Region[] = []
    for (let at = 0; at + step <= reg.length; at += step) {
      const base = translated(numberIn(reg, at, addressCells), parents)
      if (base !== undefined) regions.push({ base, size: numberIn(reg, at + addressCells, sizeCells) })
    }
    return regions
  }

  /** Of a label or an alias where the file has one, of its kind or of the node otherwise; the same each time. */
  #nameOf(node: DeviceNode): string {
    let name = this.#names.get(node)
    if (name === undefined) {
      const path = this.#pathOf(node)
      const label = pointing(findNode(this.#tree, '/__symbols__'), path)
      const alias = pointing(findNode(this.#tree, '/aliases'), path)
      const type = this.#kindOf(node)
      const index = cell(node, 'cell-index')
      if (label !== undefined) name = label
      else if (type === 'uic') name = `UIC${index ?? 0}`
      else if (type === 'ns16550') name = `UART${/\d+$/.exec(alias ?? '')?.[0] ?? 0}`
      else name = node.name
      name = this.#free(name.replace(/@.*/, '').replace(/\W/g, '_'))
      this.#names.set(node, name)
    }
    return name
  }

  /** The name, or the next that is not taken. */
  #free(wanted: string): string {
    const begun = /^[A-Za-z]/.test(wanted) ? wanted : `D${wanted}`
    const base = begun.slice(0, 28)
    const next = (n: number): string =>
      /\d$/.test(base) ? base.replace(/\d+$/, last => `${+last + n}`) : `${base}${n}`
    let name = base
    for (let n = 1; this.#taken.has(name.toUpperCase()); n++) name = next(n)
    this.#taken.add(name.toUpperCase())
    return name
  }

  #pathOf(node: DeviceNode): string {
    const { parents } = this.#nodes.find(each => each.node === node)!
    return `/${[...parents.slice(1), node].map(({ name }) => name).join('/')}`
  }

  #bad(what: string): UserError {
    return new UserError(
      'board',
      `${this.#fileName}: the device tree ${what}`,
      'give the device tree of a PowerPC board',
    )
  }
}

interface Region {
  readonly base: number
  readonly size: number
}

function* placed(node: DeviceNode, parents: readonly DeviceNode[]): Generator<Placed> {
  yield { node, parents }
  for (const child of node.children) yield* placed(child, [...parents, node])
}

function cells({ properties }: DeviceNode, name: string): readonly number[] | undefined {
  const bytes = properties.get(name)
  if (bytes === undefined) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >>> 2 }, (_, n) => view.getUint32(4 * n))
}

const cell = (node: DeviceNode, name: string): number | undefined => cells(node, name)?.[0]

const textIn = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\0+$/, '')

function texts({ properties }: DeviceNode, name: string): readonly string[] {
  const bytes = properties.get(name)
  return bytes === undefined ? [] : textIn(bytes).split('\0')
}

const isDisabled = (node: DeviceNode): boolean => texts(node, 'status')[0] === 'disabled'

const isFlash = (node: DeviceNode): boolean => texts(node, 'compatible').includes('cfi-flash')

/** The property of `node` whose text is `path`. */
const pointing = (node: DeviceNode | undefined, path: string): string | undefined =>
  [...(node?.properties ?? [])].find(([, value]) => textIn(value) === path)?.[0]

/** A number of one or two cells. */
function numberIn(list: readonly number[], at: number, count: number): number {
  let value = 0
  for (let i = 0; i < count; i++) value = value * 2 ** 32 + (list[at + i] ?? 0)
  return value
}

/** An address of the last of `parents`, as the root has it; undefined where it does not lead there. */
function translated(address: number, parents: readonly DeviceNode[]): number | undefined {
  let here = address
  for (let level = parents.length - 1; level > 0; level--) {
    const bus = parents[level]!
    const ranges = cells(bus, 'ranges')
    if (ranges === undefined) return undefined
    if (ranges.length === 0) continue
    const own = cell(bus, '#address-cells') ?? 2
    const outer = cell(parents[level - 1]!, '#address-cells') ?? 2
    const size = cell(bus, '#size-cells') ?? 1
    const step = own + outer + size
    const rows = Array.from({ length: Math.floor(ranges.length / step) }, (_, n) => n * step)
    const row = rows.find(at => {
      const first = numberIn(ranges, at, own)
      return here >= first && here < first + numberIn(ranges, at + own + outer, size)
    })
    if (row === undefined) return undefined
    here += numberIn(ranges, row + own, outer) - numberIn(ranges, row, own)
  }
  return here
}

/** Stubs give way: what is known, or was there first, stays. */
function withoutOverlaps(devices: readonly DeviceDescription[]): readonly DeviceDescription[] {
  const isStub = ({ type }: DeviceDescription): boolean => type === 'stub'
  const kept = devices.filter(device => !isStub(device))
  for (const stub of devices.filter(isStub)) if (!kept.some(other => overlap(stub, other))) kept.push(stub)
  return devices.filter(device => kept.includes(device))
}

/** Bytes or numbers that a device takes where its description does not say. */
const TAKEN = 0x40

function overlap(a: DeviceDescription, b: DeviceDescription): boolean {
  const sizeOf = ({ type, options }: DeviceDescription): number =>
    DEVICE_KINDS[type]!.size ?? (options.size as number | undefined) ?? TAKEN
  const meet = (x: number | undefined, y: number | undefined, [sizeX, sizeY]: readonly [number, number]): boolean =>
    x !== undefined && y !== undefined && x < y + sizeY && y < x + sizeX
  const sizes = [sizeOf(a), sizeOf(b)] as const
  return meet(a.base, b.base, sizes) || meet(a.dcr, b.dcr, sizes)
}
