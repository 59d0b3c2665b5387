// One run of a program on our core, in a process of its own: prints what it took as JSON. `--armed`: four exact IACs on
// addresses that are never reached; `--watch=ADDRESS`: a DAC there for stores.

import { existsSync, readFileSync } from 'node:fs'
import { CodeStore } from '../../src/compiler/codeStore.ts'
import { readElf } from '../../src/elf/elf.ts'
import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_SET_GUEST_DEBUG,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_WRITE,
} from '../../src/kvm/abi.ts'
import { Machine } from '../../src/machine/machine.ts'

const [program, ...options] = process.argv.slice(2)
const optionOf = (name: string): string | undefined =>
  options.find(option => option.startsWith(`--${name}=`))?.slice(name.length + 3)
const engine = (optionOf('engine') ?? 'auto') as 'auto'
const MB = 1 << 20
/** Linux's count of what a thread has run, in nanoseconds first. */
const SCHEDULED = '/proc/thread-self/schedstat'
const SLICE = 5_000_000
/** Of the run, in which the full speed is reached. */
const LAST_SHARE = 0.5
const WARM = 0.8

const elf = readElf(readFileSync(program!))
const machine = new Machine({ ramSize: 128 * MB, core: '440ep', reset: 'boot', engine }, elf)
let output = ''
machine.uarts[0]!.onTransmit = byte => {
  output += String.fromCharCode(byte)
}
const arm = (...bp: { readonly addr: number; readonly type: number }[]): unknown =>
  machine.vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control: KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP, arch: { bp } })
if (options.includes('--armed'))
  arm(...[0, 4, 8, 12].map(offset => ({ addr: 0x00400000 + offset, type: KVMPPC_DEBUG_BREAKPOINT })))
const watched = optionOf('watch')
if (watched !== undefined) arm({ addr: Number(watched), type: KVMPPC_DEBUG_WATCH_WRITE })

// ---- what compiling takes: the generator, and all of it with V8's part -------------------------------------------------

/** Processor time of this thread in milliseconds, where the system tells; otherwise what the clock on the wall says. */
const threadTime: () => number = existsSync(SCHEDULED)
  ? () => Number(readFileSync(SCHEDULED, 'latin1').split(' ')[0]) / 1e6
  : () => performance.now()

let compiling = 0
let inHost = 0
let longest = 0
let compiled = 0
for (const name of ['Module', 'Instance'] as const)
  WebAssembly[name] = new Proxy(WebAssembly[name], {
    construct(target, args) {
      const began = threadTime()
      const made = Reflect.construct(target, args) as object
      inHost += threadTime() - began
      return made
    },
  }) as never
const { compile } = CodeStore.prototype
CodeStore.prototype.compile = function* (this: CodeStore, ...args) {
  for (const parts = compile.apply(this, args); ; yield) {
    const began = threadTime()
    const { done } = parts.next()
    const took = threadTime() - began
    compiling += took
    longest = Math.max(longest, took)
    compiled = this.compiled
    if (done === true) return
  }
}

// ---- the run, and how fast it was when -----------------------------------------------------------------------------------

const moments: { readonly at: number; readonly retired: number }[] = []
const started = process.cpuUsage()
const begin = performance.now()
do moments.push({ at: performance.now() - begin, retired: machine.retired })
while (machine.run({ budget: SLICE }).core.kind === 'budget')
const { user, system } = process.cpuUsage(started)
const speeds = moments.slice(1).map(({ at, retired }, n) => ({
  at,
  speed: (retired - moments[n]!.retired) / (at - moments[n]!.at),
}))
const last = speeds.slice(Math.floor(speeds.length * LAST_SHARE)).map(({ speed }) => speed)
const full = last.sort((a, b) => a - b)[last.length >>> 1] ?? 0
console.log(
  JSON.stringify({
    output: output.trim(),
    instructions: machine.retired,
    seconds: (user + system) / 1e6,
    rss: process.memoryUsage().rss / MB,
    ...{ compiled, generator: compiled === 0 ? 0 : (1000 * (compiling - inHost)) / compiled, longest },
    warm: speeds.find(({ speed }) => speed >= WARM * full)?.at ?? 0,
  }),
)
