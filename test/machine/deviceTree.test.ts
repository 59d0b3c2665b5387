// Device trees against dtc, the compiler everybody uses.

import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { cells, findNode, parseDeviceTree, text, writeDeviceTree } from '../../src/machine/deviceTree.ts'
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

test('what is no device tree is said to be none', () => {
  expect(() => parseDeviceTree(new Uint8Array(100))).toThrow('not a flattened device tree')
})
