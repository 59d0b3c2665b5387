// A scripted session at a target: commands one after the other, what happens as records.

import type { BreakpointRequest, DataRequest } from '../debuggee/breakpoints.ts'
import { contextHere, evaluate } from '../debuggee/evaluation.ts'
import type { FrontEnd } from '../debuggee/frontEnd.ts'
import { Continue, type Goal } from '../debuggee/steps/goal.ts'
import { NextInstruction, StepInstruction } from '../debuggee/steps/instruction.ts'
import { StepLine } from '../debuggee/steps/line.ts'
import { StepOut } from '../debuggee/steps/out.ts'
import { RunTo } from '../debuggee/steps/runBack.ts'
import type { End, Stop } from '../debuggee/stop.ts'
import type { Target } from '../debuggee/target.ts'
import { compile } from '../expr/compile.ts'
import { typesHere } from '../expr/context.ts'
import { fileName } from '../util/fileName.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import type { ScriptCommand, ScriptLine, StepKind } from './parse.ts'

/** One line of output. The names are part of what is documented (docs/cli.md). */
export type ScriptRecord =
  | { readonly event: 'breakpoint'; readonly id: number; readonly what: string; readonly message: string }
  | {
      readonly event: 'stop'
      readonly reason: string
      readonly why: string
      readonly text?: string
      readonly pc: string
      readonly function?: string
      readonly file?: string
      readonly line?: number
      readonly instructions: number
      readonly hit: readonly number[]
      readonly shown: Readonly<Record<string, string>>
    }
  | { readonly event: 'value'; readonly expression: string; readonly value: string; readonly type?: string }
  | {
      readonly event: 'expect'
      readonly what: string
      readonly met: boolean
      readonly why?: string
      readonly place: string
    }
  | { readonly event: 'output'; readonly text: string }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'exit'; readonly status: number; readonly text: string; readonly instructions: number }
  | { readonly event: 'error'; readonly place: string; readonly text: string }
  | { readonly event: 'end'; readonly met: number; readonly failed: number; readonly status: number }

/** Exit statuses of the command. */
export const SCRIPT_STATUS = { met: 0, failed: 1, limit: 124, ours: 125 } as const

const GOALS: Readonly<Record<StepKind, () => Goal>> = {
  step: () => new StepLine(true),
  next: () => new StepLine(false),
  finish: () => new StepOut(),
  stepi: () => new StepInstruction(),
  nexti: () => new NextInstruction(),
}

/** Bytes of what the program has written that an expectation can be about. */
const MOST_OUTPUT = 1 << 20

export class ScriptSession implements FrontEnd {
  readonly name = 'script'
  readonly #target: Target
  readonly #emit: (record: ScriptRecord) => void
  readonly #shown: string[] = []
  #requests: readonly BreakpointRequest[] = []
  #end: End | undefined
  #waiting: (() => void) | undefined
  /** Instructions after which a run is ended. */
  #limit = Number.POSITIVE_INFINITY
  #written = ''
  #met = 0
  #failed = 0
  #ranOut = false

  constructor(target: Target, emit: (record: ScriptRecord) => void) {
    this.#target = target
    this.#emit = emit
    target.breakpoints.settled = true
    target.join(this)
  }

