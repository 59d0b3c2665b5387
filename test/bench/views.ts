// `npm run bench:views`: what a stop costs: the snapshot that the adapter takes, and the rows that the views make of it.
// Processor time.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { snapshotOf } from '../../src/dap/snapshot.ts'
import { memoryStretch } from '../../src/debuggee/memoryContents.ts'
import { devicesOf } from '../../src/machine/devices.ts'
import { toBase64 } from '../../src/util/base64.ts'
import { memoryRows, resized, startView, stretchOf } from '../../src/views/models/memory.ts'
import { MemoryBytes } from '../../src/views/models/memoryBytes.ts'
import { peripheralRows } from '../../src/views/models/peripherals.ts'
import { registerRows } from '../../src/views/models/registers.ts'
import { debugSlotRows } from '../../src/views/models/slots.ts'
import { tlbRows } from '../../src/views/models/tlb.ts'
import { HandTurned } from '../support/target.ts'

const TIMES = 300

function tell(what: string, action: () => void): void {
  for (let n = 0; n < 30; n++) action()
  const times = Array.from({ length: TIMES }, () => {
    const started = process.cpuUsage()
    action()
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1000
  }).sort((a, b) => a - b)
  const at = (share: number): string => times[Math.min(TIMES - 1, Math.floor(share * TIMES))]!.toFixed(2)
  console.log(`${what.padEnd(44)} median ${at(0.5).padStart(6)} ms   99 % ${at(0.99).padStart(6)} ms`)
}

const { target } = new HandTurned(readFileSync(resolve('examples/coffee/coffee.elf')))
const now = structuredClone(snapshotOf(target, 2))
const before = structuredClone(now)
const devices = devicesOf(target.machine.cpu)
tell('the snapshot', () => snapshotOf(target, 1))
tell('rows of the registers, fields and tooltips', () => registerRows(now, before))
tell('rows of the peripherals', () => peripheralRows(devices, now, before))
tell('rows of the debug slots', () => debugSlotRows(now))
tell('rows of the TLB', () => tlbRows(now, before))

const view = resized(startView(0x100000), 60, 16)
const { address, count } = stretchOf(view)
const stretch = () => memoryStretch(target, address, address + count)
const { pieces, ...rest } = stretch()
const contents = { stop: 1, address, count, ...rest }
const told = { ...contents, pieces: pieces.map(each => ({ address: each.address, base64: toBase64(each.bytes) })) }
const bytes = new MemoryBytes()
tell('memory of 60 rows, as the adapter tells it', () => void stretch())
tell('the same, taken and made into rows', () => {
  bytes.take(told)
  memoryRows(view, bytes)
})
