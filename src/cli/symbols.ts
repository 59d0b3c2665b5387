// `ppc440 symbols`: the functions and variables of a program, by address, with the line each begins at.

import { readFileSync } from 'node:fs'
import { Program } from '../debuggee/program.ts'
import { readElf } from '../elf/elf.ts'
import { SHN_ABS, SHN_UNDEF, STT } from '../elf/types.ts'
import { demangle } from '../symbols/demangle.ts'
import { digits, listing } from './listing.ts'

export const USAGE = `usage: ppc440 symbols PROGRAM.elf [TEXT]...

Functions and variables by address, with size, kind and source line; only those whose names contain one of the texts.`

const KINDS: Readonly<Record<number, string>> = {
  [STT.FUNC]: 'function',
  [STT.OBJECT]: 'variable',
  [STT.NOTYPE]: 'label',
}

export const symbols = (argv: string[]): Promise<number> =>
  listing(argv, USAGE, (path, wanted, out) => {
    const elf = readElf(readFileSync(path), path)
    const program = new Program(elf)
    const chosen = elf.symbols.filter(
      ({ name, shndx, type }) =>
        KINDS[type] !== undefined &&
        shndx !== SHN_UNDEF &&
        shndx !== SHN_ABS &&
        name !== '' &&
        (wanted.length === 0 || wanted.some(text => name.includes(text) || demangle(name).includes(text))),
    )
    for (const { name, value, size, type } of chosen.sort((a, b) => a.value - b.value)) {
      const place = type === STT.OBJECT ? undefined : program.lineAt(value)
      const line = place === undefined ? '' : `  ${place.path}:${place.line}`
      out(`${digits(value, 8)}  ${digits(size, 6)}  ${KINDS[type]!.padEnd(8)}  ${demangle(name)}${line}`)
    }
  })
