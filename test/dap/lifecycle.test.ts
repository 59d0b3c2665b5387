// Every request in every part of a session's life: done where it belongs, refused with a sentence where it does not.

import { describe, expect, test } from 'vitest'
import type { FilePlace } from '../../src/dap/host.ts'
import { LEGAL, type Phase } from '../../src/dap/lifecycle.ts'
import { Session } from '../../src/dap/session.ts'
import type { DapRequests } from '../../src/dap/types.ts'
import { nodeTiming } from '../../src/host/node.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { UserError } from '../../src/util/userError.ts'
import { DapClient, SMALL } from '../support/dap.ts'

const COFFEE = 'examples/coffee/coffee.elf'

/** Arguments that every request takes. */
const ARGUMENTS: Readonly<Record<keyof DapRequests, object>> = {
  initialize: { adapterID: 'ppc440' },
  launch: { program: SMALL, memory: '2M', stopOnEntry: true },
  ...{ configurationDone: {}, disconnect: {}, terminate: {}, restart: {}, threads: {}, cancel: { progressId: '1' } },
  ...{
    'ppc440/snapshot': {},
    'ppc440/devices': {},
    'ppc440/memory': { address: 0x100100, count: 16 },
    'ppc440/address': { expression: '$r1' },
    'ppc440/trace': { on: true },
    'ppc440/trapWord': { id: 1 },
    'ppc440/gdb': { port: 0 },
    'ppc440/timeline': {},
    'ppc440/goTo': { instruction: 0 },
    'ppc440/back': { to: 'caller' },
    'ppc440/capsule': { withProgram: true },
    'ppc440/lastWrite': { name: '0x1000', asAddress: true },
    'ppc440/runTo': { path: 'primes.S', line: 1 },
    'ppc440/uartInput': { uart: 0, data: [65] },
  },
  ...{
    continue: { threadId: 1 },
    next: { threadId: 1 },
    stepIn: { threadId: 1 },
    stepInTargets: { frameId: 1 },
    stepOut: { threadId: 1 },
    restartFrame: { frameId: 1 },
    gotoTargets: { source: { path: 'primes.S' }, line: 1 },
    goto: { threadId: 1, targetId: 0x100100 },
    stepBack: { threadId: 1 },
    reverseContinue: { threadId: 1 },
  },
  ...{ pause: { threadId: 1 }, stackTrace: { threadId: 1 }, exceptionInfo: { threadId: 1 } },
  setBreakpoints: { source: { path: 'primes.S' }, breakpoints: [{ line: 1 }] },
  setFunctionBreakpoints: { breakpoints: [{ name: 'main' }] },
  setInstructionBreakpoints: { breakpoints: [{ instructionReference: '0x100100' }] },
  setDataBreakpoints: { breakpoints: [] },
  setExceptionBreakpoints: { filters: ['program'] },
  breakpointLocations: { source: { path: 'primes.S' }, line: 1 },
  dataBreakpointInfo: { name: '0x1000', asAddress: true },
  scopes: { frameId: 1 },
  variables: { variablesReference: 1 },
  setVariable: { variablesReference: 1, name: 'r3', value: '1' },
  setExpression: { expression: '$r3', value: '1' },
  evaluate: { expression: '$r3' },
  completions: { text: '$r', column: 3 },
  locations: { locationReference: 1 },
  loadedSources: {},
  readMemory: { memoryReference: '0x100100', count: 4 },
  writeMemory: { memoryReference: '0x100000', data: 'AAAA' },
  disassemble: { memoryReference: '0x100100', instructionCount: 4 },
  source: { sourceReference: 1 },
}

/** A file that is read when the test says so: a launch in the middle. */
function held() {
  let release: () => void = () => {}
  const gate = new Promise<void>(resolve => (release = resolve))
  const files = { ...nodeFiles, stat: (place: FilePlace) => gate.then(() => nodeFiles.stat(place)) }
  return { files, release }
}

