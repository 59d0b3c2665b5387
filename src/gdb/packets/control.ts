// Packets about the connection and the program as a whole.

import { LONGEST_PACKET } from '../framing.ts'
import type { GdbSession, Reply } from '../session.ts'
import { textOfHex } from '../text.ts'

/** Half of what is taken, since any byte may have to be escaped. */
const PACKET_SIZE = (LONGEST_PACKET / 2).toString(16)

const FEATURES = [
  `PacketSize=${PACKET_SIZE}`,
  ...['features', 'memory-map', 'exec-file', 'libraries', 'threads'].map(object => `qXfer:${object}:read+`),
  ...['QStartNoAckMode+', 'vContSupported+', 'swbreak+', 'hwbreak+', 'ConditionalBreakpoints+'],
  ...['multiprocess+', 'error-message+', 'binary-upload+'],
]
const LINUX_FEATURES = [
  ...['qXfer:auxv:read+', 'qXfer:siginfo:read+', 'qXfer:siginfo:write+', 'QPassSignals+', 'QProgramSignals+'],
]

/** `qSupported:feature+;feature=value;…` */
export function supported(session: GdbSession, text: string): Reply {
  const features = text.replace(/^:/, '').split(';')
  session.features = new Set(features.filter(each => each.endsWith('+')).map(each => each.slice(0, -1)))
  const linux = session.target.machine.process === undefined ? [] : LINUX_FEATURES
  const reverse = session.target.hasHistory ? ['ReverseStep+', 'ReverseContinue+'] : []
  return [...FEATURES, ...linux, ...reverse].join(';')
}

export function noAcks(session: GdbSession): Reply {
  session.endAcks()
  return 'OK'
}

export function extended(session: GdbSession): Reply {
  session.isExtended = true
  return 'OK'
}

/** `D` or `D;pid`: the answer has to be out before the stream is closed. */
export function detach(session: GdbSession): Reply {
  session.afterReply(() => session.detach())
  return 'OK'
}

/** `k`: nobody waits for an answer. */
export function kill(session: GdbSession): Reply {
  session.kill()
  if (!session.isExtended) session.close()
  return undefined
}

export function killAnswered(session: GdbSession): Reply {
  session.kill()
  return 'OK'
}

const notOurs = (session: GdbSession): Reply =>
  session.refuse('The program belongs to the editor as well: begin it anew there')

/** `vRun;path;argument;…`, in digits. The path is that of the program, or empty. */
export function run(session: GdbSession, text: string): Reply {
  if (session.host.isShared) return notOurs(session)
  const [path, ...args] = text.slice(1).split(';').map(textOfHex)
  const { program } = session.host
  if (path === undefined || args.some(each => each === undefined)) return 'E01'
  if (path !== '' && !sameFile(path, program.path))
    return session.refuse(`This is a server of ${program.path}: start another for ${path}`)
  session.restart(args as string[])
  return session.status()
}

/** By the last name: the paths of gdb's side and of ours need not be the same. */
const sameFile = (a: string, b: string): boolean => lastName(a) === lastName(b)
const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** There is one process, whatever number is given. */
export function attach(session: GdbSession): Reply {
  if (session.target.state === 'ended') return session.refuse('The program has ended: begin it with "run"')
  return session.status()
}

/** `R XX`: no answer is expected. */
export function restart(session: GdbSession): Reply {
  if (!session.host.isShared) session.restart()
  return undefined
}

/** 1: gdb leaves the program alone when it goes; 0: it says that it ends it. */
export const attached = ({ host }: GdbSession): Reply => (host.once ? '0' : '1')
