// A capsule keeps breakpoints that an editor has no way to be offered: on what is watched, and on instructions.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromBase64 } from '../../src/util/base64.ts'
import { DapClient } from '../support/dap.ts'

test('data and instruction breakpoints come with a capsule, for the session', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppc440-capsule-'))
  let dap = new DapClient()
  await dap.launch('examples/coffee/coffee.elf', { stopOnEntry: 'main' })
  await dap.stopped()
  const { dataId } = await dap.ask('dataBreakpointInfo', { name: 'ticks' })
  await dap.ask('setDataBreakpoints', {
    breakpoints: [{ dataId: dataId!, accessType: 'write', condition: 'ticks > 1' }],
  })
  const instructionReference = `0x${Number(await dap.evaluate('(unsigned)tick'))
    .toString(16)
    .padStart(8, '0')}`
  await dap.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference, hitCondition: '3' }] })
  const { base64 } = await dap.ask('ppc440/capsule', { withProgram: true })
  dap.session.dispose()

  const capsule = join(folder, 'bug.capsule')
  writeFileSync(capsule, fromBase64(base64)!)
  dap = new DapClient()
  await dap.launch('', { capsule })
  await dap.stopped()
  const told = dap.events.flatMap(({ event, body }) => (event === 'output' ? body.output : [])).join('')
  expect(told).toMatch(/From the capsule, for this session: a breakpoint on ticks/)
  expect(told).toContain(`From the capsule, for this session: a breakpoint on ${instructionReference}`)
  const stops = []
  for (let n = 0; n < 2; n++) stops.push((await dap.step('continue')).description)
  expect(stops).toEqual(['DAC1 and DAC2 matched a change of ticks: 1 → 2', `IAC1 matched ${instructionReference}`])
  dap.session.dispose()
  rmSync(folder, { recursive: true })
})
