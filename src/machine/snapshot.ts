// A machine at one moment: what is state in the linear memory (core and RAM), and the devices or the processes as plain data. Restored into
// any machine of the same kind and size, it runs on exactly as the first would have.

import type { Caught } from '../cpu/runLoop.ts'
import { LITTLE_CODE_OFFSET, RAM_BASE, Word } from '../cpu/state.ts'
import type { SavedVcpu } from '../kvm/vcpuState.ts'
import type { KernelState } from '../linux/kernel.ts'
import type { Machine } from './machine.ts'

/** What of a machine is not in the linear memory, as plain data. */
export interface MachineRest {
  /** Of the board's devices, by name. */
  readonly devices: Readonly<Record<string, unknown>>
  readonly linux: KernelState | undefined
  readonly vcpu: SavedVcpu
  /** The interrupt before which the machine has been stopped. */
  readonly caught: Caught | undefined
  /** How often the TLB has been written. */
  readonly tlbWrites: number
}

export interface MachineSnapshot extends MachineRest {
  readonly memory: readonly Uint8Array[]
}

const saveDevices = ({ devices }: Machine): MachineRest['devices'] =>
  Object.fromEntries([...devices].map(([name, device]) => [name, device.save()]))

export function saveRest(machine: Machine): MachineRest {
  const { cpu, vcpu, linux } = machine
  return {
    devices: saveDevices(machine),
    linux: linux?.save(),
    vcpu: vcpu.save(),
    caught: cpu.caught,
    tlbWrites: cpu.mmu.writes,
  }
}

/** The linear memory is that of the same moment already. What is derived of both is not derived again here. */
export function restoreRest({ cpu, vcpu, devices, linux }: Machine, rest: MachineRest): void {
  for (const [name, device] of devices) device.restore(rest.devices[name])
  if (rest.linux !== undefined) linux?.restore(rest.linux)
  vcpu.restore(rest.vcpu)
  cpu.caught = rest.caught
  cpu.mmu.writes = rest.tlbWrites
}

export const takeSnapshot = (machine: Machine): MachineSnapshot => ({
  memory: machine.cpu.state.saved.map(part => part.slice()),
  ...saveRest(machine),
})

/** @param machine created with the same options. Callbacks, the plan of breakpoints and the input log are its own and stay. */
export function restoreSnapshot(machine: Machine, snapshot: MachineSnapshot): void {
  const { state } = machine.cpu
  for (const [n, part] of state.saved.entries()) part.set(snapshot.memory[n]!)
  state.touched.fill(1)
  restoreRest(machine, snapshot)
  machine.cpu.stateChanged()
}

/** Like what lies between the TLB and RAM, these say how a run was cut and not what it computed. */
const TRANSIENT = [Word.ATTENTION, Word.LEFT]

/** 64 bits in hex that two machines share exactly when the guest could not tell them apart (but for collisions). */
export function stateHash(machine: Machine): string {
  const { cpu, linux } = machine
  const words = new Int32Array(cpu.state.memory.buffer)
  const saved = TRANSIENT.map(word => cpu.state.words[word])
  for (const word of TRANSIENT) cpu.state.words[word] = 0
  const hash = new Hash()
  hash.add(words.subarray(0, LITTLE_CODE_OFFSET / 4))
  hash.add(words.subarray(RAM_BASE / 4, (RAM_BASE + cpu.state.ramBytes.length) / 4))
  hash.add(Int32Array.from(cpu.state.lines))
  TRANSIENT.forEach((word, i) => {
    cpu.state.words[word] = saved[i]!
  })
  const rest = [saveDevices(machine), linux?.save()]
  hash.addText(JSON.stringify(rest, plain))
  return hash.hex
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  return value instanceof Map ? [...value] : value
}

/** 64 bits in hex of some bytes, as `stateHash` makes them. */
export function hashOf(bytes: Uint8Array): string {
  const hash = new Hash()
  hash.add(Int32Array.from(bytes))
  return hash.hex
}

/** Two multiplicative hashes of 32 bits side by side (Knuth's and FNV's multipliers). */
class Hash {
  #a = 0x811c9dc5 | 0
  #b = 0x2545f491

  add(words: Int32Array): void {
    let a = this.#a
    let b = this.#b
    for (let i = 0; i < words.length; i++) {
      const word = words[i]
      a = Math.imul(a ^ word, 0x01000193)
      b = Math.imul((b + word) ^ (b >>> 15), 0x9e3779b1)
    }
    this.#a = a
    this.#b = b
  }

  addText(text: string): void {
    this.add(Int32Array.from(text, character => character.charCodeAt(0)))
  }

  get hex(): string {
    return [this.#a, this.#b].map(half => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }
}
