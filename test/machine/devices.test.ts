// The registers of the board's devices by name: what the program would read, without reading it; written as it would write.

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Uart16550 } from '../../src/devices/uart16550.ts'
import { readElf } from '../../src/elf/elf.ts'
import { devicesOf } from '../../src/machine/devices.ts'
import { Machine } from '../../src/machine/machine.ts'
import { readRegister } from '../../src/machine/registers.ts'
import { replay } from '../../src/machine/replay.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'

const ENTRY = 0x1000

const create = (): Machine =>
  new Machine(
    { ramSize: 1 << 20, core: '440ep', reset: 'boot' },
    readElf(writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf([e.b(0)]) }])),
  )

test('what sits where, by the addresses of the 440EP', () => {
  const devices = devicesOf(create().cpu)
  expect(devices.map(({ name, where }) => [name, where])).toEqual([
    ['GPT0', '0xef600000'],
    ['UART0', '0xef600300'],
    ['UART1', '0xef600400'],
    ['UART2', '0xef600500'],
    ['UART3', '0xef600600'],
    ['IIC0', '0xef600700'],
    ['EEPROM0', 'I²C 0x54 of IIC0'],
    ['IIC1', '0xef600800'],
    ['OPBA0', '0xef600a00'],
    ['GPIO0', '0xef600b00'],
    ['GPIO1', '0xef600c00'],
    ['ZMII0', '0xef600d00'],
    ['EMAC0', '0xef600e00'],
    ['EMAC1', '0xef600f00'],
    ['USB0', '0xef601000'],
    ['PCI0', '0xef400000'],
    ['PCI0C', '0xeec00000'],
    ['FPGA', '0x80002000'],
    ['NVRAM', '0x80000000'],
    ['NDFC0', '0x90000000'],
    ['UIC0', 'DCR 0x0c0'],
    ['UIC1', 'DCR 0x0d0'],
    ['CPR0', 'DCR 0x00c'],
    ['SDR0', 'DCR 0x00e'],
    ['SDRAM0', 'DCR 0x010'],
    ['EBC0', 'DCR 0x012'],
    ['MAL0', 'DCR 0x180'],
  ])
  const names = devices.flatMap(({ registers }) => registers.map(({ name }) => name))
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('UART1_LSR')
})

test('after reset every register has the value that its table says', () => {
  const { vcpu, cpu } = create()
  for (const { name, reset } of devicesOf(cpu).flatMap(({ registers }) => registers)) {
    const value = readRegister(vcpu, name)
    // The modem's inputs are no state of the port.
    if (value !== undefined && !name.endsWith('_MSR')) expect([name, value]).toEqual([name, reset])
  }
})

test('looking at all of them changes nothing', () => {
  const machine = create()
  machine.uartInput(0, [0x41, 0x42])
  machine.setRegister('UART0_IER', 0x03)
  const before = stateHash(machine)
  const look = () =>
    devicesOf(machine.cpu).flatMap(({ registers }) => registers.map(({ name }) => readRegister(machine.vcpu, name)))
  expect(look()).toEqual(look())
  expect(readRegister(machine.vcpu, 'uart0_rbr')).toBe(0x41)
  expect(stateHash(machine)).toBe(before)
})

test('a write is that of the program: a status bit written as 1 is cleared, a byte is sent', () => {
  const machine = create()
  const { vcpu } = machine
  const sent: number[] = []
  machine.uarts[0]!.onTransmit = byte => sent.push(byte)
  machine.setRegister('UART0_THR', 0x21)
  expect(sent).toEqual([0x21])
  machine.setRegister('UIC0_SRS', 0x30000000)
  machine.setRegister('UIC0_ER', 0x10000000)
  expect([readRegister(vcpu, 'UIC0_SR'), readRegister(vcpu, 'UIC0_MSR')]).toEqual([0x30000000, 0x10000000])
  expect(machine.cpu.lines.external).toBe(true)
  machine.setRegister('UIC0_SR', 0x10000000)
  expect(readRegister(vcpu, 'UIC0_SR')).toBe(0x20000000)
  expect(machine.cpu.lines.external).toBe(false)
  expect(machine.setRegister('UIC0_MSR', 0)).toBe(false)
})

