// How often branches lead where: from it a compiler learns what is worth its work. The interpreter counts when it is given
// counters; a target whose counter has become HOT is left to whoever runs it.

/** Counters there are. Targets that are this many words apart share one: a target may seem hot before it is. */
export const HEAT_COUNTERS = 0x10000

/** The last value that a counter takes. It says how many branches have led there since it was 0. */
export const HOT = 255

/** The counter of the instruction at `address`. */
export const heatIndex = (address: number): number => (address >>> 2) & (HEAT_COUNTERS - 1)
