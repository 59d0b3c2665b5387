// A DAP client in memory: a session with files of this machine, its events kept, every answer at hand.

import { resolve } from 'node:path'
import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { ClientFiles, SessionHost } from '../../src/dap/host.ts'
import { Session } from '../../src/dap/session.ts'
import type { DapRequests } from '../../src/dap/types.ts'
import { nodeTiming } from '../../src/host/node.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { until } from '../e2e/support/until.ts'

/** A program that needs little: no debug information beyond lines, 2 MB of RAM. */
export const SMALL = resolve('examples/asm/primes.elf')

export interface DapEvent {
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ with the event, and a test knows which it waits for
  readonly body: any
}

export class DapClient {
  readonly session: Session
  readonly events: DapEvent[] = []
  #read = 0

  constructor(files: ClientFiles = nodeFiles, more: Partial<SessionHost> = {}) {
    this.session = new Session({
      files,
      emit: (event, body) => void this.events.push({ event, body: structuredClone(body) }),
      ...nodeTiming,
      ...more,
    })
  }

  async ask<R extends keyof DapRequests>(command: R, args?: DapRequests[R]['args']): Promise<DapRequests[R]['body']> {
    return (await this.session.request(command, args ?? {})) as DapRequests[R]['body']
  }

  /** The next event of this kind after those already taken. */
  async next(event: string): Promise<DapEvent['body']> {
    return await until(`the event "${event}"`, () => {
      const at = this.events.findIndex((each, i) => i >= this.#read && each.event === event)
      if (at < 0) return undefined
      this.#read = at + 1
      return { body: this.events[at]!.body }
    }).then(({ body }) => body)
  }

  /** Launches as VS Code does; breakpoints by file. @returns the verdicts by file. */
  async launch(
    program: string,
    {
      breakpoints = {},
      ...launch
    }: { breakpoints?: Record<string, readonly (number | P.SourceBreakpoint)[]> } & Record<string, unknown> = {},
  ): Promise<Record<string, P.Breakpoint[]>> {
    await this.ask('initialize', { adapterID: 'ppc440' })
    await this.ask('launch', { program, ...launch })
    await this.next('initialized')
    const answers = await Promise.all(
      Object.entries(breakpoints).map(async ([path, lines]) => {
        const wanted = lines.map(line => (typeof line === 'number' ? { line } : line))
        const { breakpoints } = await this.ask('setBreakpoints', { source: { path }, breakpoints: wanted })
        return [path, breakpoints] as const
      }),
    )
    await this.ask('configurationDone')
    return Object.fromEntries(answers)
  }

  /** The first event of these two from number `from` on. */
  async either(one: string, other: string, from: number): Promise<DapEvent> {
    const isWanted = ({ event }: DapEvent): boolean => event === one || event === other
    return await until(`the event "${one}" or "${other}"`, () => this.events.slice(from).find(isWanted))
  }

  stopped(): Promise<P.StoppedEvent['body']> {
    return this.next('stopped')
  }

  /** The program has come to a loop that nothing can end. */
  async idle(): Promise<P.StoppedEvent['body']> {
    const stop = await this.stopped()
    if (stop.description !== 'Idle forever') throw new Error(`stopped by: ${stop.description}`)
    return stop
  }

  async step(
    command: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'stepBack' | 'reverseContinue',
    granularity?: P.SteppingGranularity,
  ) {
    await this.ask(command, { threadId: 1, ...(granularity && { granularity }) })
    return await this.stopped()
  }

  async stack(): Promise<P.StackFrame[]> {
    return (await this.ask('stackTrace', { threadId: 1 })).stackFrames
  }

  /** Where the program stands: `orders.c:38`. */
  async where(): Promise<string> {
    const [{ source, line, name }] = await this.stack()
    return source === undefined ? name : `${source.name}:${line}`
  }

  /** The rows of a scope of a frame, by name. */
  async scope(name: RegExp, frame = 0): Promise<P.Variable[]> {
    const frameId = (await this.stack())[frame]!.id
    const { scopes } = await this.ask('scopes', { frameId })
    const scope = scopes.find(each => name.test(each.name))
    if (scope === undefined) throw new Error(`no scope ${name} among ${scopes.map(each => each.name).join()}`)
    return await this.children(scope)
  }

  async children({ variablesReference }: { variablesReference: number }): Promise<P.Variable[]> {
    return (await this.ask('variables', { variablesReference })).variables
  }

  async evaluate(expression: string, context: 'watch' | 'hover' | 'repl' = 'watch'): Promise<string> {
    const frameId = (await this.stack())[0]!.id
    return (await this.ask('evaluate', { expression, context, frameId })).result
  }
}
