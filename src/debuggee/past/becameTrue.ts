// When an expression became true: at the last change of what it reads after which it is true, and before which it was not.

import { compile } from '../../expr/compile.ts'
import { type Context, typesHere } from '../../expr/context.ts'
import { UserError } from '../../util/userError.ts'
import type { Breakpoint, DataRequest } from '../breakpoints.ts'
import type { Stop } from '../stop.ts'

/** What of the stops in a stretch of the past is looked for. */
export interface StopFilter {
  /** A stretch begins where the machine stands. */
  begins?(): void
  /** The program has been stopped. */
  wants(stop: Stop): boolean
}

interface ReadPlace {
  readonly address: number
  readonly size: number
}

/** Bytes of memory that `text` reads where the program stands, in order; those that touch are one place. @throws UserError */
export function placesRead(context: Context, text: string): readonly ReadPlace[] {
  const read: ReadPlace[] = []
  const listening: Context = {
    ...context,
    readMemory(address, length) {
      read.push({ address: address >>> 0, size: length })
      return context.readMemory(address, length)
    },
  }
  compile(text, { types: typesHere(context) }).truth(listening)
  const places: ReadPlace[] = []
  for (const { address, size } of read.sort((a, b) => a.address - b.address)) {
    const last = places[places.length - 1]
    if (last === undefined || last.address + last.size < address) places.push({ address, size })
    else places[places.length - 1] = { ...last, size: Math.max(last.size, address + size - last.address) }
  }
  if (places.length > 0) return places
  throw new UserError(
    'no-place',
    `${text} reads no memory where the program stands, so it cannot be watched`,
    'ask for an expression over variables in memory',
  )
}

/** A data breakpoint for each place that is read. */
export const requestsFor = (places: readonly ReadPlace[], text: string): DataRequest[] =>
  places.map(place => ({ kind: 'data', ...place, access: 'write', label: text }))

/** @throws UserError where the DACs do not suffice. */
export function checkGranted(breakpoints: readonly Breakpoint[], text: string): void {
  if (breakpoints.every(({ verified }) => verified)) return
  throw new UserError(
    'too-many-places',
    `${text} reads ${breakpoints.length} places in memory, and DAC1 and DAC2 can watch two of up to 8 bytes, or one range`,
    'ask for a part of it',
  )
}

/** @param isTrue of the expression, where the program stands */
export function becomingTrue(isTrue: () => boolean): StopFilter {
  let before = false
  return {
    begins: () => {
      before = isTrue()
    },
    wants({ hit }) {
      const now = isTrue()
      const became = now && !before
      before = now
      return became && hit.length > 0
    },
  }
}
