// Packets that put breakpoints and watchpoints in and take them out.

import type { Machine } from '../../machine/machine.ts'
import { AgentError, type AgentExpression, agentContext, agentExpression } from '../agent.ts'
import { PointType } from '../points.ts'
import { type GdbRegister, readValue } from '../registers.ts'
import type { GdbSession, Reply } from '../session.ts'
import { bytesOfHex, numbersOf } from '../text.ts'

const MALFORMED = 'E01'

interface PointPlace {
  readonly type: number
  readonly address: number
  readonly length: number
}

/** `type,address,length`; undefined for a type there is not, which gdb then does without. */
function placeOf(text: string): PointPlace | 'malformed' | undefined {
  const [type, address, length] = numbersOf(text, 3) ?? []
  if (type === undefined || address === undefined || length === undefined) return 'malformed'
  if (type > PointType.ACCESS) return undefined
  const isWatch = type >= PointType.WRITE
  return isWatch && (length === 0 || address + length > 2 ** 32) ? 'malformed' : { type, address, length }
}

/** `Ztype,address,length` and for breakpoints `;Xlength,digits` for each condition, of which one must hold. */
export function insert(session: GdbSession, text: string): Reply {
  const [head = '', ...options] = text.split(';')
  const place = placeOf(head)
  if (place === undefined) return ''
  if (place === 'malformed') return MALFORMED
  try {
    const conditions = options.flatMap(option => expressions(option))
    const why = session.points.insert({
      ...place,
      condition: options.join(';'),
      holds: conditions.length === 0 ? undefined : judge(conditions, session),
    })
    return why === undefined ? 'OK' : session.refuse(why)
  } catch (error) {
    if (error instanceof AgentError) return session.refuse(`The condition cannot be judged here: ${error.message}`)
    throw error
  }
}

/** `ztype,address,length` */
export function remove(session: GdbSession, text: string): Reply {
  const place = placeOf(text)
  if (place === undefined) return ''
  if (place === 'malformed') return MALFORMED
  session.points.remove(place)
  return 'OK'
}

/** `X10,22…X4,…`: the length of each in bytes, then its digits. What is no condition is passed over. */
function expressions(option: string): AgentExpression[] {
  const found: AgentExpression[] = []
  for (let at = 0; at < option.length; ) {
    const [head, length] = /^X([0-9a-f]{1,6}),/i.exec(option.slice(at)) ?? []
    if (head === undefined || length === undefined) break
    const start = at + head.length
    at = start + 2 * Number.parseInt(length, 16)
    const bytes = at <= option.length ? bytesOfHex(option.slice(start, at)) : undefined
    if (bytes === undefined) throw new AgentError('its digits are cut off')
    found.push(agentExpression(bytes))
  }
  return found
}

/** Where a condition has no value the program stops, so that somebody can look. */
function judge(conditions: readonly AgentExpression[], session: GdbSession): (machine: Machine) => boolean {
  const registerValue = (machine: Machine, number: number): bigint | undefined => {
    const register: GdbRegister | undefined = session.register(number)
    return register && readValue(machine, register)
  }
  return machine => {
    const context = agentContext(machine, registerValue)
    try {
      return conditions.some(each => each.evaluate(context) !== 0n)
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      session.note(`A condition has no value here: ${error.message}.`)
      return true
    }
  }
}
