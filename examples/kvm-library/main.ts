// The debug layer as a library: a PowerPC 440, a guest of nine instructions, and KVM's interface to debug it. No editor,
// no ELF file, no adapter. `npx tsx examples/kvm-library/main.ts`

import { Bus, DcrSpace } from '../../src/bus/bus.ts'
import { Cpu } from '../../src/cpu/cpu.ts'
import {
  KVM_EXIT_DEBUG,
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_RUN,
  KVM_SET_GUEST_DEBUG,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_WRITE,
} from '../../src/kvm/abi.ts'
import { KvmDebugger } from '../../src/kvm/debugger.ts'
import { KvmVcpu } from '../../src/kvm/vcpu.ts'
import { debugViews } from '../../src/kvm/views.ts'
import { fieldsSet } from '../../src/isa/register.ts'
import { DBSR } from '../../src/isa/registers.ts'
import { applyBootState } from '../../src/machine/launchState.ts'
import { hex32 } from '../../src/util/hex.ts'
import { requestOf } from '../../test/support/core.ts'

const START = 0x1000
const LOOP = 0x1008
const STORE = 0x1010
const TABLE = 0x2000

/** Writes the squares of 1, 2, 3 ... to a table. */
const GUEST = [
  0x38600000, // 1000  li     r3,0
  0x38802000, // 1004  li     r4,TABLE
  0x38630001, // 1008  addi   r3,r3,1
  0x7ca319d6, // 100c  mullw  r5,r3,r3
  0x90a40000, // 1010  stw    r5,0(r4)
  0x38840004, // 1014  addi   r4,r4,4
  0x2c03000a, // 1018  cmpwi  r3,10
  0x4082ffec, // 101c  bne    1008
  0x48000000, // 1020  b      .
]

const cpu = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x422218d3, fpu: true })
applyBootState(cpu, START)
for (const [n, word] of GUEST.entries()) cpu.state.ram.setUint32(START + 4 * n, word)
const vcpu = new KvmVcpu(cpu)

console.log('1. The interface itself: a breakpoint in IAC1, a watchpoint in DAC1 that waits for the value 25')
const refused = vcpu.ioctl(KVM_SET_GUEST_DEBUG, {
  control: KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
  arch: { bp: [0x1000, 0x1004, 0x1008, 0x100c, 0x1010].map(addr => ({ addr, type: KVMPPC_DEBUG_BREAKPOINT })) },
})
console.log(`   five breakpoints: ${refused} (-EINVAL), there are four comparators`)
const off = { addr: 0, type: 0 }
vcpu.ioctl(KVM_SET_GUEST_DEBUG, {
  control: KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
  arch: {
    // Any word of the table, whose written value is 25: DAC1 and DAC2 as a range, DVC1 on all four bytes.
    bp: [off, off, off, off, { addr: TABLE, type: KVMPPC_DEBUG_WATCH_WRITE }, { addr: TABLE + 64, type: 0 }],
    ext: { dac12: 'inclusive', dvc: [{ value: 25, bytes: 15, mode: 'and' }, undefined] },
  },
})
vcpu.ioctl(KVM_RUN)
const { exit_reason, debug } = vcpu.run
if (exit_reason !== KVM_EXIT_DEBUG || debug === undefined) throw new Error(`left for ${exit_reason}`)
const cause = fieldsSet(DBSR, debug.arch.dbsr).join(', ')
console.log(`   stopped at ${hex32(cpu.pc)}: DBSR ${hex32(debug.arch.dbsr)} (${cause}), r3 = ${cpu.state.gpr[3]}`)
console.log(`   the store has not been done: ${cpu.state.ram.getUint32(TABLE + 16)}`)

console.log('2. A debugger on top of it: breakpoints by address, stepped off as it goes on')
const gdb = new KvmDebugger(vcpu)
gdb.insert(LOOP, 'hardware')
gdb.insert(STORE, 'software')
for (let n = 0; n < 4; n++) {
  const { address, dbsr } = gdb.continue().debug!.arch
  console.log(`   ${hex32(address)} by ${fieldsSet(DBSR, dbsr).join(', ') || 'a trap word'}, r3 = ${cpu.state.gpr[3]}`)
}

console.log('3. Who holds what, side by side')
for (const { name, guest, debugger: asked, running, host } of debugViews(vcpu).rows)
  if (/IAC1|DBCR[01]|DE/.test(name))
    console.log(
      `   ${name.padEnd(8)} guest ${hex32(guest)}  debugger ${asked === undefined ? '-'.padEnd(10) : hex32(asked)}  running ${hex32(running)}  host ${hex32(host)}`,
    )

console.log('4. The debugger leaves, and the guest finishes as if it had never been there')
gdb.detach()
vcpu.run.request = requestOf(vcpu.cpu, 1000)
vcpu.ioctl(KVM_RUN)
const squares = Array.from({ length: 10 }, (_, n) => cpu.state.ram.getUint32(TABLE + 4 * n))
console.log(`   ${vcpu.run.core?.kind} after ${cpu.retired} instructions: ${squares.join(' ')}`)
