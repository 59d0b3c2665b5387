import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { readElf } from '../../elf/elf.ts'
import { ElfError } from '../../elf/error.ts'
import type { ElfFile } from '../../elf/types.ts'
import { Machine } from '../../machine/machine.ts'
import { UART_EVENT } from '../../protocol/messages.ts'
import { Program } from '../../target/program.ts'
import { Continue } from '../../target/stepping.ts'
import { Target } from '../../target/target.ts'
import { badProgram, unreadable } from '../errors.ts'
import { type Launch, parseLaunch } from '../launchArguments.ts'
import { fileName, type SessionState } from '../sessionState.ts'
import { Sources } from '../sources.ts'
import type { Handlers } from '../types.ts'

type Handled = 'initialize' | 'launch' | 'configurationDone' | 'disconnect' | 'terminate' | 'restart'

const CAPABILITIES: P.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsInstructionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportTerminateDebuggee: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsSteppingGranularity: true,
  supportsDelayedStackTraceLoading: true,
}

export function launchHandlers(state: SessionState): Pick<Handlers, Handled> {
  const start = (launch: Launch): void => {
    const { target } = state
    if (launch.stopOnEntry) target.reportStop({ reason: 'entry', description: 'Paused on entry', hit: [] })
    else target.resume(new Continue())
  }

  return {
    initialize({ linesStartAt1 = true, columnsStartAt1 = true }) {
      state.lineBase = linesStartAt1 ? 1 : 0
      state.columnBase = columnsStartAt1 ? 1 : 0
      return CAPABILITIES
    },

    async launch(args) {
      const launch = parseLaunch(args)
      const elf = await readProgram(state, launch.program)
      const sources = new Sources(state.host.files, launch.program, launch.sourceMap)
      const program = new Program(elf, path => sources.toProgram(path))
      const target = new Target(() => createMachine(state, launch, elf), program, state.targetHost())
      target.breakpoints.reserved = launch.reserveSlots
      state.launched = { launch, target, sources }
      for (const problem of program.problems) state.output(`${fileName(launch.program)}: ${problem}\n`, 'stderr')
      if (!program.hasLines)
        state.output(
          `${fileName(launch.program)} has no line information: build it with -g to set breakpoints in source files. Breakpoints by function and in the Disassembly view work.\n`,
          'important',
        )
      state.emit('initialized')
      return undefined
    },

    configurationDone() {
      const { target } = state
      target.breakpoints.settled = true
      state.pushSnapshot()
      start(state.launched!.launch)
      return undefined
    },

    restart() {
      state.handles.clear()
      state.target.restart()
      start(state.launched!.launch)
      return undefined
    },

    disconnect() {
      state.dispose()
      return undefined
    },

    terminate() {
      state.target.dispose()
      state.emit('terminated', {})
      return undefined
    },
  }
}

async function readProgram(state: SessionState, path: string): Promise<ElfFile> {
  let bytes: Uint8Array
  try {
    bytes = await state.host.files.read(path)
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error))
  }
  try {
    return readElf(bytes, fileName(path))
  } catch (error) {
    if (error instanceof ElfError) throw badProgram(fileName(path), error.message)
    throw error
  }
}

/** A machine whose serial ports speak to the client: as output of the program, or as bytes for a terminal view. */
function createMachine(state: SessionState, launch: Launch, elf: ElfFile): Machine {
  const machine = new Machine(launch, elf)
  const decoder = new TextDecoder()
  machine.uarts.forEach((uart, index) => {
    let waiting: number[] = []
    const flush = (): void => {
      const data = waiting
      waiting = []
      if (launch.console === 'terminal') state.emit(UART_EVENT, { uart: index, data })
      else state.output(decoder.decode(new Uint8Array(data), { stream: true }).replaceAll('\r', ''), 'stdout')
    }
    uart.onTransmit = byte => {
      if (waiting.length === 0) state.host.schedule(flush)
      waiting.push(byte)
    }
  })
  return machine
}
