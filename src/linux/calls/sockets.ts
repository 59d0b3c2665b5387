// There is no network here, nor sockets between processes: nobody gets a socket, and what is open is none.

import { Errno } from '../abi.ts'
import type { Process } from '../process.ts'
import type { Call, Calls } from './call.ts'

const noSocket =
  (name: string): Call =>
  process => {
    process.kernel.cpu.diagnoseOnce(`there are no sockets here: ${name} fails with EAFNOSUPPORT`)
    return -Errno.EAFNOSUPPORT
  }

const notASocket: Call = ({ descriptors }: Process, fd) =>
  descriptors.get(fd!) === undefined ? -Errno.EBADF : -Errno.ENOTSOCK

/** Calls of a socket, by the number from which on they stand one after the other: 327 to 332, 334 to 344. */
const OF_A_SOCKET = {
  327: ['bind', 'connect', 'listen', 'accept', 'getsockname', 'getpeername'],
  334: ['send', 'sendto', 'recv', 'recvfrom', 'shutdown', 'setsockopt', 'getsockopt', 'sendmsg', 'recvmsg'],
  343: ['recvmmsg', 'accept4'],
  349: ['sendmmsg'],
  417: ['recvmmsg_time64'],
} as const

const named = Object.entries(OF_A_SOCKET).flatMap(([first, names]) =>
  names.map((name, i) => [Number(first) + i, [name, notASocket]] as const),
)

const SOCKET = 1
const SOCKETPAIR = 8

/** socketcall(2): one call for all of them, by a number of its own and with arguments in memory. */
const socketcall: Call = (process, which, args) => {
  if (which === SOCKET || which === SOCKETPAIR) return noSocket(which === SOCKET ? 'socket' : 'socketpair')(process)
  return notASocket(process, process.memory.word(args!))
}

export const socketCalls: Calls = {
  ...Object.fromEntries(named),
  102: ['socketcall', socketcall],
  326: ['socket', noSocket('socket')],
  333: ['socketpair', noSocket('socketpair')],
}
