// The file of a board: what is taken, and that each mistake is said with its line.

import { describe, expect, test } from 'vitest'
import { BAMBOO } from '../../src/boards/builtIn.ts'
import { chooseMachine } from '../../src/boards/chosen.ts'
import { readBoard } from '../../src/boards/read.ts'
import { writeBoard } from '../../src/boards/write.ts'

const GOOD = `{
  // A board of our own.
  "name": "mine",
  "core": "440x5", "clock": 125000000,
  "ram": "64M",
  "devices": [
    { "name": "INTC", "type": "uic", "dcr": "0x0c0", "interrupts": ["external", "critical"] },
    { "name": "UART0", "type": "ns16550", "base": "0x83e00000", "stride": 4, "offset": "0x1003", "interrupts": ["INTC:9"] },
    { "name": "LEDS", "type": "stub", "base": "0x81400000", "size": "64K", "rules": [{ "at": 4, "read": [1, "0x2"] }] },
  ],
}`

test('a board is read, and what is written of it is read as the same', () => {
  const board = readBoard(GOOD, 'mine.json')
  expect(board).toEqual({
    ...{
      name: 'mine',
      text: 'mine',
      core: '440x5',
      clock: 125e6,
      ram: 64 << 20,
      elsewhere: 'machineCheck',
      memories: [],
    },
    devices: [
      { name: 'INTC', type: 'uic', dcr: 0xc0, interrupts: ['external', 'critical'], options: {} },
      {
        ...{ name: 'UART0', type: 'ns16550', base: 0x83e00000, options: { stride: 4, offset: 0x1003 } },
        interrupts: [{ controller: 'INTC', input: 9 }],
      },
      {
        ...{ name: 'LEDS', type: 'stub', base: 0x81400000, interrupts: [] },
        options: { size: 0x10000, rules: [{ at: 4, read: [1, 2], readToClear: false }] },
      },
    ],
  })
  for (const each of [board, BAMBOO]) expect(readBoard(writeBoard(each), 'again.json')).toEqual(each)
})

/** GOOD with `was` written otherwise. */
const with_ = (was: string, is: string): string => {
  expect(GOOD).toContain(was)
  return GOOD.replace(was, is)
}

