// The port of `ppc440 gdb`: who is served there, and who is not.

import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PacketReader, packetOf } from '../../src/gdb/framing.ts'
import { latin } from '../../src/gdb/text.ts'
import { until } from '../e2e/support/until.ts'
import { SMALL } from '../support/dap.ts'
import { writeEndless } from '../support/endless.ts'
import { type Served, served } from '../support/gdb.ts'

let at: Served
beforeEach(async () => {
  at = await served(SMALL)
})
afterEach(() => at.server.close())

function client() {
  const socket: Socket = connect(at.port, '127.0.0.1')
  const reader = new PacketReader()
  const came: string[] = []
  const state = { isClosed: false }
  socket.on('error', () => {})
  socket.on('close', () => (state.isClosed = true))
  socket.on('data', bytes => {
    for (const token of reader.push(bytes)) came.push(token.kind === 'packet' ? latin(token.data) : token.kind)
  })
  return { socket, came, state, closed: () => until('the end', () => state.isClosed) }
}

test('a web page that posts packets to the port is cut off, and nothing of it is done', async () => {
  const page = client()
  page.socket.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n$P40=00000000#ce$vCont;c#a8')
  await page.closed()
  expect(page.came).toEqual([])
  expect([at.target.state, at.target.pc === 0]).toEqual(['stopped', false])
  const gdb = client()
  gdb.socket.write(packetOf('qC'))
  await until('an answer', () => gdb.came.includes('QC1'))
})

test('a second client is told in the place of features, and cut off', async () => {
  const first = client()
  first.socket.write(packetOf('qC'))
  await until('an answer', () => first.came.includes('QC1'))
  const second = client()
  second.socket.write(packetOf('qSupported:multiprocess+'))
  await second.closed()
  expect(second.came).toEqual(['ack', expect.stringMatching(/another gdb is at this program/)])
})

test('a client that breaks off in the middle of a packet, while the program runs, leaves it running', async () => {
  at.server.close()
  at = await served(writeEndless())
  const gdb = client()
  gdb.socket.write(packetOf('vCont;c'))
  await until('the program', () => at.target.state === 'running')
  gdb.socket.write('$m100')
  gdb.socket.destroy()
  await new Promise(wake => setTimeout(wake, 50))
  expect(at.target.state).toBe('running')
  expect(at.target.breakpoints.all).toEqual([])
  const next = client()
  next.socket.write(packetOf('?'))
  await until('a stop', () => next.came.find(each => /^[TW]/.test(each)))
})
