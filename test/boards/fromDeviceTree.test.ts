// Boards from device trees, which dtc compiles: addresses through buses, interrupts through controllers, and what is not
// known as stubs.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BAMBOO, BUILT_IN_BOARDS } from '../../src/boards/builtIn.ts'
import { boardOfDeviceTree } from '../../src/boards/fromDeviceTree.ts'
import { readBoard } from '../../src/boards/read.ts'
import { writeBoard } from '../../src/boards/write.ts'
import { have } from '../support/tools.ts'

const dtc = (args: readonly string[], input?: string): Uint8Array =>
  execFileSync('dtc', ['-q', '-I', 'dts', '-O', 'dtb', ...args], { input })

/** Of Debian's qemu-system-data. */
const QEMU_TREE = '/usr/share/qemu/bamboo.dtb'

const SOURCE = `/dts-v1/;
/ {
  #address-cells = <2>; #size-cells = <1>;
  model = "our board"; compatible = "us,board";
  aliases { serial1 = &console; };
  cpus { #address-cells = <1>; #size-cells = <0>;
    cpu@0 { device_type = "cpu"; model = "PowerPC,440GX"; reg = <0>; clock-frequency = <533000000>; }; };
  memory { device_type = "memory"; reg = <0 0 0x10000000>; };
  first: pic1 { compatible = "ibm,uic"; interrupt-controller; #interrupt-cells = <2>; cell-index = <0>; dcr-reg = <0xc0 9>; };
  second: pic2 { compatible = "ibm,uic"; interrupt-controller; #interrupt-cells = <2>; cell-index = <1>; dcr-reg = <0xd0 9>;
    interrupt-parent = <&first>; interrupts = <0x1e 4 0x1f 4>; };
  plb { compatible = "simple-bus"; #address-cells = <2>; #size-cells = <1>; ranges;
    opb { compatible = "simple-bus"; #address-cells = <1>; #size-cells = <1>;
      ranges = <0x0 0x1 0x40000000 0x1000000>; interrupt-parent = <&second>;
      console: serial@200 { compatible = "ns16550"; reg = <0x200 8>; reg-shift = <2>; reg-offset = <3>; interrupts = <5 4>; };
      gpio@700 { compatible = "ibm,ppc4xx-gpio"; reg = <0x700 0x20>; };
      i2c@900 { compatible = "ibm,iic-440gx", "ibm,iic"; reg = <0x900 0x14>; interrupts = <2 4>; #address-cells = <1>;
        #size-cells = <0>; rtc@68 { compatible = "st,m41t80"; reg = <0x68>; }; };
      fram@a00 { compatible = "us,fram"; reg = <0xa00 0x20>; };
      off@800 { compatible = "us,off"; reg = <0x800 0x20>; status = "disabled"; };
    };
    mal { compatible = "ibm,mcmal"; dcr-reg = <0x180 0x62>; };
  };
};`

