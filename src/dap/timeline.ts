// What has happened in a stretch of the run, as the view of the timeline draws it: event by event where they are few, by
// columns where they are many.

import type { Target } from '../debuggee/target.ts'
import { HAPPENING_KINDS, type Happening, type HappeningKind } from '../history/happenings.ts'
import { interruptName } from '../isa/interrupts.ts'
import { fieldsSet } from '../isa/register.ts'
import { DBSR } from '../isa/registers.ts'
import type { Timeline, TimelineArguments, TimelineEvent } from '../protocol/messages.ts'
import { fileName } from '../util/fileName.ts'
import { withoutControls } from '../util/plainText.ts'

/** No answer holds more than so many events of a kind. */
const MOST_COLUMNS = 1000
const COLUMNS = 400

const NOTHING_KEPT = { isKept: false, beginning: 0, present: 0, from: 0, to: 0, events: [] } as const

export function timelineOf(target: Target, { from, to, columns = COLUMNS }: TimelineArguments): Timeline {
  const { retired } = target.machine
  const running = target.state === 'running'
  if (!target.keepsHistory) return { ...NOTHING_KEPT, running, position: retired, present: retired }
  const { first: beginning, last: present } = target.reach
  const stretch = {
    from: Math.min(from ?? 0, to ?? present),
    to: to ?? present,
    columns: Math.min(MOST_COLUMNS, Math.max(1, columns)),
  }
  const describe = describer(target)
  const events: TimelineEvent[] = []
  let before: Happening | undefined
  let after: Happening | undefined
  for (const kind of HAPPENING_KINDS) {
    const all = target.happenings(kind)
    const start = all.findIndex(({ last }) => last >= stretch.from)
    const begin = start < 0 ? all.length : start
    const found = all.findIndex(({ moment }, i) => i >= begin && moment.retired > stretch.to)
    const end = found < 0 ? all.length : found
    events.push(...columnsOf(all.slice(begin, end), kind, stretch, describe))
    before = later(before, all[begin - 1])
    after = earlier(after, all[end])
  }
  return {
    ...{ isKept: true, running, beginning, present, position: retired, from: stretch.from, to: stretch.to, events },
    ...(before && { before: eventOf(before, describe) }),
    ...(after && { after: eventOf(after, describe) }),
  }
}

/** Of two the one that happened later. */
function later(a: Happening | undefined, b: Happening | undefined): Happening | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.moment.retired > a.moment.retired ? b : a
}

function earlier(a: Happening | undefined, b: Happening | undefined): Happening | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.moment.retired < a.moment.retired ? b : a
}

interface AskedStretch {
  readonly from: number
  readonly to: number
  readonly columns: number
}

type Describe = (pc: number) => string

/** Places come again. */
function describer({ program }: Target): Describe {
  const known = new Map<number, string>()
  return pc => {
    let text = known.get(pc)
    if (text === undefined) known.set(pc, (text = placeOf(program, pc)))
    return text
  }
}

/** `orders.c:38`, or where there is no line, what a note would say. */
function placeOf(program: Target['program'], pc: number): string {
  const line = program.symbols.lineAt(pc)
  return line === undefined ? program.describe(pc) : `${fileName(line.path)}:${line.line}`
}

function columnsOf(
  all: readonly Happening[],
  kind: HappeningKind,
  { from, to, columns }: AskedStretch,
  describe: Describe,
): TimelineEvent[] {
  if (all.length <= columns) return all.map(each => eventOf(each, describe))
  const width = (to - from + 1) / columns
  const groups: Happening[][] = []
  let column = -1
  for (const each of all) {
    const at = Math.floor((Math.max(from, each.moment.retired) - from) / width)
    if (at !== column) groups.push([])
    column = at
    groups[groups.length - 1]!.push(each)
  }
  return groups.map(group => (group.length === 1 ? eventOf(group[0]!, describe) : columnOf(group, kind)))
}

function eventOf(happening: Happening, describe: Describe): TimelineEvent {
  const { kind, moment, count, last, pc } = happening
  return {
    ...{ kind, instruction: moment.retired, last, count, text: textOf(happening) },
    ...(count === 1 && { where: describe(pc) }),
    ...(moment.interrupts !== undefined && kind === 'interrupt' && { interrupts: moment.interrupts }),
  }
}

function columnOf(group: readonly Happening[], kind: HappeningKind): TimelineEvent {
  const [first] = group
  const { interrupts } = first!.moment
  return {
    kind,
    instruction: first!.moment.retired,
    last: group[group.length - 1]!.last,
    count: group.reduce((sum, { count }) => sum + count, 0),
    text: kind === 'interrupt' || kind === 'debug' ? summary(group) : textOf(first!),
    ...(interrupts !== undefined && kind === 'interrupt' && { interrupts }),
  }
}

/** @param bytes of it, as characters */
function lineOf(bytes: string): string {
  const text = new TextDecoder().decode(Uint8Array.from(bytes, each => each.charCodeAt(0)))
  return withoutControls(text).replace(/\s+/g, ' ').trimEnd()
}

/** `300 Decrementer, 12 External Input` */
function summary(group: readonly Happening[]): string {
  const counts = new Map<number, { readonly one: Happening; count: number }>()
  for (const one of group) {
    const key = 2 * one.what + (one.isDebuggers === true ? 1 : 0)
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { one, count: one.count })
    else known.count += one.count
  }
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count)
  const shown = sorted.slice(0, 3).map(({ one, count }) => `${count} ${textOf(one)}`)
  return [...shown, ...(sorted.length > shown.length ? ['others'] : [])].join(', ')
}

function textOf({ kind, what, isDebuggers, text }: Happening): string {
  switch (kind) {
    case 'stop':
    case 'access':
      return text
    case 'future':
      return 'A new future begins'
    case 'interrupt':
      return interruptName(what)
    case 'debug':
      return `${fieldsSet(DBSR, what).join(', ')}${isDebuggers ? ' of the debugger' : ''}`
    case 'line':
      return lineOf(text)
  }
}
