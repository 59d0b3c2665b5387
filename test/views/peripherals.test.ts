// The view of the peripherals as data, over the tables of the devices themselves.

import { expect, test } from 'vitest'
import { Uart16550 } from '../../src/devices/uart16550.ts'
import { Uic } from '../../src/devices/uic.ts'
import type { ShownDevice, Snapshot } from '../../src/protocol/messages.ts'
import { peripheralRows } from '../../src/views/models/peripherals.ts'
import type { RegisterRow } from '../../src/views/models/registerRow.ts'
import { EMPTY_SNAPSHOT } from '../support/snapshot.ts'

/** As the adapter sends them: full names, and nothing but data. */
function shown(device: Uart16550 | Uic, where: string): ShownDevice {
  const { name, text } = device
  const registers = device.registers.map(register => ({
    ...register,
    name: `${name}_${register.name}`,
    ...('onlyWhile' in register && {
      onlyWhile: { ...register.onlyWhile, register: `${name}_${register.onlyWhile!.register}` },
    }),
  }))
  return structuredClone({ name, text, where, registers }) as ShownDevice
}

const DEVICES = [
  shown(new Uart16550('UART0'), '0xef600300'),
  shown(new Uic('UIC0', 0xc0, { 0: 'UART0', 30: 'UIC1' }), 'DCR 0x0c0'),
]

const VALUES = {
  ...{ UART0_RBR: 0x41, UART0_IER: 1, UART0_LSR: 0x61, UART0_LCR: 3 },
  ...{ UIC0_SR: 0x80000002, UIC0_SRS: 0x80000002, UIC0_VCR: 1, DEC: 4096, TCR: 0 },
}
const now: Snapshot = { ...EMPTY_SNAPSHOT, registers: VALUES, timers: { ...EMPTY_SNAPSHOT.timers, decrementer: 4096 } }

function find(rows: readonly RegisterRow[], ...path: string[]): RegisterRow {
  const [name, ...rest] = path
  const row = rows.find(candidate => candidate.name === name)
  if (!row) throw new Error(`no row ${name}`)
  return rest.length ? find(row.children, ...rest) : row
}

const rows = peripheralRows(DEVICES, now)

test('a device of which nothing is known but its place has no heading', () => {
  const stub = { name: 'EMAC0', text: 'a device that is not modelled', where: '0xef600e00', registers: [] }
  expect(peripheralRows([stub, ...DEVICES], now)).toEqual(rows)
})

test('a heading for each device and for the timers, with what it is and where', () => {
  expect(rows.map(({ name, text }) => `${name}: ${text}`)).toEqual([
    'Core timers: DEC, FIT, watchdog, time base',
    'UART0: 0xef600300 · 16550 serial port',
    'UIC0: DCR 0x0c0 · universal interrupt controller',
  ])
})

test('a register of eight bits has two digits; its fields have the numbers of the part’s own manual', () => {
  expect(find(rows, 'UART0', 'LSR')).toMatchObject({ text: '0x61 · TEMT THRE DR' })
  expect(find(rows, 'UART0', 'LSR').expression).toBeUndefined()
  expect(find(rows, 'UART0', 'LSR').tooltip).toContain('`0x61` = `0110 0001`')
  expect(find(rows, 'UART0', 'LSR', 'THRE')).toMatchObject({ value: '1', tooltip: expect.stringContaining('bit 5') })
  expect(find(rows, 'UART0', 'LCR', 'WLS')).toMatchObject({ text: '3 = 8 bits · word length' })
  expect(find(rows, 'UART0', 'LCR', 'WLS').tooltip).toContain('bits 1–0')
  expect(find(rows, 'UIC0', 'SR', 'UIC1')).toMatchObject({ text: '1 = pending · source 30', toggled: '1' })
  expect(find(rows, 'UIC0', 'SR', 'UIC1').tooltip).toContain('bit 30')
})

test('what has no value says why, and can be written where the program could', () => {
  expect(find(rows, 'UART0', 'THR')).toMatchObject({
    text: 'only written · transmitter holding: a byte to be sent',
    expression: '$UART0_THR',
    children: [],
  })
  expect(find(rows, 'UART0', 'DLL').text).toMatch(/^there while UART0_LCR\[DLAB\] is 1 · divisor latch/)
  expect(find(rows, 'UART0', 'RBR').tooltip).toContain(
    'The program’s read takes the byte out of the FIFO; looking here does not.',
  )
})

test('what a write does is said where it is not simply there afterwards', () => {
  expect(find(rows, 'UIC0', 'SR').onWrite).toBe('Bits written as 1 are cleared, the others stay.')
  expect(find(rows, 'UIC0', 'SRS', 'UART0')).toMatchObject({ onWrite: 'Written as 1 it is set.', value: '1' })
  expect(find(rows, 'UIC0', 'SRS', 'UART0').toggled).toBeUndefined()
  expect(find(rows, 'UIC0', 'VCR').onWrite).toBeUndefined()
})

test('what changed since the stop before is marked, on the register and on its device', () => {
  const before = { ...now, registers: { ...VALUES, UIC0_SR: 0x80000000, UIC0_SRS: 0x80000000 } }
  const changed = peripheralRows(DEVICES, now, before, 'hexadecimal')
  expect(find(changed, 'UIC0').text).toBe('DCR 0x0c0 · universal interrupt controller · 2 changed')
  expect(find(changed, 'UIC0', 'SR').text).toBe('0x80000002 · UART0 UIC1 · was 0x80000000')
  expect(find(changed, 'UART0').changed).toBe(false)
})

test('the timers say when they are due, at 400 MHz', () => {
  expect(find(rows, 'Core timers', 'DEC').text).toBe('0x00001000 · reaches 0 in 10.2 µs · decrementer')
  expect(find(rows, 'Core timers', 'FIT').text).toBe('next event in 8,192 clocks, 20.5 µs · fixed interval timer')
  expect(find(rows, 'Core timers', 'WDT').text).toMatch(/2\.62 ms/)
  const still = peripheralRows([], { ...now, timers: EMPTY_SNAPSHOT.timers })
  expect(find(still, 'Core timers', 'DEC').text).toContain('stands still')
})

test('bytes in decimal have no sign, in binary eight digits', () => {
  expect(find(peripheralRows(DEVICES, now, undefined, 'decimal'), 'UART0', 'LSR').text).toMatch(/^97 /)
  expect(find(peripheralRows(DEVICES, now, undefined, 'binary'), 'UART0', 'RBR').value).toBe('0100 0001')
})
