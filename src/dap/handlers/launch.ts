// Requests that begin and end a session.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { isFlatImage, programOfImage } from '../../asm/flatImage.ts'
import { isAssembly, programOf } from '../../asm/source.ts'
import { chooseMachine, LINUX_USER } from '../../boards/chosen.ts'
import type { BreakpointRequest } from '../../debuggee/breakpoints.ts'
import {
  createDebuggee,
  type DebugFiles,
  type KernelFiles,
  openProgram,
  type ProcessOptions,
} from '../../debuggee/launch.ts'
import { Continue } from '../../debuggee/steps/goal.ts'
import { RunTo } from '../../debuggee/steps/runBack.ts'
import { type Debuggee, Target } from '../../debuggee/target.ts'
import { type CapsuleBreakpoint, checkProgram, openCapsule } from '../../history/capsule.ts'
import { BREAKPOINTS_EVENT, type OfferedBreakpoints } from '../../protocol/messages.ts'
import { beneath } from '../../util/beneath.ts'
import { fileName, folderOf } from '../../util/fileName.ts'
import { UserError } from '../../util/userError.ts'
import { COMPLETION_TRIGGERS } from '../completions.ts'
import { badAttribute, emptyCapsule, unreadable } from '../errors.ts'
import { type Launch, parseLaunch, unknownAttributes } from '../launchArguments.ts'
import { MeasuredSession } from '../measuredSession.ts'
import { ProcessFiles } from '../processFiles.ts'
import type { SessionState } from '../sessionState.ts'
import { Sources } from '../sources.ts'
import { systemFiles } from '../systemFiles.ts'
import type { Handlers } from '../types.ts'
import { UartOutput } from '../uartOutput.ts'
import { wholeFile } from '../wholeFile.ts'
import { checkWritable } from '../writable.ts'
import { BREAKPOINT_MODES } from './breakpoints.ts'
import { EXCEPTION_FILTERS } from './exceptions.ts'

type Handled = 'cancel' | 'initialize' | 'launch' | 'configurationDone' | 'disconnect' | 'terminate' | 'restart'

const CAPABILITIES: P.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsInstructionBreakpoints: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  supportsBreakpointLocationsRequest: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsSteppingGranularity: true,
  supportsStepInTargetsRequest: true,
  supportsStepBack: true,
  supportsRestartFrame: true,
  supportsGotoTargetsRequest: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: COMPLETION_TRIGGERS,
  supportsLoadedSourcesRequest: true,
  supportsExceptionFilterOptions: true,
  supportsExceptionInfoRequest: true,
  exceptionBreakpointFilters: EXCEPTION_FILTERS,
  breakpointModes: BREAKPOINT_MODES,
  supportsDelayedStackTraceLoading: true,
  supportsValueFormattingOptions: true,
  supportsClipboardContext: true,
  supportsCancelRequest: true,
}

/** Bytes of a program that takes a while to read. */
const LARGE = 4 << 20

export function launchHandlers(state: SessionState): Pick<Handlers, Handled> {
  /** What launch.json says, as the client has sent it last. */
  let given: Readonly<Record<string, unknown>> = {}
  const start = (launch: Launch): void => {
    const { target } = state
    const { recorded } = target
    if (recorded !== undefined) {
      const { position = recorded.end } = recorded
      return target.travel(past => past.goTo(position, 'Where the capsule was recorded'), state.frontEnd)
    }
    const { stopOnEntry } = launch
    if (stopOnEntry === false) return target.resume(new Continue(), state.frontEnd)
    if (stopOnEntry !== true) {
      const to = target.program.resolve({ kind: 'function', name: stopOnEntry })
      if (to.kind === 'found') return target.resume(new RunTo(to.addresses, `Run to ${stopOnEntry}`), state.frontEnd)
      state.output(
        `launch.json: "stopOnEntry" is "${stopOnEntry}". ${to.why} Stopped at the entry instead.\n`,
        'important',
      )
    }
    target.reportStop({ reason: 'entry', description: 'Paused on entry', hit: [] })
  }

  return {
    initialize({
      linesStartAt1 = true,
      columnsStartAt1 = true,
      supportsANSIStyling = false,
      supportsProgressReporting = false,
    }) {
      state.lineBase = linesStartAt1 ? 1 : 0
      state.columnBase = columnsStartAt1 ? 1 : 0
      state.hasStyling = supportsANSIStyling
      state.progress.isShown = supportsProgressReporting
      return { ...CAPABILITIES, supportsANSIStyling }
    },

    async launch(args) {
      state.phase = 'launching'
      try {
        given = args
        await load(state, args)
        state.phase = 'configuring'
      } finally {
        if (state.phase === 'launching') state.phase = 'none'
      }
      if (state.launched!.launch.history === 0)
        state.emit('capabilities', {
          capabilities: { supportsStepBack: false, supportsRestartFrame: false },
        } satisfies P.CapabilitiesEvent['body'])
      state.emit('initialized')
      return undefined
    },

    configurationDone() {
      const { target } = state
      state.phase = 'debugging'
      target.breakpoints.settled = true
      state.pushSnapshot()
      start(state.launched!.launch)
      return undefined
    },

    async restart({ arguments: changed }) {
      state.handles.clear()
      // Nothing runs while files are read.
      state.target.hold()
      if (state.keptFlash !== undefined) await state.loading(state.keepFlash())
      try {
        const now = (changed as typeof given | undefined) ?? given
        await load(state, now)
        given = now
      } catch (error) {
        if (!(error instanceof UserError) || state.phase !== 'debugging') throw error
        state.output(`${error.message}. The program as it was read before begins again.\n`, 'important')
        state.target.restart()
      }
      const { launch } = state.launched!
      if (launch.stopOnEntry !== true) state.frontEnd.continued()
      start(launch)
      return undefined
    },

    // Of requests the server knows the numbers (host/dapServer.ts).
    cancel({ progressId }) {
      if (progressId !== undefined) state.progress.giveUp(progressId)
      return undefined
    },

    // At once where nothing is to be written before.
    async disconnect() {
      if (state.keptFlash !== undefined) await state.keepFlash()
      state.dispose()
      return undefined
    },

    async terminate() {
      if (state.keptFlash !== undefined) await state.keepFlash()
      state.end()
      return undefined
    },
  }
}

