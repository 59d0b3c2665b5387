// The stopped machine as the views draw it.

import { DAC_SLOTS, IAC_SLOTS } from '../debuggee/slots.ts'
import type { Target } from '../debuggee/target.ts'
import { SHOWN_REGISTERS } from '../isa/registerGroups.ts'
import type { SlotRow, Snapshot } from '../protocol/messages.ts'

/** Everything the views draw, read in one go and without side effects. */
export function snapshotOf(target: Target, version: number): Snapshot {
  const registers: Record<string, number> = {}
  for (const name of SHOWN_REGISTERS) {
    const value = target.register(name)
    if (value !== undefined) registers[name] = value
  }
  const slots = [...IAC_SLOTS, ...DAC_SLOTS].map(
    (name): SlotRow => ({ name, ...target.breakpoints.holder(name, 'dap') }),
  )
  return {
    version,
    stop: target.stops,
    running: target.state === 'running',
    registers,
    slots,
    parties: target.parties(),
  }
}