describe('a mistake is said with file, line and column', () => {
  test.each<[what: string, text: string, said: RegExp]>([
    ['no JSON', '{ "name": }', /^mine\.json:1:11: a value is wanted/],
    ['an end that is missing', '{ "name": "x"', /^mine\.json:1:14: "," or "}" is wanted/],
    ['no record', '[]', /^mine\.json:1:1: a board is written in braces/],
    ['a name that is missing', with_('"name": "mine",', ''), /^mine\.json:1:1: a board needs "name"/],
    ['a slip', with_('"devices"', '"devises"'), /^mine\.json:6:3: a board has no "devises": did you mean "devices"\?/],
    [
      'a number in hexadecimal',
      with_('"0x83e00000"', '0x83e00000'),
      /^mine\.json:8:51: 0x83e00000 stands without quotes/,
    ],
    [
      'a window to where no memory is',
      with_(
        '"devices": [',
        '"aliases": [{ "name": "A", "base": "0x80000000", "size": "64K", "of": "64M" }],\n  "devices": [',
      ),
      /^mine\.json:6:15: "of" of A is where memory has all of it, a multiple of 64K/,
    ],
    [
      'a window over memory',
      with_('"devices": [', '"aliases": [{ "name": "A", "base": 0, "size": "64K", "of": "1M" }],\n  "devices": ['),
      /^mine\.json:6:15: A lies in RAM/,
    ],
    [
      'a part on a bus that is none',
      with_('  ],', '    { "name": "RTC", "type": "m41t80", "i2c": "UART0:0x68" },\n  ],'),
      /^mine\.json:10:5: UART0 has no I²C bus \(no device has one\)/,
    ],
    [
      'a part without a place',
      with_('  ],', '    { "name": "RTC", "type": "m41t80", "base": 1 },\n  ],'),
      /^mine\.json:10:5: "i2c" is wanted: the name of a controller and the address there, "IIC0:0x50"/,
    ],
    [
      'two parts at one address',
      with_(
        '  ],',
        `    { "name": "IIC0", "type": "iic", "base": "0x83e10000" },
    { "name": "A", "type": "eeprom", "i2c": "IIC0:0x50", "size": 512 }, { "name": "B", "type": "eeprom", "i2c": "IIC0:0x51" },
  ],`,
      ),
      /^mine\.json:11:73: there is a part at 0x51 of this bus already/,
    ],
    [
      'a time that is none',
      with_(
        '  ],',
        `    { "name": "IIC0", "type": "iic", "base": "0x83e10000" },
    { "name": "RTC", "type": "m41t80", "i2c": "IIC0:0x68", "time": "noon" },
  ],`,
      ),
      /^mine\.json:11:5: "time" of RTC is a date and a time: "2000-01-01T00:00:00"/,
    ],
    ['an odd size of RAM', with_('"64M"', '"65"'), /^mine\.json:5:10: "ram" is a size such as "128M"/],
    ['a core that is none', with_('440x5', '440x'), /^mine\.json:4:11: "core" is one of .*did you mean/],
    [
      'a kind that is none',
      with_('"ns16550"', '"ns1655"'),
      /^mine\.json:8:32: "type" is one of .*did you mean "ns16550"/,
    ],
    ['no address', with_('"base": "0x83e00000", ', ''), /^mine\.json:8:5: a device of type "ns16550" needs "base"/],
    ['an address of the wrong kind', with_('"dcr": "0x0c0"', '"base": 9'), /^mine\.json:7:5: "base" is of no use here/],
    [
      'an address beyond 36 bits',
      with_('"0x83e00000"', '"0x1000000000"'),
      /^mine\.json:8:51: "base" is a number from 0/,
    ],
    ['an address in RAM', with_('"0x83e00000"', '"0x1000000"'), /^mine\.json:8:5: UART0 lies in RAM/],
    ['two in one place', with_('"0x81400000"', '"0x83e00000"'), /^mine\.json:9:5: LEDS would overlap UART0/],
    ['two of one name', with_('"LEDS"', '"UART0"'), /^mine\.json:9:5: there is a UART0 already/],
    ['a name of no letters', with_('"LEDS"', '"0"'), /^mine\.json:9:5: "name" begins with a letter/],
    [
      'no controller',
      with_('INTC:9', 'UART0:9'),
      /^mine\.json:8:113: UART0 is no interrupt controller of this board \(INTC\)/,
    ],
    ['no such input', with_('INTC:9', 'INTC:32'), /^mine\.json:8:113: INTC has inputs 0 to 31, and no 32/],
    ['an input twice', with_('"critical"]', '"external"]'), /^mine\.json:7:81: external is driven by INTC already/],
    ['more outputs than there are', with_('["INTC:9"]', '["INTC:9", "INTC:8"]'), /^mine\.json:8:5: 2 "interrupts"/],
    [
      'an option that is none',
      with_('"stride"', '"strid"'),
      /^mine\.json:8:65: a device of type "ns16550" has no "strid": did you mean "stride"/,
    ],
  ])('%s', (_, text, said) => {
    expect(() => readBoard(text, 'mine.json')).toThrow(said)
  })

  test('hostile input ends: values deep in each other, an endless text', () => {
    expect(() => readBoard('['.repeat(100_000), 'x.json')).toThrow(/deep/)
    expect(() => readBoard(`{"name":"${'x'.repeat(1 << 20)}`, 'x.json')).toThrow(/^x\.json:1:9/)
  })
})

test('a machine that is named: what is said beside it goes before what the board has', async () => {
  const read = async (): Promise<Uint8Array> => new TextEncoder().encode(GOOD)
  const nothing = { ramSize: undefined, core: undefined }
  expect(await chooseMachine({ machine: 'bamboo', ...nothing }, read)).toMatchObject({
    ramSize: 128 << 20,
    core: '440ep',
  })
  expect(await chooseMachine({ machine: 'a/mine.json', ...nothing }, read)).toMatchObject({
    ramSize: 64 << 20,
    core: '440x5',
  })
  const more = chooseMachine({ machine: 'mine.json', ramSize: 2 ** 30, core: '440gx' }, read)
  expect(await more).toMatchObject({ ramSize: 2 ** 30, core: '440gx' })
  const low = async (): Promise<Uint8Array> => new TextEncoder().encode(GOOD.replace('0x81400000', '0x10000000'))
  await expect(chooseMachine({ machine: 'mine.json', ramSize: 2 ** 30, core: undefined }, low)).rejects.toThrow(
    /over LEDS/,
  )
})