/** The program with all that belongs to it, ready to be configured, or to begin again. @throws UserError */
async function load(state: SessionState, args: Readonly<Record<string, unknown>>): Promise<void> {
  const launch = parseLaunch(args)
  state.progress.begin({ title: `Loading ${fileName(launch.program || launch.capsule!)}` })
  try {
    await loadWhole(state, args, launch)
  } finally {
    state.progress.end()
  }
}

async function loadWhole(state: SessionState, args: Readonly<Record<string, unknown>>, launch: Launch): Promise<void> {
  const capsule = launch.capsule === undefined ? undefined : openCapsule(await readFile(state, launch.capsule))
  if (capsule !== undefined && launch.history === 0)
    throw badAttribute('history', 0, 'more than 0 where a capsule is gone through')
  const path = launch.program || launch.capsule!
  const name = launch.program === '' ? capsule!.program.name : fileName(path)
  const sources = new Sources(state.host.files, path, launch.sourceMap, text => state.output(`${text}\n`))
  const isProcess = capsule === undefined ? launch.machine === LINUX_USER : capsule.machine.process !== undefined
  const files = isProcess ? processFiles(state, launch, path) : undefined
  if (launch.writable !== undefined) await state.loading(checkWritable(state.host, launch, files))
  const uarts = new UartOutput(state, launch)
  const note = (text: string): void => state.output(`${text}\n`, 'stderr')
  // The program in a capsule is the one; beside another its sources may be found all the same.
  const inside = capsule?.program.bytes
  if (inside === undefined && launch.program === '') throw emptyCapsule(name)
  const bytes = inside ?? (await readProgram(state, launch.program, note))
  if (capsule !== undefined) checkProgram(capsule, bytes, name)
  // Nobody is heard while symbols of that size are read.
  if (bytes.length > LARGE) state.progress.show()
  const elf = await state.loading(openProgram(bytes, name, await debugFiles(state, launch, sources), note))
  const { kernel, machine, ramSize, core, ...settings } = launch
  const chosen = await chooseMachine({ machine, ramSize, core }, path => readFile(state, path))
  const loadable = await state.loading(systemFiles(launch, state.host.files, path => readFile(state, path), note))
  const plain = createDebuggee(elf, {
    ...settings,
    loadable,
    ...chosen,
    ...(kernel && { kernel: await kernelFiles(state, kernel) }),
    interactive: launch.console === 'terminal',
    ...(files && { process: processOptions(launch, files) }),
    ...(capsule && { ...capsule.machine, recorded: capsule }),
    filesMeant: path => sources.meant(path),
    onTransmit: (uart, output) => uarts.write(uart, output),
  })
  const measuring =
    launch.measure.length > 0 ? await state.loading(MeasuredSession.of(plain, launch.measure, sources)) : undefined
  const debuggee = measuring?.debuggee ?? plain
  const before = state.launched?.target
  const own = debuggee.program.symbols.files().map(file => file.path)
  const asked = before?.breakpoints.all.flatMap(({ request }) => (request.kind === 'source' ? request.path : []))
  for (const path of new Set(asked)) await state.loading(sources.learn(path, own))
  const target = before ?? createTarget(state, debuggee)
  state.launched = { launch, target, sources, uarts, files, name, bytes, measuring }
  for (const remark of unknownAttributes(args)) note(remark)
  if (capsule?.breakpoints !== undefined) {
    await offerBreakpoints(state, capsule.breakpoints)
    takeBreakpoints(state, capsule.breakpoints)
  }
  target.breakpoints.reserves = { reserved: launch.reserveSlots, softAllowed: launch.softBreakpoints }
  before?.restart(debuggee)
  if (launch.gdbPort !== undefined) await serveGdb(state, launch.gdbPort)
  for (const problem of debuggee.program.problems) note(`${name}: ${problem}`)
  if (!debuggee.program.hasLines)
    state.output(
      `${name} has no line information: build it with -g to set breakpoints in source files. Breakpoints by function and in the Disassembly view work.\n`,
      'important',
    )
}