describe.skipIf(!have('dtc'))('boards from device trees', () => {
  test('a board with two controllers, a bus at an address of its own, and devices of no known kind', () => {
    const board = boardOfDeviceTree(dtc([], SOURCE), 'ours.dtb')
    expect(board).toEqual({
      ...{
        name: 'ours',
        text: 'our board',
        core: '440gx',
        clock: 533e6,
        ram: 256 << 20,
        elsewhere: 'machineCheck',
        memories: [],
      },
      devices: [
        { name: 'UIC0', type: 'uic', dcr: 0xc0, interrupts: ['external', 'critical'], options: {} },
        {
          ...{ name: 'UIC1', type: 'uic', dcr: 0xd0, options: {} },
          interrupts: [
            { controller: 'UIC0', input: 30 },
            { controller: 'UIC0', input: 31 },
          ],
        },
        {
          ...{ name: 'UART1', type: 'ns16550', base: 0x140000200, options: { stride: 4, offset: 3 } },
          interrupts: [{ controller: 'UIC1', input: 5 }],
        },
        { name: 'gpio', type: 'gpio', base: 0x140000700, interrupts: [], options: {} },
        { name: 'i2c', type: 'iic', base: 0x140000900, interrupts: [{ controller: 'UIC1', input: 2 }], options: {} },
        { name: 'rtc', type: 'm41t80', i2c: { controller: 'i2c', address: 0x68 }, interrupts: [], options: {} },
        { name: 'fram', type: 'stub', base: 0x140000a00, interrupts: [], options: { size: 0x20 } },
        { name: 'mal', type: 'stub', dcr: 0x180, interrupts: [], options: { size: 0x62 } },
      ],
    })
    expect(readBoard(writeBoard(board), 'ours.json')).toEqual(board)
  })

  test('labels name devices, where the file has them', () => {
    const { devices } = boardOfDeviceTree(dtc(['-@'], SOURCE), 'ours.dtb')
    expect(devices.map(({ name }) => name)).toEqual(['first', 'second', 'console', 'gpio', 'i2c', 'rtc', 'fram', 'mal'])
  })

  const flashesOf = (nodes: string) =>
    boardOfDeviceTree(dtc([], SOURCE.replace('plb {', `${nodes}\n  plb {`)), 'ours.dtb').memories

  const flash = (place: string, rest: string, status = 'okay'): string =>
    `nor@${place} { compatible = "amd,s29", "cfi-flash"; reg = <0 0x${place} ${rest}>; status = "${status}"; };`

  test('flash of the common interface is flash memory: what Linux’s tree of the ML507 says is what the built-in board has', () => {
    const ml507 = BUILT_IN_BOARDS.find(({ name }) => name === 'virtex-ml507')!
    const [expected] = ml507.memories
    const memories = flashesOf(flash('fc000000', '0x2000000>; bank-width = <2'))
    expect(memories).toEqual([{ ...expected, name: 'nor' }])
    expect(readBoard(writeBoard({ ...ml507, memories }), 'ours.json').memories).toEqual(memories)
  })

  test('flash of which no chip has the size and the width holds what is in it; one that is off is not there', () => {
    expect(flashesOf(flash('fc000000', '0x2000000>; bank-width = <4'))).toEqual([
      { name: 'nor', base: 0xfc000000, size: 0x2000000, isWritable: false },
    ])
    expect(flashesOf(flash('fc000000', '0x2000000>; bank-width = <2', 'disabled'))).toEqual([])
    expect(flashesOf(flash('d0000000', '0x20000000'))).toEqual([])
  })

  test.each([
    ['in RAM', flash('08000000', '0x10000')],
    ['not at a multiple of 64 KB', flash('fc001000', '0x10000')],
    ['not of a multiple of 64 KB', flash('fc000000', '0x1000')],
  ])('flash %s is a stub', (_where, nodes) => {
    const { memories, devices } = boardOfDeviceTree(dtc([], SOURCE.replace('plb {', `${nodes}\n  plb {`)), 'ours.dtb')
    expect(memories).toEqual([])
    expect(devices.filter(({ name }) => name === 'nor').map(({ type }) => type)).toEqual(['stub'])
  })

  test.skipIf(!existsSync(QEMU_TREE))('QEMU’s tree of the bamboo has its devices where ours has them', () => {
    const { devices, core } = boardOfDeviceTree(readFileSync(QEMU_TREE), 'bamboo.dtb')
    expect(core).toBe(BAMBOO.core)
    const known = devices.filter(({ type }) => type !== 'stub')
    expect(known.map(({ type }) => type)).toEqual([
      ...['uic', 'sdr-440ep', 'cpr-440ep', 'sdram-ddr', 'ebc', 'ns16550', 'ns16550', 'iic', 'iic', 'ppc4xx-pci'],
    ])
    for (const { type, base, dcr, interrupts, options } of known) {
      const ours = BAMBOO.devices.find(each => each.type === type && each.base === base && each.dcr === dcr)
      expect({ type, base, dcr, ...ours }).toMatchObject({ interrupts, options })
    }
  })

  test('a tree of no processor is refused', () => {
    expect(() => boardOfDeviceTree(dtc([], '/dts-v1/; / { };'), 'x.dtb')).toThrow(
      /x\.dtb: the device tree has no node in \/cpus/,
    )
  })
})
