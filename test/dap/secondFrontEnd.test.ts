// A session beside another front end at its target: what its client is told of that one, and what not.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { breakpointHandlers } from '../../src/dap/handlers/breakpoints.ts'
import { executionHandlers } from '../../src/dap/handlers/execution.ts'
import { launchHandlers } from '../../src/dap/handlers/launch.ts'
import { SessionState } from '../../src/dap/sessionState.ts'
import type { FrontEnd } from '../../src/debuggee/frontEnd.ts'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import { StepInstruction } from '../../src/debuggee/steps/instruction.ts'
import { nodeTiming } from '../../src/host/node.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { until } from '../e2e/support/until.ts'
import { SMALL } from '../support/dap.ts'
import { SILENT } from '../support/target.ts'

const other: FrontEnd = { ...SILENT, name: 'other' }

let told: { readonly event: string; readonly body: unknown }[]
let state: SessionState
let execution: ReturnType<typeof executionHandlers>
let breakpoints: ReturnType<typeof breakpointHandlers>

beforeEach(async () => {
  told = []
  const emit = (event: string, body: unknown): void => void told.push({ event, body })
  state = new SessionState({ files: nodeFiles, emit, ...nodeTiming })
  execution = executionHandlers(state)
  breakpoints = breakpointHandlers(state)
  const { launch, configurationDone } = launchHandlers(state)
  await launch({ program: SMALL, stopOnEntry: true })
  await configurationDone(undefined)
  state.target.join(other)
})
afterEach(() => state.dispose())

const bodies = (event: string): unknown[] => told.filter(each => each.event === event).map(({ body }) => body)
const stops = (n: number): Promise<unknown> => until('a stop', () => bodies('stopped')[n])

/** The other front end has a breakpoint where the program stands after so many instructions. */
function otherBreakpoint(n: number): void {
  const address = state.target.pc + 4 * n
  state.target.breakpoints.replace({ owner: other.name, list: 'all' }, [{ kind: 'instruction', address }])
  state.target.replan()
}

test('a client is not told that the program goes on where it has asked for that', async () => {
  await execution.next({ threadId: 1, granularity: 'instruction' })
  await stops(1)
  expect(bodies('continued')).toEqual([])
})

test('it is told where somebody else has asked, and of the stop', async () => {
  state.target.resume(new StepInstruction(), other)
  expect(bodies('continued')).toEqual([{ threadId: 1, allThreadsContinued: true }])
  expect(await stops(1)).toMatchObject({ reason: 'step' })
})

test("a stop at another's breakpoint is a stop, at none of the client's", async () => {
  otherBreakpoint(1)
  await execution.continue({ threadId: 1 })
  expect(await stops(1)).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [] })
})

test("events are about the client's own breakpoints; the slots shown are those of all", async () => {
  const [mine] = (
    await breakpoints.setInstructionBreakpoints({ breakpoints: [{ instructionReference: '0x00100100' }] })
  ).breakpoints
  otherBreakpoint(1)
  expect(bodies('breakpoint')).toMatchObject([{ breakpoint: { id: mine!.id } }])
  expect(bodies('ppc440/snapshot').at(-1)).toMatchObject({
    slots: [{}, { heldBy: expect.any(String) }, {}, {}, {}, {}],
  })
  state.target.leave(other)
  expect(bodies('ppc440/snapshot').at(-1)).toMatchObject({
    slots: [{ name: 'IAC1' }, { name: 'IAC2' }, {}, {}, {}, {}],
  })
  expect((bodies('ppc440/snapshot').at(-1) as { slots: object[] }).slots[1]).not.toHaveProperty('heldBy')
})

test('the slots that are shown follow the last breakpoint that goes, too', async () => {
  const one = { breakpoints: [{ instructionReference: '0x00100100' }] }
  await breakpoints.setInstructionBreakpoints(one)
  await breakpoints.setInstructionBreakpoints({ breakpoints: [] })
  const { slots } = bodies('ppc440/snapshot').at(-1) as { slots: object[] }
  expect(slots.filter(slot => 'heldBy' in slot)).toEqual([])
})

test('what another writes is read again', () => {
  state.target.writing(() => state.target.machine.setRegister('r3', 5))
  expect(bodies('invalidated')).toEqual([{ areas: ['variables'] }])
})

test('another that puts an end to it ends the session', () => {
  state.target.resume(new Continue(), other)
  state.target.dispose(other)
  expect([bodies('exited'), bodies('terminated'), state.phase]).toEqual([[{ exitCode: 0 }], [{}], 'ended'])
})
