// Packets about threads: of a board the core, with the number 1, and the tasks of the system that is its program; of Linux
// processes those of all of them.

import { threadRows } from '../../debuggee/threads.ts'
import type { GdbSession, Reply } from '../session.ts'
import { hexOfText } from '../text.ts'

interface NamedThread {
  /** As gdb names it. */
  readonly id: string
  readonly name: string
  /** What it does. */
  readonly text: string
}

export const namedThreads = (session: GdbSession): readonly NamedThread[] =>
  threadRows(session.target.machine, session.target.program)
    .filter(({ isRemark }) => isRemark !== true)
    .map(({ number, process, name, text }) => ({ id: session.named(process, number), name, text }))

export const list = (session: GdbSession): Reply =>
  `m${namedThreads(session)
    .map(({ id }) => id)
    .join(',')}`

/** 0 is any, -1 all. */
const isAny = (text: string): boolean => /^(-1|0|p-?[0-9a-f]+(\.(-1|0))?)$/.test(text)

const isThere = (session: GdbSession, text: string): boolean =>
  isAny(text) || namedThreads(session).some(({ id }) => id === text || id.endsWith(`.${text}`))

/** `Hgthread`: of which registers and memory are asked; `Hcthread`: what vCont says itself. */
export function select(session: GdbSession, text: string): Reply {
  const thread = text.slice(1)
  if (!isThere(session, thread)) return 'E01'
  if (text.startsWith('g')) session.selected = isAny(thread) ? undefined : session.threadOf(thread)
  return 'OK'
}

/** `Tthread` */
export const isAlive = (session: GdbSession, text: string): Reply => (isThere(session, text) ? 'OK' : 'E01')

/** `qThreadExtraInfo,thread` */
export function describe(session: GdbSession, text: string): Reply {
  const thread = text.replace(/^,/, '')
  const rows = namedThreads(session)
  const row = rows.find(({ id }) => id === thread || id.endsWith(`.${thread}`)) ?? rows[0]
  return hexOfText(row?.text ?? '')
}