test('what shares a place is there while it is selected', () => {
  const machine = create()
  const read = (name: string) => readRegister(machine.vcpu, name)
  expect([read('UART0_RBR'), read('UART0_IER'), read('UART0_DLL'), read('UART0_THR')]).toEqual([
    0,
    0,
    undefined,
    undefined,
  ])
  expect(machine.setRegister('UART0_DLL', 7)).toBe(false)
  machine.setRegister('UART0_LCR', 0x83)
  expect(machine.setRegister('UART0_DLL', 7)).toBe(true)
  expect([read('UART0_RBR'), read('UART0_IER'), read('UART0_DLL'), read('UART0_DLM')]).toEqual([
    undefined,
    undefined,
    7,
    0,
  ])
})

test('a debugger’s writes belong to the run: it is the same again', () => {
  const machine = create()
  machine.run({ budget: 10 })
  machine.setRegister('UIC1_SRS', 1)
  machine.setRegister('UART1_SCR', 0x5a)
  machine.run({ budget: 10 })
  const again = create()
  replay(again, machine.inputs)
  again.run({ budget: 10 })
  expect(stateHash(again)).toBe(stateHash(machine))
})

const HEADER = '/usr/include/linux/serial_reg.h'

test.skipIf(!existsSync(HEADER))('the port’s bits are those of Linux’s serial_reg.h', () => {
  const defined = new Map(
    [...readFileSync(HEADER, 'utf8').matchAll(/^#define\s+UART_(\w+)\s+(0x[0-9a-fA-F]+)/gm)].map(
      ([, name, value]) => [name!, Number(value)] as const,
    ),
  )
  const { registers } = new Uart16550('UART0')
  const mask = (register: string, field: string) =>
    (registers.find(({ name }) => name === register)!.mask as Record<string, number>)[field]
  const pairs: readonly (readonly [string, string, string])[] = [
    ['IER', 'ERBFI', 'IER_RDI'],
    ['IER', 'ETBEI', 'IER_THRI'],
    ['IER', 'ELSI', 'IER_RLSI'],
    ['IER', 'EDSSI', 'IER_MSI'],
    ['IIR', 'NONE', 'IIR_NO_INT'],
    ['FCR', 'FE', 'FCR_ENABLE_FIFO'],
    ['FCR', 'RFR', 'FCR_CLEAR_RCVR'],
    ['FCR', 'XFR', 'FCR_CLEAR_XMIT'],
    ['FCR', 'DMS', 'FCR_DMA_SELECT'],
    ['FCR', 'RT', 'FCR_TRIGGER_MASK'],
    ['LCR', 'DLAB', 'LCR_DLAB'],
    ['LCR', 'SB', 'LCR_SBC'],
    ['LCR', 'STP', 'LCR_SPAR'],
    ['LCR', 'EPS', 'LCR_EPAR'],
    ['LCR', 'PEN', 'LCR_PARITY'],
    ['LCR', 'STB', 'LCR_STOP'],
    ['LCR', 'WLS', 'LCR_WLEN8'],
    ['MCR', 'LOOP', 'MCR_LOOP'],
    ['MCR', 'OUT2', 'MCR_OUT2'],
    ['MCR', 'OUT1', 'MCR_OUT1'],
    ['MCR', 'RTS', 'MCR_RTS'],
    ['MCR', 'DTR', 'MCR_DTR'],
    ['LSR', 'ERF', 'LSR_FIFOE'],
    ['LSR', 'TEMT', 'LSR_TEMT'],
    ['LSR', 'THRE', 'LSR_THRE'],
    ['LSR', 'BI', 'LSR_BI'],
    ['LSR', 'FE', 'LSR_FE'],
    ['LSR', 'PE', 'LSR_PE'],
    ['LSR', 'OE', 'LSR_OE'],
    ['LSR', 'DR', 'LSR_DR'],
    ['MSR', 'DCD', 'MSR_DCD'],
    ['MSR', 'RI', 'MSR_RI'],
    ['MSR', 'DSR', 'MSR_DSR'],
    ['MSR', 'CTS', 'MSR_CTS'],
    ['MSR', 'DDCD', 'MSR_DDCD'],
    ['MSR', 'TERI', 'MSR_TERI'],
    ['MSR', 'DDSR', 'MSR_DDSR'],
    ['MSR', 'DCTS', 'MSR_DCTS'],
  ]
  for (const [register, field, name] of pairs) expect([name, mask(register, field)]).toEqual([name, defined.get(name)])
})
