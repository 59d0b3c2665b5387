// A session that measures its run tells what came of it when it is over. The counts are those of the source: ten digits.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { MeasuredRun } from '../../src/protocol/messages.ts'
import { detailsOf } from '../../src/views/models/coverage.ts'
import { DapClient } from '../support/dap.ts'

const EXAMPLE = resolve('media/first-steps.s')
const text = readFileSync(EXAMPLE, 'utf8').split('\n')
const lineOf = (what: string): number => text.findIndex(line => line.includes(what)) + 1

async function measured(measure: string[], command?: 'terminate'): Promise<MeasuredRun> {
  const dap = new DapClient()
  await dap.launch(EXAMPLE, { measure, stopOnEntry: command !== undefined })
  if (command !== undefined) {
    await dap.stopped()
    await dap.ask(command)
  }
  const body = await dap.next('ppc440/measured')
  // The client takes leave when it hears of the end.
  await dap.next('terminated')
  dap.session.dispose()
  return body
}

test('coverage: how often each line was executed, and which way its branches went', async () => {
  const { files, profile } = await measured(['coverage'])
  expect(profile).toBeUndefined()
  const [file] = files!
  expect(file!.path).toBe(EXAMPLE)
  const counts = new Map(file!.lines)
  const at = (what: string) => counts.get(lineOf(what))
  expect([at('stop 1:'), at('stop 2:'), at('li      r31, 9'), at('stop 5:')]).toEqual([10, 10, 1, 1])
  const loop = lineOf('bge     next')
  const rows = detailsOf(file!).filter(({ line }) => line === loop)
  expect(rows).toMatchObject([{ count: 10, branches: [{ count: 9 }, { count: 1 }] }])
  expect(rows[0]!.branches.map(({ label }) => label)).toEqual([
    expect.stringMatching(/^the branch at 0x\w{8} taken$/),
    expect.stringMatching(/^the branch at 0x\w{8} not taken$/),
  ])
})

test('what was executed until the client puts an end to it counts', async () => {
  const { files } = await measured(['coverage'], 'terminate')
  expect(files!.flatMap(({ lines }) => lines).every(([, count]) => count === 0)).toBe(true)
})

test('a profile: functions with their callers, by the paths of the client', async () => {
  const { files, profile } = await measured(['profile'])
  expect(files).toBeUndefined()
  const { nodes } = JSON.parse(profile!) as { nodes: { callFrame: { functionName: string; url: string } }[] }
  const frames = nodes.map(({ callFrame }) => callFrame)
  for (const name of ['print_digit', 'print_space', 'count_down', 'print_end'])
    expect(frames.find(({ functionName }) => functionName === name)?.url).toBe(EXAMPLE)
})

test('no history is kept meanwhile: who goes back runs a second time', async () => {
  const dap = new DapClient()
  await dap.launch(EXAMPLE, { measure: ['coverage'], stopOnEntry: true })
  await dap.stopped()
  await expect(dap.ask('stepBack', { threadId: 1 })).rejects.toThrow(/no history/)
  dap.session.dispose()
})
