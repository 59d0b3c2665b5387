import type { Slot, Snapshot } from '../protocol/messages.ts'
import { IAC_SLOTS } from '../target/slots.ts'
import type { Target } from '../target/target.ts'

const GPRS = Array.from({ length: 32 }, (_, n) => `r${n}`)

/** Registers the views show, in the manual's groups. */
const SHOWN = [
  ...['DBCR0', 'DBCR1', 'DBCR2', 'DBSR', 'IAC1', 'IAC2', 'IAC3', 'IAC4', 'DAC1', 'DAC2', 'DVC1', 'DVC2'],
  ...['MSR', 'CSRR0', 'CSRR1', 'SRR0', 'SRR1', 'MCSRR0', 'MCSRR1', 'ESR', 'DEAR', 'MCSR', 'IVPR'],
  ...['TCR', 'TSR', 'DEC', 'DECAR', 'TBU', 'TBL', 'PID', 'MMUCR', 'CCR0', 'PVR'],
  ...['PC', 'LR', 'CTR', 'CR', 'XER', 'FPSCR'],
  ...GPRS,
]

/** Everything the views draw, read in one go and without side effects. */
export function snapshotOf(target: Target, version: number): Snapshot {
  const registers: Record<string, number> = {}
  for (const name of SHOWN) {
    const value = target.register(name)
    if (value !== undefined) registers[name] = value
  }
  const iacs = IAC_SLOTS.map((name): Slot => ({ name, ...target.breakpoints.holder(name) }))
  return {
    version,
    stop: target.stops,
    running: target.state === 'running',
    registers,
    slots: [...iacs, { name: 'DAC1' }, { name: 'DAC2' }],
  }
}
