// The date and time with which the clock of a board starts, as its description says them.

import { Calendar } from '../devices/calendar.ts'
import type { BoardPlace, OptionRow } from './deviceKinds.ts'

const FIRST_TIME = '2000-01-01T00:00:00'

export const TIME_OPTION: OptionRow = {
  kind: 'text',
  text: `date and time when the machine starts: "${FIRST_TIME}" where nothing is said`,
}

/** @param time what the description says @throws Error that says how a time is written */
export function calendarOf(name: string, time: unknown, { alarm, clock }: BoardPlace): Calendar {
  const text = (time as string | undefined) ?? FIRST_TIME
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/.test(text)
  const start = isTime ? Date.parse(`${text.includes('T') ? text : `${text}T00:00`}Z`) : Number.NaN
  if (Number.isNaN(start)) throw new Error(`"time" of ${name} is a date and a time: "${FIRST_TIME}"`)
  return new Calendar(start, alarm.now, clock)
}
