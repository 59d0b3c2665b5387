import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { DapServer } from '../../src/host/dapServer.ts'
import { UserError } from '../../src/util/userError.ts'

/** A server around `request`; `sent` collects what the client would see. */
function serverOf(request: (command: string, args: unknown) => Promise<unknown>) {
  const sent: DebugProtocol.ProtocolMessage[] = []
  let emit: (event: string, body?: unknown) => void = () => {}
  const server = new DapServer(send => {
    emit = send
    return { request, dispose() {} }
  })
  server.onDidSendMessage(message => sent.push(message as DebugProtocol.ProtocolMessage))
  const ask = async (seq: number, command: string, args?: unknown) => {
    server.handleMessage({ seq, type: 'request', command, arguments: args } as DebugProtocol.Request)
    await Promise.resolve()
    await Promise.resolve()
    return sent.at(-1) as DebugProtocol.Response
  }
  return { server, sent, ask, emit: (event: string, body?: unknown) => emit(event, body) }
}

test('a response carries the number of its request and the body of the session', async () => {
  const { ask } = serverOf(async (command, args) => ({ command, args }))
  expect(await ask(7, 'threads', { a: 1 })).toEqual({
    type: 'response',
    seq: 1,
    request_seq: 7,
    command: 'threads',
    success: true,
    body: { command: 'threads', args: { a: 1 } },
  })
})

test('messages are numbered in the order they are sent, events among them', async () => {
  const { ask, emit, sent } = serverOf(async () => undefined)
  emit('initialized')
  await ask(1, 'next')
  emit('stopped', { reason: 'step' })
  expect(sent.map(({ seq, type }) => `${seq} ${type}`)).toEqual(['1 event', '2 response', '3 event'])
})

test('a mistake of the user is shown once where it was made: as a message for a button, not for a watch', async () => {
  const { ask } = serverOf(async () => {
    throw new UserError('no-program', 'there is no program', 'set "program"')
  })
  const launch = await ask(1, 'launch')
  const watch = await ask(2, 'evaluate')
  expect(launch.success).toBe(false)
  expect(launch.body.error.format).toBe('there is no program: set "program"')
  expect(launch.body.error.showUser).toBe(true)
  expect(watch.body.error.showUser).toBe(false)
  expect(launch.body.error.id).toBe(watch.body.error.id)
})

test('an error of ours says so', async () => {
  const { ask } = serverOf(async () => {
    throw new TypeError('x is undefined')
  })
  expect((await ask(1, 'scopes')).message).toMatch(/^Internal error in "scopes", please report it: .*x is undefined/)
})

test('says when the client has left', async () => {
  const { server, ask } = serverOf(async () => undefined)
  let left = false
  server.on('disconnected', () => {
    left = true
  })
  await ask(1, 'disconnect')
  expect(left).toBe(true)
})