/** Those of a capsule are the editor's to set: it is told of them, by its own paths. */
async function offerBreakpoints(state: SessionState, breakpoints: readonly CapsuleBreakpoint[]): Promise<void> {
  const offered = await Promise.all(
    breakpoints.map(async ({ path, ...each }) => {
      const found = path === undefined ? undefined : await state.sources.toClient(path)
      return { ...each, ...(found !== undefined && { path: found }) }
    }),
  )
  const body: OfferedBreakpoints = { breakpoints: offered.filter(({ path, name }) => path ?? name) }
  state.emit(BREAKPOINTS_EVENT, body)
}

/** Those that an editor cannot be offered are set here, for the session. */
function takeBreakpoints(state: SessionState, breakpoints: readonly CapsuleBreakpoint[]): void {
  const requests = breakpoints.flatMap(
    ({ address, data, condition, hitCondition, logMessage }): BreakpointRequest[] => {
      if (address === undefined) return []
      const texts = { condition, hitCondition, logMessage }
      return [
        data === undefined ? { kind: 'instruction', address, ...texts } : { kind: 'data', address, ...data, ...texts },
      ]
    },
  )
  const { target } = state
  for (const { label } of target.breakpoints.replace({ owner: state.frontEnd.name, list: 'capsule' }, requests))
    state.output(`From the capsule, for this session: a breakpoint on ${label}\n`)
  target.replan()
}

/** A program can be debugged without it: where the port cannot be had, that is said. */
async function serveGdb(state: SessionState, port: number): Promise<void> {
  try {
    await state.openGdb(port)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    state.output(`launch.json: "gdbPort". ${error.message}.\n`, 'important')
  }
}

function createTarget(state: SessionState, debuggee: Debuggee): Target {
  const target = new Target(debuggee, {
    schedule: (task, ms) => state.host.schedule(task, ms),
    now: () => state.host.now(),
    // Only a process asks, and it has files.
    answer: request => state.launched!.files!.answer(request),
    outputWait: () => state.launched!.uarts.wait,
  })
  target.join(state.frontEnd)
  return target
}

const processFiles = ({ host }: SessionState, { root }: Launch, path: string): ProcessFiles =>
  new ProcessFiles(host.files, root ?? folderOf(path), path, root !== undefined)

function processOptions({ program, args, env, root }: Launch, { directory }: ProcessFiles): ProcessOptions {
  const name = fileName(program)
  const environment = Object.entries(env).map(each => each.join('='))
  const common = { args: [name, ...args], environment, directory }
  // It may well be outside: then /proc/self/exe alone leads to it.
  if (root !== undefined) return { ...common, executable: program, visible: '/' }
  return { ...common, executable: `${directory}/${name}` }
}

async function kernelFiles(
  state: SessionState,
  { dtb, initrd, append }: NonNullable<Launch['kernel']>,
): Promise<KernelFiles> {
  return {
    deviceTree: await readFile(state, dtb),
    ...(initrd !== undefined && { initrd: await readFile(state, initrd) }),
    append,
  }
}

async function debugFiles(
  state: SessionState,
  { program, symbolFiles }: Launch,
  sources: Sources,
): Promise<DebugFiles> {
  const folder = folderOf(program)
  /** The name is the ELF file's choice. */
  const read = async (name: string) => {
    const names = beneath(folder, name)
    return names && (await wholeFile(state.host.files, { folder, names }).catch(() => undefined))
  }
  return {
    named: await Promise.all(
      symbolFiles.map(async path => ({ name: fileName(path), bytes: await readFile(state, path) })),
    ),
    beside: async name => (name.includes('/') ? undefined : ((await read(name)) ?? (await read(`.debug/${name}`)))),
    async *places(path) {
      for await (const name of sources.places(path))
        yield { name, read: () => wholeFile(state.host.files, name).catch(() => undefined) }
    },
  }
}

/** An ELF file as it is; a source in assembly and the image of a boot ROM as the program that they make. @throws UserError */
async function readProgram(state: SessionState, path: string, note: (text: string) => void): Promise<Uint8Array> {
  const bytes = await readFile(state, path)
  if (isFlatImage(path, bytes)) return programOfImage(bytes, path)
  if (!isAssembly(path)) return bytes
  const { file, warnings } = await programOf(bytes, path, async name => {
    const names = beneath(folderOf(path), name)
    if (names === undefined) throw new Error('it is not beneath the folder of the source')
    return new TextDecoder().decode(await state.loading(wholeFile(state.host.files, { folder: folderOf(path), names })))
  })
  for (const warning of warnings) note(warning)
  return file
}

async function readFile(state: SessionState, path: string): Promise<Uint8Array> {
  try {
    return await state.loading(wholeFile(state.host.files, path))
  } catch (error) {
    if (error instanceof UserError) throw error
    throw unreadable(path, error instanceof Error ? error.message : String(error))
  }
}
