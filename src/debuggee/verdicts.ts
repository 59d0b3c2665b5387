// From an exit of the machine to what the user is told.

import type { Context } from '../expr/context.ts'
import { DAC_BITS, IAC_BITS } from '../isa/comparators.ts'
import { INTERRUPTS, interruptName } from '../isa/interrupts.ts'
import { fieldsSet } from '../isa/register.ts'
import { DBSR } from '../isa/registers.ts'
import type { KvmDebugExitArch } from '../kvm/abi.ts'
import { signalName } from '../linux/signals.ts'
import type { Machine, MachineExit } from '../machine/machine.ts'
import { momentOf } from '../machine/moment.ts'
import { readRegister, vectorOf } from '../machine/registers.ts'
import { resetText } from '../machine/restart.ts'
import { hex32 } from '../util/hex.ts'
import type { Breakpoint } from './breakpoints.ts'
import type { ConditionContexts } from './conditionContexts.ts'
import { answerOf, logText } from './conditions.ts'
import type { HitTime } from './hitCount.ts'
import type { Program } from './program.ts'
import { DAC_SLOTS, IAC_SLOTS, type Slot } from './slots.ts'
import { stopped, type Verdict } from './stop.ts'

/** Those of `reached` that want to stop, by condition and hit count; what is a log point speaks. */
export function wanting<B extends Breakpoint>(
  reached: readonly B[],
  place: HitPlace,
  time: HitTime = 'before',
): readonly B[] {
  return reached.filter(breakpoint => wantsStop(breakpoint, place, time))
}

/** A breakpoint is hit in a program that stands somewhere, and what it has to say goes to the console. */
export interface HitPlace {
  readonly machine: Machine
  readonly program: Program
  readonly contexts: ConditionContexts
  readonly note: (text: string) => void
}

/** A stop by breakpoints on the instruction at PC. */
export function codeStop(hit: readonly Breakpoint[], { dbsr }: KvmDebugExitArch, machine: Machine): Verdict {
  const pc = hex32(machine.cpu.pc)
  const iacs = slotsOf(dbsr).filter(slot => slot.startsWith('IAC'))
  const description = dbsr === 0 ? `Trap word at ${pc}` : `${iacs.join(' and ')} matched ${pc}`
  return stopped({ reason: 'breakpoint', description, text: withDbsr(description, dbsr), hit: hit.map(({ id }) => id) })
}

/** A stop by a Debug event that no breakpoint has asked for. */
export function eventStop({ dbsr }: KvmDebugExitArch): Verdict {
  const description = `Debug event: ${fieldsSet(DBSR, dbsr).join(', ')}`
  return stopped({ reason: 'breakpoint', description, text: withDbsr(description, dbsr), hit: [] })
}

/** A stop by data breakpoints. @param what `a write to 0x00103000: queue.length`, or what changed */
export function dataStop(
  hit: readonly Breakpoint[],
  what: string,
  dbsr: number,
  { more = '', accessed }: { readonly more?: string; readonly accessed?: number } = {},
): Verdict {
  const dacs = slotsOf(dbsr).filter(slot => slot.startsWith('DAC'))
  const description = `${dacs.join(' and ')} matched ${what}`
  const text = `${withDbsr(description, dbsr)}${more}`
  const ids = hit.map(({ id }) => id)
  return stopped({
    reason: 'data breakpoint',
    description,
    text,
    hit: ids,
    ...(accessed !== undefined && { accessed }),
  })
}

const withDbsr = (description: string, dbsr: number): string =>
  `${description}; DBSR = ${hex32(dbsr)} (${fieldsSet(DBSR, dbsr).join(', ')})`

/** DBSR bits of each comparator. */
const EVENTS = new Map<Slot, number>([
  ...IAC_SLOTS.map((slot, n) => [slot, IAC_BITS[n]] as const),
  ...DAC_SLOTS.map((slot, n) => [slot, DAC_BITS[n]] as const),
])

/** The comparators whose bits are set. */
export const slotsOf = (dbsr: number): readonly Slot[] =>
  [...EVENTS].filter(([, bits]) => (dbsr & bits) !== 0).map(([slot]) => slot)

/** The program has put the core into external debug mode itself; on a board a probe would now have to come. */
export function stopStateReached(machine: Machine): Verdict {
  const dbsr = readRegister(machine.vcpu, 'DBSR') ?? 0
  return stopped({
    reason: 'exception',
    description: 'The core is in its stop state',
    text: `The program uses the debug facility itself, and an event (DBSR = ${hex32(dbsr)}: ${fieldsSet(DBSR, dbsr).join(', ')}) stopped the core: DBCR0[EDM] or MSR[DWE] asks for that. Clear DBCR0 to go on.`,
    hit: [],
  })
}

