// The log of a Linux kernel; of one from 5.10 on out of its ring (kernel/printk/printk_ringbuffer.h): descriptors say where the
// text of each record lies in another ring, and records beside them when it was written. Where the members are, the
// kernel's own debug information says.

import type { Context } from '../../expr/context.ts'
import { ExpressionError } from '../../expr/error.ts'
import { memberOf, type Value } from '../../expr/value.ts'
import { sizeOf, strip } from '../../symbols/types.ts'
import { UserError } from '../../util/userError.ts'
import { damagedLog, MOST_LOG_BITS, MOST_RECORDS, timedLines } from './linuxLogLines.ts'
import { hasOldLog, oldLogText } from './linuxOldLog.ts'
import { numberIn, numberOf, objectOf, plain } from './read.ts'

/** A descriptor's word: its state in the two most significant bits, below them its id (`DESC_STATE`, `DESC_ID`). */
const ID = 0x3fff_ffffn
const STATE_SHIFT = 30n
const COMMITTED = 1n
const FINALIZED = 2n

interface Ring {
  readonly descriptors: Value
  readonly infos: Value
  readonly countBits: bigint
  readonly head: bigint
  readonly tail: bigint
  /** Where texts lie. */
  readonly data: bigint
  readonly sizeBits: bigint
}

/** As dmesg shows it, the newest last. @throws UserError for a kernel whose log cannot be read */
export function logText(context: Context): string {
  try {
    return (hasOldLog(context) ? oldLogText(context) : ringText(context)) || 'The log is empty.\n'
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new UserError(
      'no-log',
      'the log of this kernel cannot be read here',
      `it needs debug information, a kernel from 3.11 on, and its memory mapped (${error.message})`,
    )
  }
}

function ringText(context: Context): string {
  const ring = ringOf(context)
  const count = 1n << ring.countBits
  const inUse = ((ring.head - ring.tail) & ID) + 1n
  const shown = [inUse, count, BigInt(MOST_RECORDS)].reduce((least, each) => (each < least ? each : least))
  const lines = Array.from({ length: Number(shown) }, (_, n) => {
    const id = (ring.head - shown + 1n + BigInt(n)) & ID
    return recordText(ring, id, context) ?? ''
  })
  return lines.join('')
}

function ringOf(context: Context): Ring {
  const number = (path: string): bigint => numberOf(context, `prb->${path}`)
  const ring: Ring = {
    descriptors: objectOf(context, '*prb->desc_ring.descs'),
    infos: objectOf(context, '*prb->desc_ring.infos'),
    countBits: number('desc_ring.count_bits'),
    head: number('desc_ring.head_id.counter'),
    tail: number('desc_ring.tail_id.counter'),
    data: number('text_data_ring.data'),
    sizeBits: number('text_data_ring.size_bits'),
  }
  if (ring.countBits <= MOST_LOG_BITS && ring.sizeBits <= MOST_LOG_BITS) return ring
  throw damagedLog()
}

/** Undefined for a record that is not whole: it is being written, or has been given up. */
function recordText(ring: Ring, id: bigint, context: Context): string | undefined {
  const index = Number(id & ((1n << ring.countBits) - 1n))
  const descriptor = element(ring.descriptors, index)
  const info = element(ring.infos, index)
  const number = (object: Value, ...path: string[]): bigint =>
    numberIn(inside(object, path, context), context, path.join('.'))
  try {
    const word = number(descriptor, 'state_var', 'counter')
    const state = (word >> STATE_SHIFT) & 3n
    if ((word & ID) !== id || (state !== COMMITTED && state !== FINALIZED)) return undefined
    const begin = number(descriptor, 'text_blk_lpos', 'begin')
    const next = number(descriptor, 'text_blk_lpos', 'next')
    const text = blockText(ring, { id, begin, next }, Number(number(info, 'text_len')), context)
    return text === undefined ? undefined : timedLines(number(info, 'ts_nsec'), text)
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

interface Block {
  readonly id: bigint
  /** Positions in the ring of texts, counted on over its end. */
  readonly begin: bigint
  readonly next: bigint
}

/** A block begins with its record's id; one that does not fit before the ring's end lies at its beginning. */
function blockText(
  { data, sizeBits }: Ring,
  { id, begin, next }: Block,
  length: number,
  context: Context,
): string | undefined {
  // Odd positions stand for no text: an empty line is 3, what was lost is 1.
  if ((begin & 1n) !== 0n && (next & 1n) !== 0n) return next === 3n ? '' : undefined
  const wraps = next >> sizeBits !== begin >> sizeBits && (next & mask(sizeBits)) !== 0n
  const start = wraps ? 0n : begin & mask(sizeBits)
  const end = wraps ? next & mask(sizeBits) : start + ((next - begin) & 0xffff_ffffn)
  const room = Number(end - start) - 4
  const bytes =
    room < 0 || end > 1n << sizeBits ? undefined : context.readMemory(Number(data + start), 4 + Math.min(room, length))
  if (bytes === undefined) return undefined
  const owner = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return BigInt(owner) === id ? plain(bytes.subarray(4)) : undefined
}

const mask = (bits: bigint): bigint => (1n << bits) - 1n

/** So many further on than the first. */
function element(first: Value, index: number): Value {
  const { place, type } = first
  if (place.kind !== 'memory') return first
  return { type, place: { kind: 'memory', address: (place.address + index * (sizeOf(type) ?? 0)) >>> 0 } }
}

/** @throws ExpressionError where there is no such member */
function inside(object: Value, path: readonly string[], context: Context): Value {
  return path.reduce((outer, name) => {
    const type = strip(outer.type)
    const member = type.kind === 'struct' ? type.members.find(each => each.name === name) : undefined
    if (member === undefined) throw new ExpressionError(0, `there is no member ${name}`, 'This kernel has another log.')
    return memberOf(outer, member, context)
  }, object)
}
