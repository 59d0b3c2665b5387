// Everything that comes from outside the guest's world. With the program, the log of inputs gives the same run again.

import type { HostEntry } from '../linux/host.ts'
import type { Machine } from './machine.ts'
import { pokeMemory } from './memory.ts'
import { writeRegister } from './registers.ts'

export type InputEvent =
  | { readonly kind: 'uart'; readonly uart: number; readonly data: readonly number[] }
  /** Typed on a process's standard input. */
  | { readonly kind: 'stdin'; readonly data: readonly number[] }
  | { readonly kind: 'stdinEnd' }
  /** The host's answer to a process's request for a path. */
  | { readonly kind: 'path'; readonly path: string; readonly entry: HostEntry }
  /** A debugger's writes, of which the guest sees the result. */
  | { readonly kind: 'memory'; readonly ea: number; readonly data: readonly number[] }
  | { readonly kind: 'register'; readonly name: string; readonly value: number }
  | { readonly kind: 'float'; readonly register: number; readonly value: number }
  /** The unconditional debug event, as a JTAG probe requests it. */
  | { readonly kind: 'unconditionalEvent' }

/** An event, and after how many instructions and at which cycle it arrived. */
export type Input = InputEvent & { readonly retired: number; readonly cycle: number }

export function applyInput(machine: Machine, event: InputEvent): void {
  const { cpu, vcpu, uarts, process } = machine
  switch (event.kind) {
    case 'uart':
      return uarts[event.uart]?.receive(event.data)
    case 'stdin':
      return process?.type(event.data)
    case 'stdinEnd':
      return process?.endInput()
    case 'path':
      return process?.provide(event.path, event.entry)
    case 'memory':
      return void pokeMemory(cpu, event.ea, Uint8Array.from(event.data))
    case 'register':
      return void writeRegister(vcpu, event.name, event.value)
    case 'float':
      cpu.state.fpr[event.register] = event.value
      return
    case 'unconditionalEvent':
      return vcpu.requestUnconditionalEvent()
  }
}

/**
 * Runs `machine` to where each input arrived, and gives it in again. @throws when the run does not come to such a place:
 * the machine, its program or its options are not those of the log.
 */
export function replay(machine: Machine, inputs: readonly Input[]): void {
  for (const input of inputs) {
    runTo(machine, input)
    machine.accept(input)
  }
}

function runTo(machine: Machine, { retired, cycle }: Input): void {
  for (;;) {
    const before = { retired: machine.retired, cycle: machine.cpu.now }
    if (before.retired === retired && before.cycle === cycle) return
    if (before.retired > retired || before.cycle > cycle) break
    machine.run({ budget: retired - before.retired })
    if (before.retired === machine.retired && before.cycle === machine.cpu.now) break
  }
  throw new Error(`the run has no input after ${retired} instructions: it is not the run the log was written in`)
}
