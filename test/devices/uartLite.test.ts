// XPS UART Lite (DS571): what software sees of it.

import { expect, test } from 'vitest'
import { UartLite } from '../../src/devices/uartLite.ts'

const [RX, TX, STATUS, CONTROL] = [0x00, 0x04, 0x08, 0x0c]
const [RX_VALID, TX_EMPTY, INTR] = [0x01, 0x04, 0x10]

function create() {
  const uart = new UartLite('UART0')
  const sent: number[] = []
  const levels: boolean[] = []
  uart.onTransmit = byte => sent.push(byte)
  uart.onInterrupt = level => levels.push(level)
  return { uart, sent, levels }
}

test('bytes are sent by word and by byte, and the transmitter is always empty', () => {
  const { uart, sent } = create()
  uart.write(TX, 4, 0x41)
  uart.write(TX + 3, 1, 0x42)
  expect([sent, uart.read(STATUS, 4)]).toEqual([[0x41, 0x42], TX_EMPTY])
})

test('what comes is read in order; looking takes nothing', () => {
  const { uart } = create()
  uart.receive([1, 2])
  expect([uart.read(STATUS, 4), uart.peek(RX, 4), uart.peek(RX, 4)]).toEqual([TX_EMPTY | RX_VALID, 1, 1])
  expect([uart.read(RX, 4), uart.read(RX + 3, 1), uart.read(STATUS, 4)]).toEqual([1, 2, TX_EMPTY])
})

test('an interrupt while a byte waits, if it is enabled; the FIFO can be emptied', () => {
  const { uart, levels } = create()
  uart.receive([1])
  expect([levels.at(-1), uart.listens]).toEqual([false, false])
  uart.write(CONTROL, 4, INTR)
  expect([levels.at(-1), uart.listens, uart.read(STATUS, 4) & INTR]).toEqual([true, true, INTR])
  uart.write(CONTROL, 4, INTR | 2)
  expect([levels.at(-1), uart.unread]).toEqual([false, 0])
})

test('goes on from where its state was saved', () => {
  const { uart } = create()
  uart.receive([7, 8])
  uart.write(CONTROL, 4, INTR)
  const other = create()
  other.uart.restore(structuredClone(uart.save()))
  expect([other.levels.at(-1), other.uart.read(RX, 4), other.uart.read(RX, 4)]).toEqual([true, 7, 8])
})

test('behind a plug what is sent comes back, and is sent all the same', () => {
  const { uart, sent, levels } = create()
  uart.hasLoopbackPlug = true
  uart.write(CONTROL, 4, INTR)
  uart.write(TX, 4, 0x41)
  expect([sent, levels.at(-1), uart.read(RX, 4), levels.at(-1), uart.unread]).toEqual([[0x41], true, 0x41, false, 0])
})
