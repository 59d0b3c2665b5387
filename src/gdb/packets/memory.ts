// Packets that read and write memory, by effective address, as the TLB maps it now. Reading has no side effect.

import type { GdbSession, Reply } from '../session.ts'
import { bytesOfHex, hexOf, numbersOf } from '../text.ts'

/** EFAULT: nothing is mapped there, or it is no RAM that is written. */
const FAULT = 'E0e'
const MALFORMED = 'E01'
/** Bytes of one answer. */
const LONGEST = 1 << 16

function piece({ target }: GdbSession, text: string): Uint8Array | undefined {
  const [address, length] = numbersOf(text, 2) ?? []
  if (address === undefined || length === undefined) return undefined
  return target.readMemory(address, Math.min(length, LONGEST))
}

/** `maddress,length`: as many bytes as there are up to the first that is not. */
export function read(session: GdbSession, text: string): Reply {
  const bytes = piece(session, text)
  if (bytes === undefined) return MALFORMED
  return bytes.length === 0 && !text.endsWith(',0') ? FAULT : hexOf(bytes)
}

/** `xaddress,length`: the same after the letter b. */
export function readBinary(session: GdbSession, text: string): Reply {
  const bytes = piece(session, text)
  if (bytes === undefined) return MALFORMED
  if (bytes.length === 0 && !text.endsWith(',0')) return FAULT
  const reply = new Uint8Array(bytes.length + 1)
  reply[0] = 'b'.charCodeAt(0)
  reply.set(bytes, 1)
  return reply
}

/** `Maddress,length:digits` */
export function write(session: GdbSession, text: string): Reply {
  const [place = '', digits = ''] = text.split(':')
  return put(session, place, bytesOfHex(digits))
}

/** `Xaddress,length:bytes` */
export function writeBinary(session: GdbSession, text: string, bytes: Uint8Array): Reply {
  const colon = text.indexOf(':')
  return colon < 0 ? MALFORMED : put(session, text.slice(0, colon), bytes.subarray(colon + 1))
}

function put({ target }: GdbSession, place: string, bytes: Uint8Array | undefined): Reply {
  const [address, length] = numbersOf(place, 2) ?? []
  if (address === undefined || bytes === undefined || bytes.length !== length) return MALFORMED
  // gdb asks so whether there is this packet at all.
  if (length === 0) return 'OK'
  return target.writing(() => target.writeMemory(address, bytes)) ? 'OK' : FAULT
}
