// Everything that comes from outside the guest's world. With the program, the log of inputs gives the same run again.

import { type HostAnswer, weightOf } from '../linux/host.ts'
import type { Machine } from './machine.ts'
import { pokeMemory } from './memory.ts'
import type { Moment } from './moment.ts'
import { writeRegister } from './registers.ts'

export type FacilityOwner = 'guest' | 'debugger'

export type InputEvent =
  | { readonly kind: 'uart'; readonly uart: number; readonly data: ArrayLike<number> }
  /** Typed on a process's standard input. */
  | { readonly kind: 'stdin'; readonly data: ArrayLike<number> }
  | { readonly kind: 'stdinEnd' }
  /** A debugger has the thread get another signal than that which is due, or none: 0. */
  | { readonly kind: 'signal'; readonly signal: number }
  /** A debugger changes what the signal that is due tells: the bytes of its struct siginfo. */
  | { readonly kind: 'siginfo'; readonly data: ArrayLike<number> }
  /** The host's answer to a process's request about files. */
  | HostAnswer
  /** A debugger's writes, of which the guest sees the result. */
  | { readonly kind: 'memory'; readonly ea: number; readonly data: ArrayLike<number> }
  | { readonly kind: 'register'; readonly name: string; readonly value: number }
  /** A floating-point register as its two words, the upper first: whatever NaN it is. */
  | { readonly kind: 'float'; readonly register: number; readonly words: readonly [number, number] }
  /** The unconditional debug event, as a JTAG probe requests it. */
  | { readonly kind: 'unconditionalEvent' }
  /** A debugger takes the debug facility from the guest, or gives it back: the guest's own events stop, or come again. */
  | { readonly kind: 'facility'; readonly owner: FacilityOwner }

/** An event, and where in the run it arrived; `thread`: to which thread of Linux, where that is not the one on the core. */
export type Input = InputEvent & Moment & { readonly thread?: number }

/** About how many bytes an event takes in the log. */
export function sizeOf(event: InputEvent): number {
  if (event.kind === 'path' || event.kind === 'piece') return weightOf(event)
  return 100 + ('data' in event ? event.data.length : 0)
}

export function applyInput(machine: Machine, event: InputEvent): void {
  const { cpu, vcpu, uarts, linux } = machine
  switch (event.kind) {
    case 'uart':
      return uarts[event.uart]?.receive(event.data)
    case 'stdin':
      return linux?.type(event.data)
    case 'stdinEnd':
      return linux?.endInput()
    case 'signal':
      return linux?.signals.replaceCaught(event.signal)
    case 'siginfo':
      return linux?.signals.tellCaught(event.data)
    case 'path':
      return linux?.provide({ kind: 'path', path: event.path, entry: event.entry })
    case 'piece':
      return linux?.provide({ kind: 'piece', path: event.path, offset: event.offset, bytes: event.bytes })
    case 'memory':
      linux?.prepareWrite(event.ea, event.data.length)
      return void pokeMemory(cpu, event.ea, Uint8Array.from(event.data))
    case 'register':
      return void writeRegister(vcpu, event.name, event.value)
    case 'float':
      cpu.state.fprWords[2 * event.register + 1] = event.words[0]
      cpu.state.fprWords[2 * event.register] = event.words[1]
      return
    case 'unconditionalEvent':
      return vcpu.requestUnconditionalEvent()
    case 'facility':
      return vcpu.setOwner(event.owner)
  }
}
