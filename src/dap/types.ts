// Requests by command, with the types of their arguments and response bodies. A handler sees no sequence numbers.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type {
  AddressAnswer,
  AddressArguments,
  BackArguments,
  CapsuleAnswer,
  CapsuleArguments,
  GdbPortAnswer,
  GdbPortRequest,
  GoToArguments,
  LastWriteArguments,
  MemoryArguments,
  MemoryContents,
  RunToArguments,
  ShownDevices,
  Snapshot,
  Timeline,
  TimelineArguments,
  TraceSwitch,
  TrapWordArguments,
  UartInput,
} from '../protocol/messages.ts'

type Body<R extends P.Response> = R['body']

export interface DapRequests {
  initialize: { args: P.InitializeRequestArguments; body: P.Capabilities }
  /** What is in them is declared in launchAttributes.ts. */
  launch: { args: Readonly<Record<string, unknown>>; body: undefined }
  configurationDone: { args: undefined; body: undefined }
  disconnect: { args: P.DisconnectArguments; body: undefined }
  terminate: { args: P.TerminateArguments; body: undefined }
  restart: { args: P.RestartArguments; body: undefined }
  cancel: { args: P.CancelArguments; body: undefined }

  setBreakpoints: { args: P.SetBreakpointsArguments; body: Body<P.SetBreakpointsResponse> }
  setFunctionBreakpoints: { args: P.SetFunctionBreakpointsArguments; body: Body<P.SetFunctionBreakpointsResponse> }
  setInstructionBreakpoints: {
    args: P.SetInstructionBreakpointsArguments
    body: Body<P.SetInstructionBreakpointsResponse>
  }
  breakpointLocations: { args: P.BreakpointLocationsArguments; body: Body<P.BreakpointLocationsResponse> }
  dataBreakpointInfo: { args: P.DataBreakpointInfoArguments; body: Body<P.DataBreakpointInfoResponse> }
  setDataBreakpoints: { args: P.SetDataBreakpointsArguments; body: Body<P.SetDataBreakpointsResponse> }
  setExceptionBreakpoints: { args: P.SetExceptionBreakpointsArguments; body: Body<P.SetExceptionBreakpointsResponse> }
  exceptionInfo: { args: P.ExceptionInfoArguments; body: Body<P.ExceptionInfoResponse> }

  continue: { args: P.ContinueArguments; body: Body<P.ContinueResponse> }
  next: { args: P.NextArguments; body: undefined }
  stepIn: { args: P.StepInArguments; body: undefined }
  stepInTargets: { args: P.StepInTargetsArguments; body: Body<P.StepInTargetsResponse> }
  stepOut: { args: P.StepOutArguments; body: undefined }
  restartFrame: { args: P.RestartFrameArguments; body: undefined }
  pause: { args: P.PauseArguments; body: undefined }
  gotoTargets: { args: P.GotoTargetsArguments; body: Body<P.GotoTargetsResponse> }
  goto: { args: P.GotoArguments; body: undefined }
  stepBack: { args: P.StepBackArguments; body: undefined }
  reverseContinue: { args: P.ReverseContinueArguments; body: undefined }
  threads: { args: undefined; body: Body<P.ThreadsResponse> }

  stackTrace: { args: P.StackTraceArguments; body: Body<P.StackTraceResponse> }
  scopes: { args: P.ScopesArguments; body: Body<P.ScopesResponse> }
  variables: { args: P.VariablesArguments; body: Body<P.VariablesResponse> }
  setVariable: { args: P.SetVariableArguments; body: Body<P.SetVariableResponse> }
  setExpression: { args: P.SetExpressionArguments; body: Body<P.SetExpressionResponse> }
  evaluate: { args: P.EvaluateArguments; body: Body<P.EvaluateResponse> }
  completions: { args: P.CompletionsArguments; body: Body<P.CompletionsResponse> }

  readMemory: { args: P.ReadMemoryArguments; body: Body<P.ReadMemoryResponse> }
  writeMemory: { args: P.WriteMemoryArguments; body: Body<P.WriteMemoryResponse> }
  disassemble: { args: P.DisassembleArguments; body: Body<P.DisassembleResponse> }
  locations: { args: P.LocationsArguments; body: Body<P.LocationsResponse> }
  loadedSources: { args: undefined; body: Body<P.LoadedSourcesResponse> }
  source: { args: P.SourceArguments; body: Body<P.SourceResponse> }

  'ppc440/snapshot': { args: undefined; body: Snapshot }
  'ppc440/devices': { args: undefined; body: ShownDevices }
  'ppc440/memory': { args: MemoryArguments; body: MemoryContents }
  'ppc440/address': { args: AddressArguments; body: AddressAnswer }
  'ppc440/trapWord': { args: TrapWordArguments; body: undefined }
  'ppc440/runTo': { args: RunToArguments; body: undefined }
  'ppc440/timeline': { args: TimelineArguments; body: Timeline }
  'ppc440/goTo': { args: GoToArguments; body: undefined }
  'ppc440/back': { args: BackArguments; body: undefined }
  'ppc440/capsule': { args: CapsuleArguments; body: CapsuleAnswer }
  'ppc440/lastWrite': { args: LastWriteArguments; body: undefined }
  'ppc440/gdb': { args: GdbPortRequest; body: GdbPortAnswer }
  'ppc440/trace': { args: TraceSwitch; body: undefined }
  'ppc440/uartInput': { args: UartInput; body: undefined }
}

export type Handlers = {
  readonly [R in keyof DapRequests]: (
    args: DapRequests[R]['args'],
  ) => Promise<DapRequests[R]['body']> | DapRequests[R]['body']
}
