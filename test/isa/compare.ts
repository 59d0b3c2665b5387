// Our disassembler beside GNU objdump: where the two differ on purpose, and words to compare them with.

import type { Variant } from '../../src/isa/decode.ts'
import { disassemble } from '../../src/isa/disasm.ts'
import { objdump, type Row } from './objdump.ts'

export const ADDRESS = 0x00100000

/** Where we differ on purpose, by the mnemonic that objdump prints. */
export const DIFFERENCES: readonly { readonly why: string; readonly holds: (theirs: Row, word: number) => boolean }[] =
  [
    {
      why: 'mftb: GNU as writes mfspr for the 440, but the part executes mftb too (manual p.249)',
      holds: ({ mnemonic }, word) => mnemonic === '.long' && (word & 0xfc0007ff) >>> 0 === 0x7c0002e6,
    },
    {
      why: 'user-defined instructions of the APU interface: no unit of this part answers to them',
      holds: ({ mnemonic }) => /^udi\d+fcm\.?$/.test(mnemonic),
    },
    {
      why: 'indexed DCR moves came with the 464',
      holds: ({ mnemonic }) => /^m[ft]dcru?x$/.test(mnemonic),
    },
    {
      why: 'segment registers and TLB operations of the classic PowerPC',
      holds: ({ mnemonic }) => /^(m[ft]sr(in)?|tlbie|tlbia|tlbli|tlbld)$/.test(mnemonic),
    },
    {
      why: 'defined by Book E, not implemented by the 440 (programming model 7)',
      holds: ({ mnemonic }) => /^(mfapidi|tlbivax|eciwx|ecowx)$/.test(mnemonic),
    },
  ]

interface Mismatch {
  readonly word: string
  readonly ours: string
  readonly theirs: string
}

/** Compares all words in one run of objdump. @returns what is not explained, and which explanations were needed. */
export function compare(words: readonly number[]): { unexplained: Mismatch[]; needed: Set<string> } {
  const unexplained: Mismatch[] = []
  const needed = new Set<string>()
  objdump(words, ADDRESS).forEach((theirs, i) => {
    const ours = disassemble(words[i]!, ADDRESS + 4 * i)
    if (ours.mnemonic === theirs.mnemonic && ours.operands === theirs.operands) return
    const difference = DIFFERENCES.find(({ holds }) => holds(theirs, words[i]!))
    if (difference !== undefined) needed.add(difference.why)
    else
      unexplained.push({
        word: words[i]!.toString(16),
        ours: `${ours.mnemonic} ${ours.operands}`,
        theirs: `${theirs.mnemonic} ${theirs.operands}`,
      })
  })
  return { unexplained, needed }
}

/** A word of `variant`: fields at random, sometimes 0, sometimes equal to each other; reserved bits 0 or at random. */
export function wordOf({ pattern, oe, rc }: Variant, n: number, random: () => number): number {
  const fixed = (pattern.mask | ('oe' in pattern.fields ? 0x400 : 0) | ('rc' in pattern.fields ? 1 : 0)) >>> 0
  const match = (pattern.match | (oe ? 0x400 : 0) | (rc ? 1 : 0)) >>> 0
  let word = random()
  if (n % 8 === 1) word &= ~0x001f0000
  if (n % 8 === 2) word = (word & ~0xf800) | ((word >>> 5) & 0xf800)
  if (n % 8 === 3) word = (word & ~0xf800) | ((word >>> 10) & 0xf800)
  if (n % 8 === 4) word = (word & ~0x07fe) | 0x003e
  if (n % 8 === 5) word = (word & ~0xffff) | (random() & 0x8001)
  const reserved = n % 4 === 3 ? 1 << ((n >>> 2) % 32) : 0
  return ((word & ~fixed & ~(pattern.reserved & ~reserved)) | match) >>> 0
}

const EXTENDED = [4, 19, 31, 59, 63]

/** Words at random, every other one of a primary opcode that has many instructions; and the same with fewer bits set. */
export function anyWords(count: number, random: () => number): number[] {
  const words = Array.from({ length: count }, (_, n) =>
    n % 2 === 0 ? random() : ((random() & 0x03ffffff) | (EXTENDED[n % 5]! << 26)) >>> 0,
  )
  // Half of what is left of random words would have a reserved bit set.
  return [...words, ...words.map(word => (word & ~(random() & 0x03fff800)) >>> 0)]
}