  /** To be asked before every slice of the program. */
  beforeSlice(): void {
    if (this.#target.machine.retired >= this.#limit) this.#target.pause()
  }

  /** What the program has written. */
  wrote(text: string): void {
    this.#written = (this.#written + text).slice(-MOST_OUTPUT)
    this.#emit({ event: 'output', text })
  }

  /** @returns the exit status */
  async run(lines: readonly ScriptLine[]): Promise<number> {
    let status: number | undefined
    for (const line of lines) {
      try {
        await this.#do(line.command, line)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        this.#emit({ event: 'error', place: line.place, text: error.message })
        status = SCRIPT_STATUS.ours
        break
      }
      if (this.#ranOut) {
        status = SCRIPT_STATUS.limit
        break
      }
    }
    status ??= this.#failed > 0 ? SCRIPT_STATUS.failed : SCRIPT_STATUS.met
    this.#emit({ event: 'end', met: this.#met, failed: this.#failed, status })
    this.#target.dispose(this)
    return status
  }

  async #do(command: ScriptCommand, line: ScriptLine): Promise<void> {
    switch (command.kind) {
      case 'break':
        return this.#set(command.request, command.location)
      case 'watch':
        return this.#set(this.#watch(command.expression, command.access, command.condition), command.expression)
      case 'delete':
        return this.#delete(command.which)
      case 'continue':
        return await this.#go(new Continue(), line.place, command.within)
      case 'until': {
        const place = this.#target.program.resolve(command.request)
        if (place.kind === 'nowhere') throw new UserError('nowhere', place.why, 'choose another place')
        return await this.#go(new RunTo(place.addresses, `Run to ${command.location}`), line.place, command.within)
      }
      case 'step':
        return await this.#go(GOALS[command.how](), line.place)
      case 'print': {
        const { value, type } = this.#evaluate(command.expression)
        return this.#emit({
          event: 'value',
          expression: command.expression,
          value,
          ...(type !== undefined && { type }),
        })
      }
      case 'show':
        return void this.#shown.push(command.expression)
      case 'set':
        return void this.#target.writing(() => this.#evaluate(command.expression, true))
      case 'input':
        return this.#target.type(0, [...new TextEncoder().encode(`${command.text}\n`)])
      case 'expectAt':
        return this.#expect(line, this.#isAt(command.request), `it stands at ${this.#here()}`)
      case 'expectExit':
        return this.#expect(line, this.#end?.exitCode === command.status, this.#howItEnded())
      case 'expectOutput':
        return this.#expect(line, this.#written.includes(command.text), 'it has not written that')
      case 'expect':
        return this.#expectTruth(line, command.expression)
    }
  }

  // ---- breakpoints ------------------------------------------------------------------------------------------------

  #set(request: BreakpointRequest, what: string): void {
    const before = this.#requests
    const added = this.#plan([...before, request]).at(-1)!
    if (!added.verified) {
      this.#plan(before)
      // What is to be written into launch.json is no advice for a script.
      const why = added.message.split(/(?<=\.) /).filter(sentence => !sentence.includes('launch.json'))
      throw new UserError('no-breakpoint', `there is no breakpoint for ${what}`, why.join(' '))
    }
    this.#emit({ event: 'breakpoint', id: added.id, what, message: added.message })
  }

  #plan(requests: readonly BreakpointRequest[]) {
    this.#requests = requests
    const { breakpoints } = this.#target
    const planned = breakpoints.replace({ owner: this.name, list: 'all' }, requests)
    this.#target.replan(planned)
    return planned
  }

  #delete(which: number | 'all' | 'last'): void {
    if (which === 'all') return void this.#plan([])
    if (which === 'last') return void this.#plan(this.#requests.slice(0, -1))
    const kept = this.#target.breakpoints.all.filter(({ id }) => id !== which)
    if (kept.length === this.#requests.length)
      throw new UserError('no-breakpoint', `there is no breakpoint ${which}`, 'each says its number when it is set')
    this.#plan(kept.map(({ request }) => request))
  }

  #watch(expression: string, access: DataRequest['access'], condition: string | undefined): DataRequest {
    const { place, size } = this.#evaluate(expression)
    if (place === undefined || size === undefined)
      throw new UserError('not-in-memory', `${expression} does not lie in memory`, 'watch a variable that does')
    const process = this.#target.machine.process?.pid
    return { kind: 'data', address: place, size, access, label: expression, condition, process }
  }

  // ---- running ----------------------------------------------------------------------------------------------------

  async #go(goal: Goal, place: string, within?: number): Promise<void> {
    if (this.#end !== undefined) throw new UserError('ended', 'the program has ended', 'nothing can go on after that')
    const start = this.#target.machine.retired
    this.#limit = within === undefined ? Number.POSITIVE_INFINITY : start + within
    const happened = new Promise<void>(resume => (this.#waiting = resume))
    this.#target.resume(goal, this)
    await happened
    const taken = this.#target.machine.retired - start
    if (within === undefined || taken <= within) return
    this.#ranOut = true
    this.#failed++
    const why = `${taken} instructions have been executed`
    this.#emit({ event: 'expect', what: `a stop within ${within} instructions`, met: false, why, place })
  }

  #here(): string {
    return this.#end === undefined ? this.#target.program.describe(this.#target.pc) : 'its end'
  }

  /** At an address of a breakpoint there, or for a function, within it. */
  #isAt(request: BreakpointRequest): boolean {
    if (this.#end !== undefined) return false
    const { program, pc } = this.#target
    const place = program.resolve(request)
    if (place.kind === 'found' && place.addresses.includes(pc)) return true
    if (request.kind === 'function') return program.symbols.functionAt(pc)?.name === request.name
    if (request.kind !== 'source') return false
    const here = program.lineAt(pc)
    return here !== undefined && here.line === request.line && fileName(here.path) === fileName(request.path)
  }

  // ---- expressions ------------------------------------------------------------------------------------------------

  #context() {
    if (this.#end !== undefined) throw new UserError('ended', 'the program has ended', 'ask before that')
    return contextHere(this.#target.machine, this.#target.program)
  }

  #evaluate(expression: string, assignment = false) {
    return evaluate(this.#context(), expression, { assignment })
  }

  #expectTruth(line: ScriptLine, expression: string): void {
    if (this.#end !== undefined) return this.#expect(line, false, 'the program has ended')
    const context = this.#context()
    const holds = compile(expression, { types: typesHere(context) }).truth(context)
    const values = holds ? '' : this.#operands(expression)
    this.#expect(line, holds, values)
  }

  /** What the two sides of a comparison are, for whoever asks why it does not hold. */
  #operands(expression: string): string {
    const [, left] = /^(.+?)\s*(?:==|!=|<=|>=|<|>)/.exec(expression) ?? []
    try {
      return left === undefined ? 'it is false' : `${left} is ${this.#evaluate(left).value}`
    } catch {
      return 'it is false'
    }
  }

  #expect({ text, place }: ScriptLine, met: boolean, why: string): void {
    if (met) this.#met++
    else this.#failed++
    this.#emit({ event: 'expect', what: text.replace(/^expect\s+/, ''), met, ...(met ? {} : { why }), place })
  }

  #howItEnded(): string {
    return this.#end === undefined ? `it stands at ${this.#here()}` : this.#end.text
  }

  // ---- what the target tells --------------------------------------------------------------------------------------

  continued(): void {}

  stopped(stop: Stop): void {
    const { program, pc, machine } = this.#target
    const place = program.lineAt(pc)
    const name = program.symbols.functionAt(pc)?.name ?? program.symbols.symbolAt(pc)?.name
    this.#emit({
      ...{ event: 'stop', reason: stop.reason, why: stop.description },
      ...(stop.text !== undefined && { text: stop.text }),
      pc: hex32(pc),
      ...(name !== undefined && { function: name }),
      ...(place !== undefined && { file: place.path, line: place.line }),
      ...{ instructions: machine.retired, hit: stop.hit, shown: this.#showing() },
    })
    this.#waiting?.()
  }

  #showing(): Record<string, string> {
    const shown = (expression: string): string => {
      try {
        return this.#evaluate(expression).value
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return `<${error.message}>`
      }
    }
    return Object.fromEntries(this.#shown.map(expression => [expression, shown(expression)]))
  }

  ended(end: End): void {
    this.#end = end
    const { retired } = this.#target.machine
    this.#emit({ event: 'exit', status: end.exitCode, text: end.text, instructions: retired })
    this.#waiting?.()
  }

  replanned(): void {}

  note(text: string): void {
    this.#emit({ event: 'note', text })
  }

  traced(): void {}
  written(): void {}
}
