// prctl(2): the name of a thread, and which floating-point exceptions it takes.

import { Word } from '../../cpu/state.ts'
import { MSR_FE0, MSR_FE1, MSR_FP } from '../../isa/registers.ts'
import { Errno } from '../abi.ts'
import type { Call } from './call.ts'

const PR_GET_FPEXC = 11
const PR_SET_FPEXC = 12
const PR_SET_NAME = 15
const PR_GET_NAME = 16
const PR_FP_EXC_PRECISE = 3

const NAME_BYTES = 16

/** PR_FP_EXC_NONRECOV is FE1, PR_FP_EXC_ASYNC is FE0, and PR_FP_EXC_PRECISE both. */
const feOf = (mode: number): number => ((mode & 2) !== 0 ? MSR_FE0 : 0) | ((mode & 1) !== 0 ? MSR_FE1 : 0)
const modeOf = (msr: number): number => ((msr & MSR_FE0) !== 0 ? 2 : 0) | ((msr & MSR_FE1) !== 0 ? 1 : 0)

export const prctl: Call = ({ memory, thread, kernel: { cpu } }, option, argument) => {
  const msr = cpu.state.words[Word.MSR]
  switch (option) {
    case PR_GET_FPEXC:
      memory.setWord(argument!, modeOf(msr))
      return 0
    case PR_SET_FPEXC:
      if (argument! >>> 0 > PR_FP_EXC_PRECISE) return -Errno.EINVAL
      if ((msr & MSR_FP) !== 0) cpu.setMsr((msr & ~(MSR_FE0 | MSR_FE1)) | feOf(argument!))
      return 0
    case PR_SET_NAME: {
      const name = new Uint8Array(NAME_BYTES)
      for (let i = 0; i < NAME_BYTES - 1; i++) {
        name[i] = memory.read(argument! + i, 1)[0]!
        if (name[i] === 0) break
      }
      thread.name = new TextDecoder().decode(name.subarray(0, name.indexOf(0)))
      return 0
    }
    case PR_GET_NAME:
      memory
        .bytes(argument!, NAME_BYTES)
        .fill(0)
        .set(new TextEncoder().encode(thread.name).subarray(0, NAME_BYTES - 1))
      return 0
    default:
      return 0
  }
}