/** A client whose session is in that part of its life. */
const REACH: Readonly<Record<Phase, (dap: DapClient) => Promise<void>>> = {
  async none() {},
  async launching(dap) {
    void dap.ask('launch', { program: SMALL, memory: '2M' }).catch(() => {})
  },
  async configuring(dap) {
    await dap.ask('launch', { program: SMALL, memory: '2M', stopOnEntry: true })
  },
  async debugging(dap) {
    await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
    await dap.stopped()
  },
  async ended(dap) {
    await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
    await dap.ask('terminate')
  },
  async closed(dap) {
    await dap.ask('disconnect')
  },
}

/** In which parts of its life a session answers, as the protocol's text has it; `-` is refused. */
const TABLE: readonly (readonly [requests: readonly (keyof DapRequests)[], ...phases: string[]])[] = [
  // none, launching, configuring, debugging, ended, closed
  [['initialize', 'launch'], 'yes', '-', '-', '-', '-', '-'],
  [['configurationDone'], '-', '-', 'yes', '-', '-', '-'],
  [['disconnect', 'terminate', 'cancel'], 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  [['threads'], 'yes', 'yes', 'yes', 'yes', 'yes', '-'],
  [
    [
      ...([
        'continue',
        'next',
        'stepIn',
        'stepInTargets',
        'stepOut',
        'pause',
        'goto',
        'restart',
        'ppc440/runTo',
      ] as const),
      ...([
        'stepBack',
        'reverseContinue',
        'restartFrame',
        'ppc440/goTo',
        'ppc440/back',
        'ppc440/lastWrite',
        'ppc440/capsule',
      ] as const),
    ],
    '-',
    '-',
    '-',
    'yes',
    '-',
    '-',
  ],
]
const PHASES: readonly Phase[] = ['none', 'launching', 'configuring', 'debugging', 'ended', 'closed']
const NEEDS_PROGRAM = ['-', '-', 'yes', 'yes', 'yes', '-']

const allowed = (command: keyof DapRequests, phase: Phase): boolean => {
  const [, ...row] = TABLE.find(([requests]) => requests.includes(command)) ?? [[], ...NEEDS_PROGRAM]
  return row[PHASES.indexOf(phase)] === 'yes'
}

describe.each(PHASES)('in "%s"', phase => {
  test.each(Object.keys(LEGAL) as (keyof DapRequests)[])('%s', async command => {
    const { files, release } = held()
    if (phase !== 'launching') release()
    const dap = new DapClient(files)
    await REACH[phase](dap)
    const answer = dap.session.request(command, ARGUMENTS[command]).then(
      () => undefined,
      (error: unknown) => error,
    )
    release()
    const error = await answer
    if (error !== undefined) expect(error).toBeInstanceOf(UserError)
    const isRefused = error instanceof UserError && error.code.startsWith('not-while-')
    expect(isRefused, String(error)).toBe(!allowed(command, phase))
    if (isRefused) expect(error.message).toMatch(new RegExp(`^"${command}" is not possible now, because .+: `))
    dap.session.dispose()
  })
})

describe('while the program runs', () => {
  test.each(Object.keys(LEGAL) as (keyof DapRequests)[])('%s is answered', async command => {
    const dap = new DapClient()
    await dap.launch(SMALL, { memory: '2M', console: 'terminal' })
    const error = await dap.session.request(command, ARGUMENTS[command]).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error !== undefined) {
      expect(error).toBeInstanceOf(UserError)
      expect((error as UserError).message).toMatch(
        /running|not possible now|earlier stop|no source|no location|no ports|no breakpoint/,
      )
    }
    dap.session.dispose()
  })
})

const kinds = (dap: DapClient): string[] => dap.events.map(({ event }) => event)

