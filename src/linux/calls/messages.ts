// Queues of messages: msgget(2), msgsnd(2), msgrcv(2), msgctl(2).

import { Errno } from '../abi.ts'
import { type Message, type MessageQueue, permissionWords, permits } from '../ipc.ts'
import { BYTES_PER_UNIT } from '../work.ts'
import type { Call } from './call.ts'
import { IPC, IPC_MODE, ipcChanged, MODE_WORD, missing, putWords, secondsNow, waitingForIpc } from './ipcCommon.ts'

const MOST_BYTES = 8192
const MOST_QUEUED = 16_384
const MSG_NOERROR = 0o10000
const MSG_EXCEPT = 0o20000
const MSG_COPY = 0o40000

export const msgget: Call = (process, key = 0, flags = 0) => {
  const { ipc } = process.kernel
  const make = (): MessageQueue => ({
    ...{ id: ipc.newId(), key, mode: flags & IPC_MODE, changed: secondsNow(process), messages: [], most: MOST_QUEUED },
    ...{ sent: 0, received: 0, sender: 0, receiver: 0 },
  })
  return ipc.queues.find(key, flags, () => 0, make)
}

const bytesIn = ({ messages }: MessageQueue): number => messages.reduce((sum, { bytes }) => sum + bytes.length, 0)

export const msgsnd: Call = (process, id = 0, address = 0, size = 0, flags = 0) => {
  const { memory, kernel, work } = process
  const type = memory.word(address)
  if (size < 0 || size > MOST_BYTES || type < 1) return -Errno.EINVAL
  const queue = kernel.ipc.queues.get(id)
  if (queue === undefined) return missing(process)
  if (!permits(queue, 2)) return -Errno.EACCES
  const bytes = memory.read(address + 4, size).slice()
  if (bytesIn(queue) + size > queue.most || queue.messages.length + 1 > queue.most)
    return waitingForIpc(process, flags, 'room in a queue of messages')
  work.charge(size / BYTES_PER_UNIT)
  const messages = [...queue.messages, { type, bytes }]
  kernel.ipc.queues.put({ ...queue, messages, sent: secondsNow(process), sender: process.pid })
  ipcChanged(process)
  return 0
}

/** The first of a type, of another, or of the lowest types. */
function wanted(messages: readonly Message[], type: number, flags: number): Message | undefined {
  if (type === 0) return messages[0]
  if (type > 0) return messages.find(each => (each.type === type) === ((flags & MSG_EXCEPT) === 0))
  const lowest = Math.min(...messages.map(each => each.type))
  return lowest <= -type ? messages.find(each => each.type === lowest) : undefined
}

export const msgrcv: Call = (process, id = 0, address = 0, size = 0, type = 0, flags = 0) => {
  const { memory, kernel, work } = process
  if (size < 0 || (flags & MSG_COPY) !== 0) return -Errno.EINVAL
  const queue = kernel.ipc.queues.get(id)
  if (queue === undefined) return missing(process)
  if (!permits(queue, 4)) return -Errno.EACCES
  const message = wanted(queue.messages, type, flags)
  if (message === undefined) {
    const waits = waitingForIpc(process, flags, 'a message')
    return waits === -Errno.EAGAIN ? -Errno.ENOMSG : waits
  }
  if (message.bytes.length > size && (flags & MSG_NOERROR) === 0) return -Errno.E2BIG
  const bytes = message.bytes.subarray(0, size)
  memory.bytes(address + 4, bytes.length).set(bytes)
  memory.setWord(address, message.type)
  work.charge(bytes.length / BYTES_PER_UNIT)
  const messages = queue.messages.filter(each => each !== message)
  kernel.ipc.queues.put({ ...queue, messages, received: secondsNow(process), receiver: process.pid })
  ipcChanged(process)
  return bytes.length
}

/** Where struct msqid64_ds has how many bytes the queue may hold, in words. */
const MOST_WORD = 20

export const msgctl: Call = (process, id = 0, command = 0, address = 0) => {
  const { kernel, memory } = process
  const queue = kernel.ipc.queues.get(id)
  if (queue === undefined) return -Errno.EINVAL
  switch (command) {
    case IPC.RMID:
      kernel.ipc.queues.remove(id)
      ipcChanged(process)
      return 0
    case IPC.SET: {
      const most = memory.word(address + 4 * MOST_WORD) >>> 0
      if (most > MOST_QUEUED) return -Errno.EPERM
      const mode = memory.word(address + 4 * MODE_WORD) & IPC_MODE
      kernel.ipc.queues.put({ ...queue, mode, most, changed: secondsNow(process) })
      ipcChanged(process)
      return 0
    }
    case IPC.STAT: {
      if (!permits(queue, 4)) return -Errno.EACCES
      const { sent, received, changed, messages, most, sender, receiver } = queue
      const times = [0, sent, 0, received, 0, changed]
      const counts = [bytesIn(queue), messages.length, most, sender, receiver, 0, 0]
      putWords(process, address, [...permissionWords(queue), ...times, ...counts])
      return 0
    }
    default:
      return -Errno.EINVAL
  }
}
