// A session over a pair of streams, and all the ways the pair comes to its end.

import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { framed } from '../../src/dap/framing.ts'
import { converse } from '../../src/host/dapStream.ts'

function conversation() {
  const input = new PassThrough()
  const output = new PassThrough()
  const session = { emit: (_: string, _body?: unknown) => {}, disposed: 0 }
  const over = converse(input, output, emit => {
    session.emit = emit
    return { request: async command => command, dispose: () => session.disposed++ }
  })
  return { input, output, session, over }
}

const request = (command: string): Uint8Array => framed({ seq: 1, type: 'request', command })
const textOf = (stream: PassThrough): string => String(stream.read() ?? '')

test('the client takes leave: it is answered, and the session is over', async () => {
  const { input, output, session, over } = conversation()
  input.write(request('disconnect'))
  expect(await over).toBeUndefined()
  expect(textOf(output)).toMatch(/"command":"disconnect","success":true/)
  expect(session.disposed).toBe(1)
})

test.each(['end', 'destroy'] as const)('the client is gone (%s)', async how => {
  const { input, session, over } = conversation()
  input.write(request('threads'))
  await new Promise(resolve => setImmediate(resolve))
  input[how]()
  input.resume()
  expect(await over).toBeUndefined()
  expect(session.disposed).toBe(1)
})

test('what breaks the protocol is told to one who spoke it before, and what follows is not heard', async () => {
  const { input, output, session, over } = conversation()
  input.write(request('threads'))
  input.write('Content-Length: no\r\n\r\n')
  input.write(request('threads'))
  expect(await over).toMatch(/gives no length/)
  await new Promise(resolve => setImmediate(resolve))
  const said = textOf(output)
  expect(said).toMatch(/"event":"output","body":\{"category":"important","output":".*gives no length/)
  expect(session.disposed).toBe(1)
  session.emit('stopped')
  expect(textOf(output)).toBe('')
})

test('a client that does not read is left, before its messages fill the memory', async () => {
  const { output, session, over } = conversation()
  const megabyte = 'x'.repeat(1 << 20)
  for (let i = 0; i < 200; i++) session.emit('output', { output: megabyte })
  expect(await over).toBe('the client does not read what it is sent')
  expect(output.writableLength + output.readableLength).toBeLessThan(80 << 20)
  expect(session.disposed).toBe(1)
})
