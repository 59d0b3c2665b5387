// The log of a Linux kernel from 3.11 to 5.9 (struct printk_log in kernel/printk/printk.c): records one behind the other in
// one buffer, each with its length, and one of length 0 where the next begins at the buffer's start again.

import type { Context } from '../../expr/context.ts'
import { layoutOf } from './layout.ts'
import { damagedLog, MOST_LOG_BITS, MOST_RECORDS, timedLines } from './linuxLogLines.ts'
import { numberOf, plain } from './read.ts'

/** Whether the kernel has a log of this kind, by its debug information. */
export const hasOldLog = (context: Context): boolean => layoutOf(context).offset('printk_log.text_len') !== undefined

/** The newest record last; empty for an empty log. @throws ExpressionError where it cannot be read */
export function oldLogText(context: Context): string {
  const layout = layoutOf(context)
  const [time, length, textLength] = ['ts_nsec', 'len', 'text_len'].map(
    name => layout.offset(`printk_log.${name}`) ?? 0,
  )
  const header = layout.size('printk_log') ?? 0
  const number = (name: string): number => Number(numberOf(context, name))
  const [buffer, size] = [number('log_buf'), number('log_buf_len')]
  const count = number('log_next_seq') - number('log_first_seq')
  const bytesAt = (offset: number, bytes: number): DataView => {
    const read = offset + bytes <= size ? context.readMemory((buffer + offset) >>> 0, bytes) : undefined
    if (read === undefined) throw damagedLog()
    return new DataView(read.buffer, read.byteOffset, bytes)
  }
  // A record has its header at least.
  if (size > 2 ** MOST_LOG_BITS || count < 0 || count * header > size) throw damagedLog()
  const lines: string[] = []
  let at = number('log_first_idx')
  for (let n = 0; n < count; n++) {
    if (bytesAt(at, header).getUint16(length!) === 0) at = 0
    const record = bytesAt(at, header)
    const text = bytesAt(at + header, record.getUint16(textLength!))
    const bytes = new Uint8Array(text.buffer, text.byteOffset, text.byteLength)
    lines.push(timedLines(record.getBigUint64(time!), plain(bytes)))
    at += record.getUint16(length!)
  }
  return lines.slice(-MOST_RECORDS).join('')
}
