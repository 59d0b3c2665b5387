// Sentences about the words of a source: registers and what the ABI uses them for, bits of conditions, directives.

import { SPRS } from '../../isa/registers.ts'

/** What the 32-bit PowerPC ABI uses a general register for. */
export function abiRole(register: number): string {
  if (register === 0) return 'volatile; as a base address it means the number 0'
  if (register === 1) return 'stack pointer'
  if (register === 2) return 'reserved; points to small constant data (`_SDA2_BASE_`) in embedded programs'
  if (register <= 4) return `argument ${register - 2}, and the value that a function returns; volatile`
  if (register <= 10) return `argument ${register - 2}; volatile`
  if (register <= 12) return 'volatile'
  if (register === 13) return 'points to small data (`_SDA_BASE_`)'
  return 'a function that changes it restores it'
}

const BIT_TEXTS = ['LT: less than', 'GT: greater than', 'EQ: equal', 'SO: summary overflow, or unordered']

export const conditionBitText = (bit: number): string =>
  `**${bit}**: cr${bit >> 2} ${BIT_TEXTS[bit & 3]}, bit ${bit} of CR`

/** An SPR by its number: what it is, its page, its fields. */
export function registerText(number: number): string {
  const register = SPRS.find(each => each.number === number)
  if (register === undefined) return `**${number}**: no special purpose register of the 440`
  const { name, text, page, fields } = register
  const rows = Object.entries(fields).map(([field, { bits, text: about }]) => {
    const [first, last] = bits
    return `- \`${field}\` ${first === last ? first : `${first}:${last}`} ${about}`
  })
  return [`**${name}** (SPR ${number}, 0x${number.toString(16)}): ${text}, ${page}`, ...rows].join('\n')
}

/** Names that mfspr and mtspr take, as in the manual. */
export const sprNames = (): { readonly name: string; readonly text: string }[] =>
  SPRS.flatMap(({ name, text, number }) => (number === undefined ? [] : [{ name: name.toLowerCase(), text }]))

export const PART_TEXTS: Readonly<Record<string, string>> = {
  l: '**@l**: the lower 16 bits of the address',
  h: '**@h**: the upper 16 bits of the address, for `ori` with the lower ones',
  ha: '**@ha**: the upper 16 bits, one more where the lower are negative: for `addi` and loads, which have a sign',
  sda21: '**@sda21**: the distance from the small data area, and the register that points to it',
  sdarel: '**@sdarel**: the distance from `_SDA_BASE_` in r13',
}

const DIRECTIVES: Readonly<Record<string, string>> = {
  '.align': 'up to a multiple of 2 to the power of this number',
  '.balign': 'up to a multiple of this number of bytes',
  '.p2align': 'up to a multiple of 2 to the power of this number',
  '.org': 'on to this offset in the section',
  '.byte': 'values of 1 byte',
  '.short': 'values of 2 bytes',
  '.half': 'values of 2 bytes',
  '.word': 'values of **2** bytes: on the PowerPC, `.long` has 4',
  '.long': 'values of 4 bytes',
  '.int': 'values of 4 bytes',
  '.quad': 'values of 8 bytes',
  '.float': 'IEEE 754 numbers of 4 bytes',
  '.double': 'IEEE 754 numbers of 8 bytes',
  '.ascii': 'characters, without a zero at the end',
  '.asciz': 'characters and a zero',
  '.string': 'characters and a zero',
  '.space': 'so many bytes of one value',
  '.skip': 'so many bytes of one value',
  '.zero': 'so many bytes of 0',
  '.fill': 'repeat, size, value',
  '.set': 'gives a name a value',
  '.equ': 'gives a name a value',
  '.equiv': 'gives a name a value, once',
  '.globl': 'other files may see this symbol',
  '.global': 'other files may see this symbol',
  '.weak': 'may be defined elsewhere as well, or nowhere',
  '.local': 'no other file sees this symbol',
  '.type': 'what a symbol is: `@function`, `@object`',
  '.size': 'how many bytes a symbol has',
  '.comm': 'room that all files share which ask for it: name, bytes, alignment',
  '.lcomm': 'room in .bss: name, bytes, alignment',
  '.section': 'goes on in that section: name, flags (`"ax"`: loaded, executable), `@progbits` or `@nobits`',
  '.pushsection': 'goes on in that section until `.popsection`',
  '.popsection': 'goes on where `.pushsection` was',
  '.previous': 'goes on in the section before this one',
  '.text': 'instructions follow',
  '.data': 'data that is written follows',
  '.bss': 'room without contents follows',
  '.macro': 'a name for statements: name, parameters; `\\name` stands for an argument',
  '.endm': 'ends `.macro`',
  '.exitm': 'leaves the macro',
  '.rept': 'repeats statements so many times, up to `.endr`',
  '.irp': 'repeats statements for each of the values',
  '.irpc': 'repeats statements for each character',
  '.endr': 'ends `.rept`, `.irp` and `.irpc`',
  '.if': 'what follows counts if the number is not 0',
  '.ifdef': 'what follows counts if the name is defined',
  '.ifndef': 'what follows counts if the name is not defined',
  '.else': 'the other part',
  '.elseif': 'another part, under a condition of its own',
  '.endif': 'ends `.if`',
  '.include': 'the text of another file',
}

export const directiveText = (name: string): string | undefined =>
  DIRECTIVES[name] === undefined ? undefined : `**${name}**: ${DIRECTIVES[name]}`

export const directiveNames = (): [name: string, text: string][] => Object.entries(DIRECTIVES)
