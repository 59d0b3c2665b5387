import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { DapServer } from '../../src/host/dapServer.ts'
import { UserError } from '../../src/util/userError.ts'

/** A server around `request`; `sent` collects what the client would see. */
function serverOf(request: (command: string, args: unknown) => Promise<unknown>) {
  const sent: DebugProtocol.ProtocolMessage[] = []
  let emit: (event: string, body?: unknown) => void = () => {}
  let hasLeft = false
  const server = new DapServer(
    send => {
      emit = send
      return { request, dispose() {} }
    },
    { send: message => void sent.push(message), left: () => (hasLeft = true) },
  )
  const say = async (message: unknown) => {
    server.handle(message)
    await new Promise(resolve => setImmediate(resolve))
    return sent.at(-1) as DebugProtocol.Response
  }
  const ask = (seq: number, command: string, args?: unknown) => say({ seq, type: 'request', command, arguments: args })
  return { sent, say, ask, emit: (event: string, body?: unknown) => emit(event, body), hasLeft: () => hasLeft }
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

test('says when the client has left, after the answer', async () => {
  const { ask, sent, hasLeft } = serverOf(async () => undefined)
  await ask(1, 'disconnect')
  expect(sent).toHaveLength(1)
  expect(hasLeft()).toBe(true)
})

test.each<[message: unknown, request_seq: number]>([
  [null, 0],
  [[], 0],
  ['launch', 0],
  [{}, 0],
  [{ type: 'request', seq: 3 }, 3],
  [{ type: 'request', seq: 'x', command: 'launch' }, 0],
  [{ type: 'request', seq: 4, command: ['launch'] }, 4],
  [{ type: 'event', seq: 5, event: 'stopped' }, 5],
  [{ type: 'toString', seq: 2 ** 53, command: 'next' }, 0],
])('%j is no request: it is refused, and the next one is answered', async (message, request_seq) => {
  const { ask, say } = serverOf(async command => command)
  expect(await say(message)).toMatchObject({ type: 'response', request_seq, success: false })
  expect((await say(message)).message).toMatch(/no request of the debug adapter protocol: a request has/)
  expect(await ask(9, 'threads')).toMatchObject({ request_seq: 9, success: true, body: 'threads' })
})

test('a response that nobody waits for is passed over', async () => {
  const { say, sent } = serverOf(async () => undefined)
  await say({ type: 'response', seq: 1, request_seq: 1, success: true, command: 'runInTerminal' })
  expect(sent).toEqual([])
})

test('what an error says of a path is text: no link of it comes alive in a notification', async () => {
  const { ask } = serverOf(async () => {
    throw new UserError('unreadable', 'cannot read [build](command:workbench.action.quit).elf', 'build it')
  })
  const { message, body } = await ask(1, 'launch')
  for (const text of [message, body.error.format]) {
    expect(text).toContain('command:workbench.action.quit')
    expect(text).not.toMatch(LINK_IN_NOTIFICATION)
  }
})

/** What VS Code takes for a link there (base/common/linkedText). */
const LINK_IN_NOTIFICATION = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i
