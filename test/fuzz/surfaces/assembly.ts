// Sources that nobody would write: good ones with pieces of them changed, doubled, or put where they do not belong.

import { readFileSync } from 'node:fs'
import { assembleText } from '../../../src/asm/assembler.ts'
import { link } from '../../../src/asm/link.ts'
import { relocatable } from '../../../src/asm/relocatable.ts'
import { readElf } from '../../../src/elf/elf.ts'
import { mnemonics } from '../../../src/isa/encode.ts'
import type { Random } from '../../support/random.ts'
import type { Surface } from '../surface.ts'

const FOLDER = new URL('../../asm/sources/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')
const SOURCES = ['data.s', 'macros.s', 'instructions.s', 'linked.s'].map(name => read(name).split('\n'))
const WORDS = [
  ...['\\', '\\@', '(', ')', '"', "'", ',', ';', '#', '/*', '*/', '@ha', '@l', '$', '.', '1f', '1b', '0b', '%r3', '<<'],
  ...['0x', '-1', '0xffffffffffffffffff', '999999999', '1 << 63', '.L1', ':', '=', '==', '&&', 'é', '\u0000', '\ufffe'],
]
const LINES = [
  ...['.rept 3', '.endr', '.macro m a, b=2', '.endm', 'm 1', 'm', '.if 1', '.else', '.endif', '.exitm', '.irp x, 1, 2'],
  ...['.set q, q + 1', '.set q, later', 'later:', '1:', '.org . + 64', '.skip 100000', '.align 20', '.data', '.bss'],
  ...[
    '.text',
    '.pushsection .x, "ax"',
    '.popsection',
    '.previous',
    '.include "included.inc"',
    '.comm c, 4',
    '.size q, .',
  ],
]

/** Files that are included, as the test's sources do. */
const include = (name: string): string => (name === 'included.inc' ? read(name) : '\tnop\n')

function changed(lines: readonly string[], random: Random): string[] {
  const result = [...lines]
  for (let n = 1 + random.below(12); n > 0; n--) {
    const at = random.below(result.length)
    const line = result[at]!
    const cut = random.below(line.length + 1)
    switch (random.below(6)) {
      case 0:
        result.splice(at, 1)
        break
      case 1:
        result.splice(at, 0, random.pick(result))
        break
      case 2:
        result[at] = line.slice(0, cut) + random.pick(WORDS) + line.slice(cut)
        break
      case 3:
        result.splice(at, 0, `\t${random.pick(LINES)}`)
        break
      case 4:
        result[at] = `\t${random.pick(mnemonics())} ${line.trim().split(/\s+/).slice(1).join(' ')}`
        break
      default:
        result[at] = line.slice(0, cut)
    }
  }
  return result
}

export const surface: Surface = {
  small: 1500,

  run(random) {
    const text = changed(random.pick(SOURCES), random).join('\n')
    const { object, problems } = assembleText(text, 'x.s', include)
    if (problems.some(({ place, message }) => !(place.line >= 1 && place.column >= 1 && message.length > 3)))
      throw new Error('a problem without a place')
    if (problems.some(({ severity }) => severity === 'error')) return
    // What is taken is an object and, but for what it does not define, a program.
    relocatable(object)
    const linked = link(object, 'x.s')
    if (linked.problems.length === 0) readElf(linked.file, 'x.elf')
  },
}
