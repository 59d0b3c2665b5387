// qXfer: documents in pieces.

import { SIGINFO_BYTES, siginfoWords } from '../../linux/signals.ts'
import type { Machine } from '../../machine/machine.ts'
import { peekMemory } from '../../machine/memory.ts'
import type { GdbSession, Reply } from '../session.ts'
import { escaped, MEMORY_MAP, targetXml } from '../targetXml.ts'
import { numberOf, numbersOf } from '../text.ts'
import { namedThreads } from './threads.ts'

type Document = (session: GdbSession, annex: string) => string | Uint8Array | undefined

const DOCUMENTS: Readonly<Record<string, Document>> = {
  features: ({ target: { machine } }, annex) =>
    annex === 'target.xml' ? targetXml(machine.cpu.fpu, machine.process !== undefined) : undefined,
  'memory-map': () => MEMORY_MAP,
  'exec-file': ({ host }) => host.program.path,
  libraries: () => '<library-list></library-list>\n',
  threads: threadsDocument,
  siginfo: ({ target }) => signalInfo(target.machine),
  auxv: ({ target }) => auxiliaryVector(target.machine),
}

/** A row for each thread. */
function threadsDocument(session: GdbSession): string {
  const rows = namedThreads(session).map(
    ({ id, name, text }) =>
      `<thread id="${id}" core="0"${name === '' ? '' : ` name="${escaped(name)}"`}>${escaped(text)}</thread>`,
  )
  return `<threads>${rows.join('')}</threads>\n`
}

/** struct siginfo of the signal that is due to the thread on the core. */
function signalInfo({ linux }: Machine): Uint8Array | undefined {
  if (linux?.signals.caught === undefined || linux.lookedAt !== undefined) return undefined
  const view = new DataView(new ArrayBuffer(SIGINFO_BYTES))
  for (const [i, word] of siginfoWords(linux.signals.caught).entries())
    if (4 * i < SIGINFO_BYTES) view.setInt32(4 * i, word)
  return new Uint8Array(view.buffer)
}

/** `:siginfo:write::offset:bytes`, answered by how many were written. */
function writeSignalInfo({ target: { machine, state } }: GdbSession, text: string, bytes: Uint8Array): Reply {
  const [head = '', digits] = /^:siginfo:write::([0-9a-f]+):/.exec(text) ?? []
  const offset = numberOf(digits)
  const piece = bytes.subarray(head.length)
  const info = state === 'stopped' ? signalInfo(machine) : undefined
  if (info === undefined || offset === undefined || offset + piece.length > info.length) return 'E01'
  info.set(piece, offset)
  machine.accept({ kind: 'siginfo', data: info })
  return piece.length.toString(16)
}

/** `:object:read:annex:offset,length`, answered by `m` and a piece, or `l` and the last one. */
export function qXfer(session: GdbSession, text: string, data: Uint8Array): Reply {
  if (text.startsWith(':siginfo:write:')) return writeSignalInfo(session, text, data)
  const [, object = '', operation, annex = '', range = ''] = text.split(':')
  const document = Object.hasOwn(DOCUMENTS, object) ? DOCUMENTS[object] : undefined
  if (document === undefined || operation !== 'read') return ''
  const contents = document(session, annex)
  const [offset, length] = numbersOf(range, 2) ?? []
  if (contents === undefined || offset === undefined || length === undefined) return 'E00'
  const bytes = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents
  const piece = bytes.subarray(offset, offset + Math.min(length, LONGEST))
  const reply = new Uint8Array(piece.length + 1)
  reply[0] = (offset + piece.length < bytes.length ? 'm' : 'l').charCodeAt(0)
  reply.set(piece, 1)
  return reply
}

/** Bytes of one piece: with every byte escaped it is still a packet. */
const LONGEST = 1 << 16
/** Arguments, environment and the vector of a process are not longer than this. */
const MOST_STACK = 1 << 20

/** What the kernel has told a process at its start: behind its arguments and its environment, up to the pair of AT_NULL. */
function auxiliaryVector({ cpu, process }: Machine): Uint8Array | undefined {
  if (process === undefined) return undefined
  const bytes = peekMemory(cpu, process.firstStack, MOST_STACK)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wordAt = (at: number): number | undefined => (at + 4 <= bytes.length ? view.getUint32(at) : undefined)
  let at = 4
  for (let lists = 0; lists < 2; lists++) {
    while (wordAt(at) !== 0) {
      if (wordAt(at) === undefined) return undefined
      at += 4
    }
    at += 4
  }
  const start = at
  while (wordAt(at) !== 0) {
    if (wordAt(at) === undefined) return undefined
    at += 8
  }
  return bytes.slice(start, at + 8)
}
