// Device trees against dtc, the compiler everybody uses.

import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { cells, type DeviceNode, findNode, text } from '../../src/boards/deviceTree.ts'
import { parseDeviceTree, writeDeviceTree } from '../../src/boards/flatTree.ts'
import { completeTree } from '../../src/machine/kernelBoot.ts'
import { UserError } from '../../src/util/userError.ts'
import { have } from '../support/tools.ts'

const SOURCE = `/dts-v1/;
/memreserve/ 0x1000 0x2000;
/ { #address-cells = <2>; model = "board"; empty;
  cpus { cpu@0 { reg = <0>; clock-frequency = <1>; }; };
  memory { device_type = "memory"; reg = <0 0 0x100>; };
  chosen { stdout-path = "/serial"; };
};`

const dtc = (input: string | Uint8Array, from: string, to: string): Buffer => {
  const { stdout, stderr, status } = spawnSync('dtc', ['-I', from, '-O', to, '-s'], { input })
  if (status !== 0) throw new Error(String(stderr))
  return stdout
}

describe.skipIf(!have('dtc'))('flattened device trees', () => {
  test('what is read and written again says the same to dtc', () => {
    const blob = dtc(SOURCE, 'dts', 'dtb')
    expect(dtc(writeDeviceTree(parseDeviceTree(blob)), 'dtb', 'dts').toString()).toBe(
      dtc(blob, 'dtb', 'dts').toString(),
    )
  })

  test('a bus has the part of the core’s clock that QEMU’s tree of the Sam460ex says; the bamboo’s has another', () => {
    const busOf = (part: string): number[] => {
      const source = `/dts-v1/; / { plb { compatible = "ibm,plb-${part}", "ibm,plb4"; clock-frequency = <0>;
        opb { compatible = "ibm,opb-${part}", "ibm,opb"; clock-frequency = <0>; }; }; };`
      const known = { ramSize: 1 << 26, clock: 1_150_000_000, append: '', initrdSize: 0 }
      const tree = parseDeviceTree(completeTree(dtc(source, 'dts', 'dtb'), known))
      return ['/plb', '/plb/opb'].map(path =>
        Buffer.from(findNode(tree, path)!.properties.get('clock-frequency')!).readUInt32BE(),
      )
    }
    expect(busOf('460ex')).toEqual([230_000_000, 115_000_000])
    expect(busOf('440ep')).toEqual([383_333_333, 191_666_667])
  })

  test.each([
    ['', [0, 0, 0x4000000]],
    ['#address-cells = <1>; #size-cells = <1>;', [0, 0x4000000]],
    ['#address-cells = <2>; #size-cells = <2>;', [0, 0, 0, 0x4000000]],
  ])('memory has as many cells as the tree’s root says: %s', (counts, expected) => {
    const source = `/dts-v1/; / { ${counts} memory@0 { device_type = "memory"; }; };`
    const known = { ramSize: 0x4000000, clock: 400_000_000, append: '', initrdSize: 0 }
    const tree = parseDeviceTree(completeTree(dtc(source, 'dts', 'dtb'), known))
    expect(findNode(tree, '/memory')!.properties.get('reg')).toEqual(cells(...expected))
  })

  test('a changed tree is the one dtc makes of the changed source', () => {
    const tree = parseDeviceTree(dtc(SOURCE, 'dts', 'dtb'))
    findNode(tree, '/memory')!.properties.set('reg', cells(0, 0, 0x08000000))
    findNode(tree, '/cpus/cpu')!.properties.set('clock-frequency', cells(400_000_000))
    findNode(tree, '/chosen')!.properties.set('bootargs', text('console=ttyS0'))
    const expected = SOURCE.replace('<0 0 0x100>', '<0 0 0x8000000>')
      .replace('<1>', '<400000000>')
      .replace('"/serial";', '"/serial"; bootargs = "console=ttyS0";')
    expect(dtc(writeDeviceTree(tree), 'dtb', 'dts').toString()).toBe(
      dtc(dtc(expected, 'dts', 'dtb'), 'dtb', 'dts').toString(),
    )
  })
})

describe('a device tree that is none', () => {
  const whole = (): Uint8Array => {
    const properties = new Map([['model', text('board')]])
    return writeDeviceTree({ root: { name: '', properties, children: [] }, reserved: cells(0, 0, 0, 0) })
  }
  /** That tree with one word of its header changed. */
  const changed = (at: number, value: number): Uint8Array => {
    const file = whole()
    new DataView(file.buffer).setUint32(at, value)
    return file
  }
  const deep = (nodes: number): Uint8Array => {
    let root: DeviceNode = { name: '', properties: new Map(), children: [] }
    for (let n = 1; n < nodes; n++) root = { name: '', properties: new Map(), children: [root] }
    return writeDeviceTree({ root, reserved: cells(0, 0, 0, 0) })
  }

  test.each<[string, () => Uint8Array, string]>([
    ['has another beginning', () => new Uint8Array(100), 'does not begin with d00dfeed'],
    ['has no bytes', () => new Uint8Array(0), 'does not begin with d00dfeed'],
    ['is cut off', () => whole().slice(0, 70), 'ends before offset'],
    ['has its nodes outside', () => changed(8, 0xffff_fff0), 'ends before offset'],
    ['has its names outside', () => changed(12, 0x7fff_ffff), 'a name without an end'],
    ['reserves memory without an end', () => changed(16, 40 + 16), 'ends before offset'],
    ['nests for ever', () => deep(65), 'more than 64 deep'],
    ['is larger than its place', () => new Uint8Array(2 ** 20 + 1), 'more than 1048576 bytes'],
  ])('says so where it %s', (_, file, what) => {
    expect(() => parseDeviceTree(file())).toThrow(UserError)
    expect(() => parseDeviceTree(file())).toThrow(what)
  })

  test('is not one as deep as the kernel reads, or one with large properties', () => {
    expect(parseDeviceTree(deep(64)).root.children).toHaveLength(1)
    const properties = new Map([['dump', new Uint8Array(400_000).fill(7)]])
    const file = writeDeviceTree({ root: { name: '', properties, children: [] }, reserved: cells(0, 0, 0, 0) })
    const dump = parseDeviceTree(file).root.properties.get('dump')!
    expect([dump.length, dump.every(byte => byte === 7)]).toEqual([400_000, true])
  })
})
