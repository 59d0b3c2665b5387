// Packets that read and write registers. Values are digits, most significant byte first.

import { type GdbRegister, readHex, writeHex } from '../registers.ts'
import type { GdbSession, Reply } from '../session.ts'
import { numberOf } from '../text.ts'

/** `g`: the general registers one after the other; gdb asks for the others by `p`. */
export function readAll({ target: { machine }, general }: GdbSession): Reply {
  let digits = ''
  for (const register of general) digits += readHex(machine, register)
  return digits
}

/** `Gdigits`, as `g` gives them. */
export function writeAll(session: GdbSession, text: string): Reply {
  const { general: all } = session
  if (text.length !== all.reduce((sum, { bits }) => sum + bits / 4, 0) || !/^[0-9a-f]*$/i.test(text)) return 'E01'
  let at = 0
  return writing(session, () => {
    for (const register of all) {
      const digits = text.slice(at, (at += register.bits / 4))
      if (digits.toLowerCase() === readHex(session.target.machine, register)) continue
      const why = writeHex(session.target.machine, register, digits)
      if (why !== undefined) return why
    }
    return undefined
  })
}

/** `pnumber` */
export function readOne(session: GdbSession, text: string): Reply {
  const register = session.register(numberOf(text) ?? -1)
  return register === undefined ? 'E01' : readHex(session.target.machine, register)
}

/** `Pnumber=digits` */
export function writeOne(session: GdbSession, text: string): Reply {
  const [number, digits = ''] = text.split('=')
  const register = session.register(numberOf(number) ?? -1)
  if (register === undefined) return 'E01'
  // Comparators that wait for nothing but to be taken again are free for whoever writes them.
  if (isFacility(register)) session.points.settle()
  return writing(session, () => writeHex(session.target.machine, register, digits))
}

const isFacility = ({ source }: GdbRegister): boolean => /^(DBCR|DBSR|IAC|DAC|DVC)/.test(source)

/** Other front ends hear of what is written. @param write says why it cannot be */
function writing(session: GdbSession, write: () => string | undefined): Reply {
  if (session.target.state === 'running') return session.refuse('The program runs: stop it first')
  const why = session.target.writing(write)
  return why === undefined ? 'OK' : session.refuse(why)
}
