// Packets that read and write registers. Values are digits, most significant byte first.

import { namedRegisters } from '../../debuggee/frameRegisters.ts'
import { type GdbRegister, readHex, writeHex } from '../registers.ts'
import type { GdbSession, Reply } from '../session.ts'
import { numberOf, word } from '../text.ts'

/** `g`: the general registers one after the other; gdb asks for the others by `p`. */
export function readAll(session: GdbSession): Reply {
  let digits = ''
  for (const register of session.general) digits += digitsOf(session, register)
  return digits
}

/** Of a task that is not on the core, what its system has saved, and `x` for what it has not. */
function digitsOf({ target: { machine, lookedAt } }: GdbSession, register: GdbRegister): string {
  if (lookedAt === undefined) return readHex(machine, register)
  const { bits, kind, source } = register
  const isSaved = typeof lookedAt !== 'string' && kind !== 'float' && source !== 'MSR'
  const value = isSaved ? namedRegisters(machine, lookedAt).readRegister(source) : undefined
  return value === undefined ? 'x'.repeat(bits / 4) : word(value)
}

/** @returns why it cannot be written, or nothing where it was */
function writeDigits({ target: { machine, lookedAt } }: GdbSession, register: GdbRegister, digits: string) {
  if (lookedAt === undefined) return writeHex(machine, register, digits)
  const isSaved = typeof lookedAt !== 'string' && digits.length === 8
  const isWritten =
    isSaved && namedRegisters(machine, lookedAt).writeRegister(register.source, Number.parseInt(digits, 16) | 0)
  return isWritten ? undefined : `${register.source} of this task is kept nowhere`
}

/** `Gdigits`, as `g` gives them. */
export function writeAll(session: GdbSession, text: string): Reply {
  const { general: all } = session
  if (text.length !== all.reduce((sum, { bits }) => sum + bits / 4, 0) || !/^[0-9a-f]*$/i.test(text)) return 'E01'
  let at = 0
  return writing(session, () => {
    for (const register of all) {
      const digits = text.slice(at, (at += register.bits / 4))
      if (digits.toLowerCase() === digitsOf(session, register)) continue
      const why = writeDigits(session, register, digits)
      if (why !== undefined) return why
    }
    return undefined
  })
}

/** `pnumber` */
export function readOne(session: GdbSession, text: string): Reply {
  const register = session.register(numberOf(text) ?? -1)
  return register === undefined ? 'E01' : digitsOf(session, register)
}

/** `Pnumber=digits` */
export function writeOne(session: GdbSession, text: string): Reply {
  const [number, digits = ''] = text.split('=')
  const register = session.register(numberOf(number) ?? -1)
  if (register === undefined) return 'E01'
  // Comparators that wait for nothing but to be taken again are free for whoever writes them.
  if (isFacility(register)) session.points.settle()
  return writing(session, () => writeDigits(session, register, digits))
}

const isFacility = ({ source }: GdbRegister): boolean => /^(DBCR|DBSR|IAC|DAC|DVC)/.test(source)

/** Other front ends hear of what is written. @param write says why it cannot be */
function writing(session: GdbSession, write: () => string | undefined): Reply {
  if (session.target.state === 'running') return session.refuse('The program runs: stop it first')
  const why = session.target.writing(write)
  return why === undefined ? 'OK' : session.refuse(why)
}
