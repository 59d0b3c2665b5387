// The orders of messages are those seen of VS Code 1.139, with its Run and Debug bar in view and out of it.

import { expect, test } from 'vitest'
import { TwiceFetched } from '../../src/views/models/twiceFetched.ts'

const ask = { command: 'stackTrace', arguments: { threadId: 1, startFrame: 0, levels: 1 } }
const answer = { type: 'response', command: 'stackTrace' }

function stopped(reason = 'exception'): TwiceFetched {
  const stop = new TwiceFetched()
  expect(stop.said({ type: 'event', event: 'stopped', body: { reason } })).toBe(false)
  stop.asked(ask)
  return stop
}

test('both fetched before the frame gets the focus', () => {
  const stop = stopped()
  stop.asked(ask)
  expect([stop.said(answer), stop.said(answer)]).toEqual([false, false])
  expect(stop.focused()).toBe(true)
  expect(stop.focused(), 'the focus is given back once').toBe(false)
})

test('the second answer comes after the focus', () => {
  const stop = stopped()
  stop.asked(ask)
  expect([stop.said(answer), stop.focused(), stop.said(answer)]).toEqual([false, false, true])
  expect(stop.said(answer)).toBe(false)
})

test('the second fetch is asked for after the focus', () => {
  const stop = stopped()
  expect([stop.said(answer), stop.focused()]).toEqual([false, false])
  stop.asked(ask)
  expect(stop.said(answer)).toBe(true)
})

test.each([
  ['fetched once, the rest later', () => stopped(), { ...ask, arguments: { startFrame: 1, levels: 19 } }],
  ['explained already', () => stopped(), { command: 'exceptionInfo' }],
  ['no exception', () => stopped('breakpoint'), ask],
])('nothing is done: %s', (_, make, second) => {
  const stop = make()
  stop.asked(second)
  expect([stop.said(answer), stop.said(answer), stop.focused()]).toEqual([false, false, false])
})

test('an explained exception whose frames are fetched again keeps its focus, and the next stop begins anew', () => {
  const stop = stopped()
  stop.asked({ command: 'exceptionInfo' })
  stop.asked(ask)
  expect([stop.said(answer), stop.said(answer), stop.focused()]).toEqual([false, false, false])
  expect(stop.said({ event: 'stopped', body: { reason: 'exception' } })).toBe(false)
  stop.asked(ask)
  stop.asked(ask)
  expect([stop.said(answer), stop.said(answer), stop.focused()]).toEqual([false, false, true])
})

test('a program that went on has no exception', () => {
  const stop = stopped()
  stop.asked(ask)
  stop.said({ event: 'continued' })
  expect([stop.said(answer), stop.said(answer), stop.focused()]).toEqual([false, false, false])
})
