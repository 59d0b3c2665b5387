// One run of a program on our core, in a process of its own: prints instructions and seconds of processor time as JSON.
// `--armed`: four exact IACs on addresses that are never reached.

import { readFileSync } from 'node:fs'
import { readElf } from '../../src/elf/elf.ts'
import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_SET_GUEST_DEBUG,
  KVMPPC_DEBUG_BREAKPOINT,
} from '../../src/kvm/abi.ts'
import { Machine } from '../../src/machine/machine.ts'

const [program, ...options] = process.argv.slice(2)
const engine = (options.find(option => option.startsWith('--engine='))?.slice(9) ?? 'auto') as 'auto'
const MB = 1 << 20
const SLICE = 5_000_000

const elf = readElf(readFileSync(program!))
const machine = new Machine({ ramSize: 128 * MB, core: '440ep', reset: 'boot', engine }, elf)
let output = ''
machine.uarts[0]!.onTransmit = byte => {
  output += String.fromCharCode(byte)
}
if (options.includes('--armed'))
  machine.vcpu.ioctl(KVM_SET_GUEST_DEBUG, {
    control: KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
    arch: { bp: [0, 4, 8, 12].map(offset => ({ addr: 0x00400000 + offset, type: KVMPPC_DEBUG_BREAKPOINT })) },
  })
const started = process.cpuUsage()
while (machine.run({ budget: SLICE }).core.kind === 'budget');
const { user, system } = process.cpuUsage(started)
console.log(
  JSON.stringify({
    output: output.trim(),
    instructions: machine.retired,
    seconds: (user + system) / 1e6,
    rss: process.memoryUsage().rss / MB,
  }),
)
