// A client without sense: requests of every kind in any order, with arguments that are right, nearly right or wild.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { LEGAL } from '../../../src/dap/lifecycle.ts'
import { PROTOCOL_SHAPES } from '../../../src/dap/protocolShapes.generated.ts'
import { Session } from '../../../src/dap/session.ts'
import type { DapRequests } from '../../../src/dap/types.ts'
import { UserError } from '../../../src/util/userError.ts'
import { bytesOf, writeElf } from '../../support/elf.ts'
import type { Random } from '../../support/random.ts'
import { InMemory } from '../inMemory.ts'
import type { Surface } from '../surface.ts'
import { valueFor, wild } from '../values.ts'

const CODE = 0x1000

/** What a program of a few instructions may be about. */
const PROGRAMS = new Map(
  Object.entries({
    // addi r3,r3,1; stw r3,0x2000(0); b back
    counts: [0x3863_0001, 0x9060_2000, 0x4bff_fff8],
    // b .
    idles: [0x4800_0000],
    // bl +8; trap; blr
    calls: [0x4800_0009, 0x7fe0_0008, 0x4e80_0020],
    // an opcode that is none, and system calls
    fails: [0x4400_0002, 0x0000_0000],
  }).map(([name, words]) => [`/${name}.elf`, writeElf(CODE, [{ address: CODE, bytes: bytesOf(words) }])]),
)

const COMMANDS = Object.keys(LEGAL) as (keyof DapRequests)[]
/** Those that lead somewhere come more often than those that end it. */
const FREQUENT: readonly (keyof DapRequests)[] = [
  ...(['continue', 'next', 'stepIn', 'pause', 'stackTrace', 'scopes', 'variables', 'evaluate', 'setVariable'] as const),
  ...(['setBreakpoints', 'setInstructionBreakpoints', 'setFunctionBreakpoints', 'setDataBreakpoints'] as const),
]

class Client {
  readonly #random: Random
  readonly #host: InMemory
  readonly #session: Session
  /** What answers brought, to be asked about. */
  readonly #references: number[] = [1]
  readonly #frames: number[] = [1]
  readonly #names: string[] = ['r3']

  constructor(random: Random) {
    this.#random = random
    this.#host = new InMemory(PROGRAMS)
    this.#session = new Session(this.#host)
  }

  async run(): Promise<void> {
    const random = this.#random
    if (random.chance(95)) {
      await this.#ask('initialize', { adapterID: 'x', linesStartAt1: random.chance(50) })
      await this.#ask('launch', this.#launch())
      for (let i = random.below(4); i > 0; i--) await this.#askAny()
      if (random.chance(95)) await this.#ask('configurationDone', {})
    }
    for (let i = 10 + random.below(30); i > 0; i--) {
      await this.#askAny()
      if (random.chance(30)) this.#host.turn()
    }
    await this.#ask('disconnect', {})
    for (let i = 0; i < 10; i++) this.#host.turn()
    if (this.#host.waiting > 0) throw new Error('something goes on after the client has left')
  }

  #launch(): object {
    const random = this.#random
    return {
      program: random.pick([...PROGRAMS.keys()]),
      memory: '64K',
      stopOnEntry: random.chance(60),
      softBreakpoints: random.chance(30),
      console: random.pick(['debugConsole', 'terminal']),
      ...(random.chance(5) && { machine: 'linux-user' }),
    }
  }

  async #askAny(): Promise<void> {
    const random = this.#random
    if (random.chance(15)) return await this.#look()
    const command = random.chance(60) ? random.pick(FREQUENT) : random.pick(COMMANDS)
    if ((command === 'disconnect' || command === 'terminate') && random.chance(90)) return
    const seen = {
      frames: this.#frames.slice(-3),
      references: this.#references.slice(-5),
      names: this.#names.slice(-20),
    }
    let args: unknown = valueFor(PROTOCOL_SHAPES[command], '', random, seen)
    if (random.chance(3)) args = wild(random)
    await this.#ask(command, args)
  }

  /** As the editor does at a stop: from the stack to what is in a frame. */
  async #look(): Promise<void> {
    await this.#ask('pause', { threadId: 1 })
    this.#host.turn()
    await this.#ask('stackTrace', { threadId: 1 })
    await this.#ask('scopes', { frameId: this.#frames.at(-1) })
    const variablesReference = this.#random.pick(this.#references.slice(-4))
    await this.#ask('variables', { variablesReference })
    const name = this.#random.pick(this.#names.slice(-8))
    const value = valueFor('text', 'value', this.#random, { frames: [], references: [], names: [] })
    if (this.#random.chance(40)) await this.#ask('setVariable', { variablesReference, name, value })
  }

  async #ask(command: string, args: unknown): Promise<void> {
    try {
      const body = (await this.#session.request(command, args)) as Record<string, unknown> | undefined
      JSON.stringify(body)
      this.#remember(body)
    } catch (error) {
      if (!(error instanceof UserError))
        throw new Error(`${command} ${JSON.stringify(args)}`.slice(0, 1000), { cause: error })
      if (/undefined|\[object/.test(error.message))
        throw new Error(`${command} ${JSON.stringify(args)} says "${error.message}"`.slice(0, 1000))
    }
  }

  #remember(body: Record<string, unknown> | undefined): void {
    for (const { name } of (body?.variables ?? []) as P.Variable[]) this.#names.push(name)
    for (const { id } of (body?.stackFrames ?? []) as P.StackFrame[]) this.#frames.push(id)
    for (const each of [body, ...((body?.scopes ?? body?.variables ?? []) as P.Scope[])])
      if (Number(each?.variablesReference) > 0) this.#references.push(Number(each!.variablesReference))
  }
}

export const surface: Surface = {
  small: 400,
  run: random => new Client(random).run(),
}
