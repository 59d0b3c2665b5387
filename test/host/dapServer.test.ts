import type { DebugProtocol } from '@vscode/debugprotocol'
import { describe, expect, test } from 'vitest'
import { DapServer, type RequestTaker } from '../../src/host/dapServer.ts'
import { UserError } from '../../src/util/userError.ts'

/** A server around `request`; `sent` collects what the client would see. */
function serverOf(request: RequestTaker['request']) {
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

describe('a request that is cancelled', () => {
  const unanswered = () => {
    const lives: unknown[] = []
    const answers: ((body: unknown) => void)[] = []
    const server = serverOf(async (command, _args, life) => {
      if (command === 'cancel') return undefined
      lives.push(life)
      return await new Promise(resolve => answers.push(resolve))
    })
    return { ...server, lives, answers }
  }
  const answersTo = (sent: readonly DebugProtocol.ProtocolMessage[], seq: number) =>
    sent.filter(message => (message as DebugProtocol.Response).request_seq === seq)

  test('is answered at once where it only looks, and not again', async () => {
    const { ask, sent, answers } = unanswered()
    await ask(1, 'stackTrace')
    await ask(2, 'cancel', { requestId: 1 })
    expect(answersTo(sent, 1)).toMatchObject([{ success: false, message: 'cancelled' }])
    expect(answersTo(sent, 2)).toMatchObject([{ success: true }])
    answers[0]!({})
    await new Promise(resolve => setImmediate(resolve))
    expect(answersTo(sent, 1)).toHaveLength(1)
  })

  test('is answered when it is done where it changes something, and knows of it before it begins', async () => {
    const { ask, sent, answers, lives } = unanswered()
    await ask(1, 'setVariable')
    await ask(2, 'cancel', { requestId: 1 })
    expect(answersTo(sent, 1)).toEqual([])
    expect(lives[0]).toMatchObject({ isCancelled: true })
    answers[0]!({ value: '1' })
    await new Promise(resolve => setImmediate(resolve))
    expect(answersTo(sent, 1)).toMatchObject([{ success: true, body: { value: '1' } }])
  })

  test('that nobody has asked is passed over', async () => {
    const { ask } = unanswered()
    expect(await ask(2, 'cancel', { requestId: 1 })).toMatchObject({ request_seq: 2, success: true })
    expect(await ask(3, 'cancel')).toMatchObject({ request_seq: 3, success: true })
  })
})

/** What VS Code takes for a link there (base/common/linkedText). */
const LINK_IN_NOTIFICATION = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i
