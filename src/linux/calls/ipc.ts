// System V's calls: each by a number of its own, and all by one, ipc(2), which C libraries use.

import { Errno } from '../abi.ts'
import type { Call, Calls } from './call.ts'
import { msgctl, msgget, msgrcv, msgsnd } from './messages.ts'
import { semctl, semget, semtimedop } from './semaphores.ts'
import { shmat, shmctl, shmdt, shmget } from './sharedMemory.ts'

/** ipc(2) marks the structures of 64 bits, which the calls of their own have always. */
const IPC_64 = 0x100
const MSGRCV = 12

const ipc: Call = (process, which, first = 0, second = 0, third = 0, pointer = 0, fifth = 0) => {
  const { memory } = process
  const command = (third & ~IPC_64) | 0
  switch (which! & 0xffff) {
    case 1:
      return semtimedop(32)(process, first, pointer, second, 0)
    case 2:
      return semget(process, first, second, third)
    case 3:
      return semctl(process, first, second, command, memory.word(pointer))
    case 4:
      return semtimedop(32)(process, first, pointer, second, fifth)
    case 11:
      return msgsnd(process, first, pointer, second, third)
    case MSGRCV:
      return which === MSGRCV
        ? msgrcv(process, first, memory.word(pointer), second, memory.word(pointer + 4), third)
        : msgrcv(process, first, pointer, second, fifth, third)
    case 13:
      return msgget(process, first, second)
    case 14:
      return msgctl(process, first, second & ~IPC_64, pointer)
    case 21: {
      memory.bytes(third, 4)
      const at = shmat(process, first, pointer, second)
      if (typeof at !== 'number' || isError(at)) return at
      memory.setWord(third, at)
      return 0
    }
    case 22:
      return shmdt(process, pointer)
    case 23:
      return shmget(process, first, second, third)
    case 24:
      return shmctl(process, first, second & ~IPC_64, pointer)
    default:
      return -Errno.ENOSYS
  }
}

const MOST_ERRNO = 4095
const isError = (result: number): boolean => result < 0 && result >= -MOST_ERRNO

export const ipcCalls: Calls = {
  117: ['ipc', ipc],
  393: ['semget', semget],
  394: ['semctl', semctl],
  395: ['shmget', shmget],
  396: ['shmctl', shmctl],
  397: ['shmat', shmat],
  398: ['shmdt', shmdt],
  399: ['msgget', msgget],
  400: ['msgsnd', msgsnd],
  401: ['msgrcv', msgrcv],
  402: ['msgctl', msgctl],
  420: ['semtimedop_time64', semtimedop(64)],
}
