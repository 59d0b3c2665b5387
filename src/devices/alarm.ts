// The time of a device: cycles of the core, and what is to happen at one of them.

/** When something happens to a device: see `DeviceClock` of the core. */
export interface Alarm {
  now(): number
  /** @param cycle Infinity: never */
  plan(device: object, cycle: number, happen: (cycle: number) => void): void
}
