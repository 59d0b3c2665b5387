// The stopped machine as the views draw it.

import { type Breakpoint, OWNERS } from '../debuggee/breakpoints.ts'
import { DAC_SLOTS, IAC_SLOTS, type Slot } from '../debuggee/slots.ts'
import type { Target } from '../debuggee/target.ts'
import { SHOWN_REGISTERS } from '../isa/registerGroups.ts'
import { devicesOf, timersOf } from '../machine/devices.ts'
import { ENTRIES, tlbEntries } from '../machine/tlb.ts'
import type { BreakpointRow, SlotRow, Snapshot, TlbState } from '../protocol/messages.ts'

/** They hold addresses of instructions. */
const CODE_REGISTERS = ['PC', 'LR', 'CTR', 'SRR0', 'CSRR0', 'MCSRR0', 'IAC1', 'IAC2', 'IAC3', 'IAC4'] as const

/** Everything the views draw, read in one go and without side effects. */
export function snapshotOf(target: Target, version: number): Snapshot {
  const registers: Record<string, number> = {}
  const ofDevices = devicesOf(target.machine.cpu).flatMap(device => device.registers.map(({ name }) => name))
  for (const name of [...SHOWN_REGISTERS, ...ofDevices]) {
    const value = target.register(name)
    if (value !== undefined) registers[name] = value
  }
  return {
    version,
    stop: target.stops,
    running: target.state === 'running',
    registers,
    places: placesOf(registers, target),
    slots: [...IAC_SLOTS, ...DAC_SLOTS].map(name => slotRow(name, target)),
    breakpoints: target.breakpoints.all.map(breakpointRow),
    tlb: tlbState(target),
    timers: timersOf(target.machine.cpu),
    parties: target.parties(),
  }
}

function tlbState({ machine: { cpu }, pc }: Target): TlbState {
  const fetch = cpu.mmu.translate(pc, 'fetch')
  return { entries: tlbEntries(cpu), size: ENTRIES, ...(fetch.kind === 'hit' && { fetch: fetch.entry }) }
}

function placesOf(registers: Readonly<Record<string, number>>, { program }: Target): Record<string, string> {
  const places: Record<string, string> = {}
  for (const name of CODE_REGISTERS) {
    const value = registers[name]
    const symbol = value === undefined ? undefined : program.symbolic(value)
    if (symbol !== undefined) places[name] = program.describe(value!).replace(/^\S+ /, '')
  }
  return places
}

function slotRow(name: Slot, { breakpoints }: Target): SlotRow {
  const { ids = [], ...held } = breakpoints.holder(name, 'dap') ?? {}
  const isReserved = breakpoints.reserves.reserved.includes(name)
  return { name, ...held, ...(isReserved && { isReserved }), holders: ids }
}

function breakpointRow(breakpoint: Breakpoint): BreakpointRow {
  const { id, owner, request, resolution, label, message, count } = breakpoint
  const { condition, hitCondition, logMessage } = request
  const found = resolution.kind === 'found' ? resolution : undefined
  return {
    ...{ id, kind: request.kind, label, owner: OWNERS[owner] ?? owner, state: stateOf(breakpoint), message },
    hits: count.hits,
    addresses: found?.addresses ?? [],
    ...(request.kind === 'source' && {
      path: request.path,
      askedLine: request.line,
      line: found?.line ?? request.line,
    }),
    ...(condition !== undefined && { condition }),
    ...(hitCondition !== undefined && { hitCondition }),
    ...(logMessage !== undefined && { logMessage }),
  }
}

function stateOf({ resolution, verified, slots }: Breakpoint): BreakpointRow['state'] {
  if (resolution.kind === 'nowhere') return 'nowhere'
  if (!verified) return 'refused'
  return slots.length > 0 ? 'comparator' : 'trapWord'
}
