// A snapshot in which nothing is, for tests of views to put something in.

import type { Snapshot } from '../../src/protocol/messages.ts'

export const EMPTY_SNAPSHOT: Snapshot = {
  ...{ version: 1, stop: 1, running: false, registers: {}, places: {}, slots: [], breakpoints: [], parties: [] },
  tlb: { entries: [], size: 64 },
  timers: { frequency: 400_000_000, fixedInterval: 8192, watchdog: 2 ** 20 },
}
