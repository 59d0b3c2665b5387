// Expectations from the PC16550D data sheet (National Semiconductor, June 1995), section 8.

import { expect, test } from 'vitest'
import { Uart16550 } from '../../src/devices/uart16550.ts'

const [RBR, IER, IIR, LCR, MCR, LSR, MSR] = [0, 1, 2, 3, 4, 5, 6]
const LOOP = 0x10

const create = () => {
  const uart = new Uart16550('UART0')
  const sent: number[] = []
  const levels: boolean[] = []
  uart.onTransmit = byte => sent.push(byte)
  uart.onInterrupt = level => {
    if (levels.at(-1) !== level) levels.push(level)
  }
  return { uart, sent, levels }
}

test('a byte written to THR is sent; LSR says that there is room', () => {
  const { uart, sent } = create()
  uart.write(RBR, 1, 0x41)
  expect(sent).toEqual([0x41])
  expect(uart.read(LSR, 1) & 0x60).toBe(0x60)
})

test('received bytes are read in order, and LSR[DR] tells when there are more', () => {
  const { uart } = create()
  uart.receive([1, 2])
  expect([uart.read(LSR, 1) & 1, uart.read(RBR, 1), uart.read(RBR, 1), uart.read(LSR, 1) & 1]).toEqual([1, 1, 2, 0])
})

test('peek takes no byte', () => {
  const { uart } = create()
  uart.receive([7])
  expect([uart.peek(RBR, 1), uart.peek(RBR, 1), uart.read(RBR, 1)]).toEqual([7, 7, 7])
})

test('the received data interrupt lasts until the last byte is read; IIR gives it as 0100', () => {
  const { uart, levels } = create()
  uart.write(IER, 1, 1)
  uart.receive([1])
  expect(uart.read(IIR, 1) & 0xf).toBe(4)
  uart.read(RBR, 1)
  expect(uart.read(IIR, 1) & 0xf).toBe(1)
  expect(levels).toEqual([false, true, false])
})

test('enabling the transmitter interrupt with THR empty raises it; reading IIR takes it back', () => {
  const { uart, levels } = create()
  uart.write(IER, 1, 2)
  expect(uart.read(IIR, 1) & 0xf).toBe(2)
  expect(uart.read(IIR, 1) & 0xf).toBe(1)
  expect(levels).toEqual([true, false])
})

test('received data has priority over the transmitter', () => {
  const { uart } = create()
  uart.write(IER, 1, 3)
  uart.receive([1])
  expect(uart.read(IIR, 1) & 0xf).toBe(4)
})

test('LCR[DLAB] puts the divisor in front of RBR and IER', () => {
  const { uart, sent } = create()
  uart.write(LCR, 1, 0x83)
  uart.write(RBR, 1, 0x0d)
  uart.write(IER, 1, 0x02)
  expect([uart.read(RBR, 1), uart.read(IER, 1)]).toEqual([0x0d, 0x02])
  uart.write(LCR, 1, 0x03)
  expect([uart.read(IER, 1), sent]).toEqual([0, []])
})

test('FCR[0] turns the FIFOs on, which IIR shows; FCR[1] empties the receiver', () => {
  const { uart } = create()
  uart.receive([1, 2, 3])
  uart.write(IIR, 1, 3)
  expect([uart.read(IIR, 1) & 0xc0, uart.read(LSR, 1) & 1]).toEqual([0xc0, 0])
})

test('loopback: what is sent is received and goes nowhere else; the outputs are the modem inputs', () => {
  const { uart, sent } = create()
  uart.write(MCR, 1, LOOP | 0x0a)
  uart.write(RBR, 1, 0x55)
  expect([uart.read(RBR, 1), sent]).toEqual([0x55, []])
  // RTS and OUT2 are on: CTS and DCD.
  expect(uart.read(MSR, 1) & 0xf0).toBe(0x90)
})

test('behind a plug what is sent comes back, and is sent all the same', () => {
  const { uart, sent } = create()
  uart.hasLoopbackPlug = true
  uart.write(RBR, 1, 0x55)
  expect([uart.read(RBR, 1), sent]).toEqual([0x55, [0x55]])
})

test('MSR keeps what changed until it is read, and the modem interrupt with it', () => {
  const { uart } = create()
  uart.write(MCR, 1, LOOP)
  uart.read(MSR, 1)
  uart.write(IER, 1, 8)
  uart.write(MCR, 1, LOOP | 2)
  expect(uart.read(IIR, 1) & 0xf).toBe(0)
  expect([uart.read(MSR, 1), uart.read(MSR, 1)]).toEqual([0x11, 0x10])
  expect(uart.read(IIR, 1) & 0xf).toBe(1)
})

test('a port restored from what was saved behaves like the one that was saved', () => {
  const { uart } = create()
  uart.write(LCR, 1, 0x80)
  uart.write(RBR, 1, 0x34)
  uart.write(IER, 1, 0x12)
  uart.write(LCR, 1, 3)
  uart.write(IER, 1, 3)
  uart.receive([1, 2])
  const other = create()
  other.uart.restore(structuredClone(uart.save()))
  expect(other.levels).toEqual([true])
  const drain = (port: Uart16550) => [port.read(RBR, 1), port.read(RBR, 1), port.read(IIR, 1), port.peek(LCR, 1)]
  expect(drain(other.uart)).toEqual(drain(uart))
})