describe('a launch', () => {
  test.each(['terminate', 'disconnect'] as const)('that is ended by "%s" leaves no program running', async command => {
    const { files, release } = held()
    const dap = new DapClient(files)
    const launch = dap.ask('launch', { program: SMALL, memory: '2M' })
    await dap.ask(command)
    release()
    await expect(launch).rejects.toThrow(/ended while the program was being loaded/)
    expect(kinds(dap)).toEqual(command === 'terminate' ? ['terminated'] : [])
    await expect(dap.ask('stackTrace', { threadId: 1 })).rejects.toThrow(/not possible now/)
  })

  test('a second one is refused, and the first program is not touched', async () => {
    const dap = new DapClient()
    await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
    await dap.stopped()
    await expect(dap.ask('launch', { program: SMALL })).rejects.toThrow(/is being debugged in this session/)
    expect((await dap.stack())[0]!.instructionPointerReference).toBe('0x00100000')
    dap.session.dispose()
  })

  test('that failed leaves the way free for another', async () => {
    const dap = new DapClient()
    await expect(dap.ask('launch', { program: '/nothing.elf' })).rejects.toThrow(/cannot read/)
    await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
    expect(await dap.stopped()).toMatchObject({ reason: 'entry' })
    dap.session.dispose()
  })

  test('tells of an attribute nobody knows, and goes on', async () => {
    const dap = new DapClient()
    await dap.launch(SMALL, { memory: '2M', stopOnEntri: true, cwd: '/', type: 'ppc440', __sessionId: 'x' })
    const said = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
    expect(said).toContain('launch.json: "stopOnEntri" is not an attribute of ppc440: did you mean "stopOnEntry"?\n')
    expect(said).toContain('launch.json: "cwd" is not an attribute of ppc440: it is ignored\n')
    expect(said.join()).not.toMatch(/"type"|__sessionId/)
    dap.session.dispose()
  })
})

test('"configurationDone" twice stops nothing', async () => {
  const dap = new DapClient()
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
  await dap.stopped()
  await expect(dap.ask('configurationDone')).rejects.toThrow(/not possible now/)
  await new Promise(resolve => setImmediate(resolve))
  expect(kinds(dap).filter(kind => kind === 'stopped')).toHaveLength(1)
  dap.session.dispose()
})

test.each(['running', 'stopped'])('a restart of a program that is %s stops at its entry, once', async how => {
  const dap = new DapClient()
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true, console: 'terminal' })
  await dap.stopped()
  if (how === 'running') await dap.ask('continue', { threadId: 1 })
  await dap.ask('restart', {})
  expect(await dap.stopped()).toMatchObject({ reason: 'entry' })
  expect((await dap.stack())[0]!.instructionPointerReference).toBe('0x00100000')
  expect(kinds(dap).filter(kind => kind === 'stopped')).toHaveLength(2)
  dap.session.dispose()
})

test('"stopOnEntry" may name a function: the program stops behind its prologue, at no cost of a comparator', async () => {
  const dap = new DapClient()
  await dap.launch(COFFEE, { stopOnEntry: 'main' })
  expect(await dap.stopped()).toMatchObject({ reason: 'step', description: 'Paused after Run to main' })
  expect((await dap.stack())[0]!.name).toBe('main')
  expect(await dap.evaluate('dbcr0')).toMatch(/^0x00000000/)
  dap.session.dispose()
})

test('"stopOnEntry" that names no function is said, and the program stops at its entry', async () => {
  const dap = new DapClient()
  await dap.launch(COFFEE, { stopOnEntry: 'mian' })
  expect(await dap.stopped()).toMatchObject({ reason: 'entry' })
  const said = dap.events.filter(({ event, body }) => event === 'output' && body.category === 'important')
  expect(said.map(({ body }) => body.output).join()).toMatch(/"stopOnEntry" is "mian"\. .*mian.*Stopped at the entry/)
  dap.session.dispose()
})

test('"terminated" is said once, however often the end is asked for', async () => {
  const dap = new DapClient()
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
  await dap.ask('terminate')
  await dap.ask('terminate')
  await dap.ask('disconnect')
  await dap.ask('disconnect')
  await dap.ask('terminate')
  expect(kinds(dap).filter(kind => kind === 'terminated')).toHaveLength(1)
})

test('no request before "initialize" is taken for a handler that objects have by birth', async () => {
  const session = new Session({ files: nodeFiles, emit() {}, ...nodeTiming })
  for (const name of ['constructor', '__proto__', 'toString', ''])
    await expect(session.request(name, {})).rejects.toThrow(/does not know the request/)
})