/** Asks condition, then hit count; a log point speaks and never stops. */
function wantsStop(breakpoint: Breakpoint, { machine, program, contexts, note }: HitPlace, time: HitTime): boolean {
  const { request, resolution, label } = breakpoint
  if (resolution.kind === 'nowhere' || !program.isThere(request, machine.cpu.pc >>> 0)) return false
  if (request.kind === 'instruction' && request.holds?.(machine) === false) return false
  const { condition, wantsHit, log } = resolution.conditions
  const context = (): Context => contexts.here(request.kind === 'source' ? request.path : undefined)
  const answer = answerOf(condition, context, label, note)
  if (answer !== true) return answer === undefined
  const hits = breakpoint.count.hit(momentOf(machine), time)
  if (wantsHit !== undefined && (hits === 0 || !wantsHit(hits))) return false
  if (log !== undefined) note(logText(log, context()))
  return log === undefined
}

/** A stop before the thread takes a signal. */
export function signalStop({ info }: MachineExit & { kind: 'signalDue' }, machine: Machine, program: Program): Verdict {
  const name = signalName(info.signal)
  const where = program.describe(machine.cpu.pc >>> 0)
  const { handler } = machine.process!.actions.of(info.signal)
  const then = handler > 1 ? ` Going on enters its handler, ${program.describe(handler >>> 0)}.` : ''
  return stopped({
    reason: 'exception',
    description: `Signal ${name}`,
    text: `${name} is about to be delivered at ${where}.${then}`,
    hit: [],
    due: info.signal,
  })
}

type FinalExit = Extract<MachineExit, { kind: 'idle' | 'reset' | 'stuck' | 'exit' | 'signal' | 'deadlock' }>

/** Where an interrupt led to: its vector is what has to be looked at. */
function vectorNote(machine: Machine): string {
  const ivor = INTERRUPTS.find(each => vectorOf(each, machine.vcpu) === machine.cpu.pc >>> 0)
  return ivor === undefined ? '' : `, where IVPR and IVOR${ivor} (${interruptName(ivor)}) lead`
}

/** The program cannot go on: it is over, or it stopped where only a person can help. */
export function judgeFinalExit(exit: FinalExit, machine: Machine, program: Program): Verdict {
  const where = program.describe(machine.cpu.pc >>> 0)
  switch (exit.kind) {
    case 'idle': {
      const how = exit.how === 'branch' ? 'branches to itself' : 'waits (MSR[WE])'
      // Often the end of a program, as often the trap at the end of an error handler: the user looks around and decides.
      return stopped({
        reason: 'pause',
        description: 'Idle forever',
        text: `The program is idle forever at ${where}, which ${how} with nothing left to interrupt it.`,
        hit: [],
      })
    }
    case 'reset': {
      const exitCode = (machine.cpu.state.gpr[3] & 0xff) >>> 0
      return {
        kind: 'end',
        end: { text: `The program ended by a ${resetText(exit)}.`, exitCode },
      }
    }
    case 'exit':
      return { kind: 'end', end: { text: `The program has ended with status ${exit.status}.`, exitCode: exit.status } }
    case 'signal':
      return stopped({
        reason: 'exception',
        description: `Signal ${exit.signal}`,
        text: `${exit.text} at ${where}.`,
        hit: [],
        signal: exit.signal,
      })
    case 'deadlock':
      return stopped({
        reason: 'exception',
        description: 'Deadlock: nothing can go on',
        text: `Nothing can go on: ${exit.text}.`,
        hit: [],
      })
    case 'stuck': {
      if (exit.why === 'noMemory')
        return stopped({
          reason: 'exception',
          description: 'The core cannot go on: there is no memory to execute',
          text: `Nothing answers at ${where}${vectorNote(machine)}, and with MSR[ME] = 0 there is no Machine Check interrupt: the part would execute whatever the bus happens to hold.`,
          hit: [],
        })
      const name = interruptName(exit.ivor)
      return stopped({
        reason: 'exception',
        description: `The core cannot go on: ${name} interrupts without end`,
        text: `The handler at ${where} raises a ${name} interrupt itself before it executes one instruction. Look at IVPR and IVOR${exit.ivor}, and at what is mapped there.`,
        hit: [],
      })
    }
  }
}
