// `ppc440 symbols`: the functions and variables of a program, by address, with the line each begins at.

import { SHN_ABS, SHN_UNDEF, STT } from '../elf/types.ts'
import { demangle } from '../symbols/demangle.ts'
import { digits, listing } from './listing.ts'

export const USAGE = `usage: ppc440 symbols PROGRAM.elf [TEXT]...

Functions and variables by address, with size, kind and source line; only those whose names contain one of the texts.

For example: ppc440 symbols program.elf queue`

const KINDS: Readonly<Record<number, string>> = {
  [STT.FUNC]: 'function',
  [STT.OBJECT]: 'variable',
  [STT.NOTYPE]: 'label',
}

export const symbols = (argv: string[]): Promise<number> =>
  listing(argv, USAGE, (program, wanted, out) => {
    const chosen = program.elf.symbols.filter(
      ({ name, shndx, type }) =>
        KINDS[type] !== undefined &&
        shndx !== SHN_UNDEF &&
        shndx !== SHN_ABS &&
        name !== '' &&
        (wanted.length === 0 || wanted.some(text => name.includes(text) || demangle(name).includes(text))),
    )
    for (const { name, value, size, type, shndx } of chosen.sort((a, b) => a.value - b.value)) {
      const place = type === STT.OBJECT ? undefined : program.symbols.ofSection(shndx, () => program.lineAt(value))
      const line = place === undefined ? '' : `  ${place.path}:${place.line}`
      out(`${digits(value, 8)}  ${digits(size, 6)}  ${KINDS[type]!.padEnd(8)}  ${demangle(name)}${line}`)
    }
  })
