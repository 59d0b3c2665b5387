// The first stack of a process, as the kernel leaves it (System V ABI, PowerPC supplement, chapter 3): strings at the
// top, below them the auxiliary vector, the environment, the arguments and their number, at which r1 points.

import { Auxv, CLK_TCK, Hwcap, PAGE, UID } from './abi.ts'
import type { UserMemory } from './memory.ts'

export interface Start {
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly entry: number
  /** Where the program headers are in memory, and how many. */
  readonly headers: number
  readonly headerCount: number
  readonly fpu: boolean
}

const PROGRAM_HEADER = 32
const CACHE_LINE = 32
/** The bytes of AT_RANDOM, from which a stack guard is made. */
const RANDOM = Uint8Array.from({ length: 16 }, (_, i) => (37 * i + 101) & 0xff)

/** @returns the stack pointer. */
export function writeStack(memory: UserMemory, top: number, start: Start): number {
  let at = top
  const put = (bytes: Uint8Array): number => {
    at -= bytes.length
    memory.bytes(at, bytes.length).set(bytes)
    return at
  }
  const text = (value: string): number => put(new TextEncoder().encode(`${value}\0`))
  const executable = text(start.args[0] ?? '')
  const environment = start.environment.map(text)
  const args = start.args.map(text)
  const platform = text('ppc440')
  const random = put(RANDOM)
  const vector = [
    ...[Auxv.PHDR, start.headers, Auxv.PHENT, PROGRAM_HEADER, Auxv.PHNUM, start.headerCount, Auxv.PAGESZ, PAGE],
    ...[Auxv.BASE, 0, Auxv.FLAGS, 0, Auxv.ENTRY, start.entry, Auxv.UID, UID, Auxv.EUID, UID, Auxv.GID, UID],
    ...[Auxv.EGID, UID, Auxv.PLATFORM, platform, Auxv.HWCAP, Hwcap.BASE | (start.fpu ? Hwcap.FPU : 0)],
    ...[Auxv.CLKTCK, CLK_TCK, Auxv.DCACHEBSIZE, CACHE_LINE, Auxv.ICACHEBSIZE, CACHE_LINE, Auxv.UCACHEBSIZE, 0],
    ...[Auxv.SECURE, 0, Auxv.RANDOM, random, Auxv.EXECFN, executable, Auxv.NULL, 0],
  ]
  const words = [args.length, ...args, 0, ...environment, 0, ...vector]
  const sp = (at - 4 * words.length) & ~15
  for (const [i, word] of words.entries()) memory.setWord(sp + 4 * i, word | 0)
  return sp
}
