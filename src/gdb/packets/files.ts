// vFile: the files that gdb asks of this side. It gets the program itself, and of a process what /proc tells of its
// memory; nothing else of the machine that this runs on.

import type { GdbSession, Reply } from '../session.ts'
import { textOfHex, word } from '../text.ts'

/** Errors by the protocol's numbers ("Errno Values"). */
const [ENOENT, EBADF, EACCES, EINVAL] = [2, 9, 13, 22]

const failed = (errno: number): Reply => `F-1,${errno.toString(16)}`

/** Descriptors are numbers of these. */
const FILES: readonly ((session: GdbSession, path: string) => Uint8Array | undefined)[] = [
  ({ host: { program } }, path) => (path === program.path ? program.bytes : undefined),
  ({ target }, path) =>
    target.machine.process !== undefined && /^\/proc\/\d+\/maps$/.test(path)
      ? mapsOf(target.machine.process)
      : undefined,
]

/** Of a path that has been opened, which the numbers stand for. */
const OPENED: readonly string[] = ['', '/proc/1/maps']

function contentsOf(session: GdbSession, descriptor: number): Uint8Array | undefined {
  const path = descriptor === 0 ? session.host.program.path : OPENED[descriptor]
  return path === undefined ? undefined : FILES[descriptor]?.(session, path)
}

/** `:operation:arguments` */
export function vFile(session: GdbSession, text: string): Reply {
  const [, operation = '', args = ''] = text.split(':')
  const [first = '', second = '', third = ''] = args.split(',')
  switch (operation) {
    case 'setfs':
      return 'F0'
    case 'open':
      return open(session, textOfHex(first), second)
    case 'close':
      return contentsOf(session, Number.parseInt(first, 16)) === undefined ? failed(EBADF) : 'F0'
    case 'pread':
      return read(session, Number.parseInt(first, 16), Number.parseInt(second, 16), Number.parseInt(third, 16))
    case 'fstat':
      return status(session, Number.parseInt(first, 16))
    case 'pwrite':
    case 'unlink':
      return failed(EACCES)
    case 'readlink':
      return failed(ENOENT)
    default:
      return ''
  }
}

/** @param flags 0 to read; nothing here is written */
function open(session: GdbSession, path: string | undefined, flags: string): Reply {
  if (path === undefined) return failed(EINVAL)
  const descriptor = FILES.findIndex(file => file(session, path) !== undefined)
  if (descriptor < 0) return failed(ENOENT)
  return Number.parseInt(flags, 16) === 0 ? `F${descriptor}` : failed(EACCES)
}

/** Bytes of one answer. */
const LONGEST = 1 << 16

function read(session: GdbSession, descriptor: number, count: number, offset: number): Reply {
  const contents = contentsOf(session, descriptor)
  if (contents === undefined) return failed(EBADF)
  if (!(count >= 0 && offset >= 0)) return failed(EINVAL)
  const piece = contents.subarray(offset, offset + Math.min(count, LONGEST))
  return withData(`F${piece.length.toString(16)};`, piece)
}

function withData(head: string, data: Uint8Array): Uint8Array {
  const reply = new Uint8Array(head.length + data.length)
  reply.set(new TextEncoder().encode(head))
  reply.set(data, head.length)
  return reply
}

const STAT_BYTES = 64
/** Where its fields are, of the size the lower half. */
const [MODE, SIZE] = [8, 32]
const REGULAR_READABLE = 0o100444

/** struct stat of the protocol: big-endian, whoever has it. */
function status(session: GdbSession, descriptor: number): Reply {
  const contents = contentsOf(session, descriptor)
  if (contents === undefined) return failed(EBADF)
  const stat = new Uint8Array(STAT_BYTES)
  const view = new DataView(stat.buffer)
  view.setUint32(MODE, REGULAR_READABLE)
  view.setUint32(SIZE, contents.length)
  return withData(`F${STAT_BYTES.toString(16)};`, stat)
}

type Mapped = NonNullable<GdbSession['target']['machine']['process']>

/** A line for each stretch of pages with one protection, as in /proc/PID/maps. */
function mapsOf({ space }: Mapped): Uint8Array {
  const lines = space.mappings().map(({ start, end, read: r, write, execute }) => {
    const rights = `${r ? 'r' : '-'}${write ? 'w' : '-'}${execute ? 'x' : '-'}p`
    return `${word(start)}-${word(end)} ${rights} 00000000 00:00 0 \n`
  })
  return new TextEncoder().encode(lines.join(''))
}
