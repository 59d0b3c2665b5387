// Which registers belong together, in the order a person looks for them. One list for views, snapshots and the
// Variables view, so that no register is in one and not in another.

export interface RegisterGroup {
  readonly title: string
  readonly names: readonly string[]
}

const numbered = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`)

export const REGISTER_GROUPS = [
  {
    title: 'Debug facility',
    names: [
      ...['DBCR0', 'DBCR1', 'DBCR2', 'DBSR', 'IAC1', 'IAC2', 'IAC3', 'IAC4'],
      ...['DAC1', 'DAC2', 'DVC1', 'DVC2', 'MSR', 'CSRR0', 'CSRR1'],
    ],
  },
  { title: 'General purpose', names: [...numbered('r', 32), 'PC', 'CR', 'XER', 'LR', 'CTR', 'FPSCR'] },
  {
    title: 'Interrupts',
    names: ['SRR0', 'SRR1', 'ESR', 'DEAR', 'MCSR', 'MCSRR0', 'MCSRR1', 'IVPR', ...numbered('IVOR', 16)],
  },
  { title: 'Timers', names: ['TBU', 'TBL', 'DEC', 'DECAR', 'TCR', 'TSR'] },
  { title: 'Memory management', names: ['PID', 'MMUCR'] },
  {
    title: 'Others',
    names: [...numbered('SPRG', 8), 'USPRG0', 'CCR0', 'CCR1', 'PVR', 'PIR', 'DBDR'],
  },
] as const satisfies readonly RegisterGroup[]

/** Every register that is shown somewhere. */
export const SHOWN_REGISTERS: readonly string[] = REGISTER_GROUPS.flatMap(({ names }) => names)
