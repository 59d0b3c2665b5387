// `npm run bench:session [STEPS]`: what a person waits for, measured at the adapter: the launch to the first stop, a step
// until everything the editor then asks for is there, and Pause at full speed; then the same step of a Linux program beside
// cdt-gdb-adapter with gdb and qemu-ppc. Milliseconds; median and 99th percentile.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'
import { writeElf } from '../support/elf.ts'
import { stepRoundTrips } from './stepRoundTrip.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')
const STEPS = Number(process.argv[2] ?? 500)
const PAUSES = 30

async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await action()
  return performance.now() - started
}

/** All that VS Code asks for after a stop: the stack, the scopes, what lies open in them. */
async function look(dap: DapClient): Promise<void> {
  await dap.stack()
  await dap.scope(/Locals|Registers/)
}

/** Waits for an event by turns of the event loop, not by a timer. */
async function event(dap: DapClient, name: string, from: number): Promise<void> {
  while (!dap.events.slice(from).some(each => each.event === name)) await new Promise(setImmediate)
}

async function stopAfter(dap: DapClient, ask: () => Promise<unknown>): Promise<void> {
  const from = dap.events.length
  await ask()
  await event(dap, 'stopped', from)
}

function tell(name: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1)
  console.log(`${name.padEnd(28)} median ${at(0.5).padStart(6)}   p99 ${at(0.99).padStart(6)}   (${times.length})`)
}

/** `addi r3,r3,1; b .-4`: a program that is never at its end. */
function endless(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'ppc440-bench-')), 'endless.elf')
  writeFileSync(
    path,
    writeElf(0x1000, [{ address: 0x1000, bytes: Uint8Array.of(0x38, 0x63, 0, 1, 0x4b, 0xff, 0xff, 0xfc) }]),
  )
  return path
}

async function main(): Promise<void> {
  const line = lineOf('coffee/orders.c', 'order->guest = guest;')
  const launches: number[] = []
  for (let i = 0; i < 10; i++) {
    const dap = new DapClient()
    launches.push(
      await timed(async () => {
        await dap.launch(ELF, { breakpoints: { [ORDERS]: [line] } })
        await event(dap, 'stopped', 0)
        await look(dap)
      }),
    )
    dap.session.dispose()
  }
  tell('launch to first stop', launches)

  const dap = new DapClient()
  await dap.launch(ELF, { breakpoints: { [ORDERS]: [line] } })
  await event(dap, 'stopped', 0)
  const steps: number[] = []
  for (let i = 0; i < STEPS; i++)
    steps.push(
      await timed(async () => {
        await stopAfter(dap, () => dap.ask('next', { threadId: 1 }))
        await look(dap)
      }),
    )
  tell('step, all looked at', steps)
  dap.session.dispose()

  const busy = new DapClient()
  await busy.launch(endless(), { stopOnEntry: true })
  await event(busy, 'stopped', 0)
  const pauses: number[] = []
  for (let i = 0; i < PAUSES; i++) {
    await busy.ask('continue', { threadId: 1 })
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    pauses.push(await timed(() => stopAfter(busy, () => busy.ask('pause', { threadId: 1 }))))
  }
  tell('pause', pauses)

  const beside = await stepRoundTrips(Math.ceil(STEPS / 50))
  if (beside === undefined)
    console.log('skipped: steps beside cdt-gdb-adapter, which is not installed (stepRoundTrip.ts says how)')
  else {
    tell('step by ppc440 dap', beside.ours)
    tell('step by cdt-gdb-adapter', beside.gdb)
  }
  process.exit()
}

void main()
