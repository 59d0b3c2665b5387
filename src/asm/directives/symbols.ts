// Directives about symbols: who may see them, what they are, and what they are worth.

import type { Assembler } from '../assembler.ts'
import { splitOperands } from '../operandText.ts'
import { AsmError } from '../problem.ts'
import type { AsmSymbol } from '../symbol.ts'
import { countIn, type Directive, nameIn, operandsOf } from './directive.ts'

const each =
  (change: (symbol: AsmSymbol) => void): Directive =>
  (assembler, statement) => {
    const words = splitOperands(statement.operands)
    if (words.length === 0) throw new AsmError(`${statement.op} wants a name`)
    for (const word of words) change(assembler.symbol(nameIn(word)))
  }

const binding = (value: AsmSymbol['binding']): Directive =>
  each(symbol => {
    symbol.binding = value
  })

const local = each(symbol => {
  symbol.binding = 'local'
  symbol.isDeclaredLocal = true
})

const visibility = (value: AsmSymbol['visibility']): Directive =>
  each(symbol => {
    symbol.visibility = value
  })

const set =
  (once: boolean): Directive =>
  (assembler, statement) => {
    const [name, value] = operandsOf(statement, 2, 2)
    nameIn(name!)
    assembler.assign(name!, value!, statement, once)
  }

const TYPES: Readonly<Record<string, number>> = {
  function: 2,
  object: 1,
  notype: 0,
  tls_object: 6,
  gnu_indirect_function: 10,
}

/** `.type main, @function`. */
const type: Directive = (assembler, statement) => {
  const [name, what] = operandsOf(statement, 2, 2)
  const value =
    TYPES[
      what!.text
        .replace(/^[@%#"]|"$/g, '')
        .toLowerCase()
        .replace(/^stt_|^func$/, match => (match === 'func' ? 'function' : ''))
    ]
  if (value === undefined)
    throw new AsmError(`${what!.text} is no type: @function and @object are`, what!.column, what!.text.length)
  assembler.symbol(nameIn(name!)).type = value
}

const size: Directive = (assembler, statement) => {
  const [name, value] = operandsOf(statement, 2, 2)
  assembler.symbol(nameIn(name!)).size = assembler.expression(value!).expression
}

/** `.comm buffer, 64, 8`: room that all files share which ask for it under that name. */
const common: Directive = (assembler, statement) => {
  const [name, bytes, align] = operandsOf(statement, 2, 3)
  const symbol = assembler.symbol(nameIn(name!))
  if (symbol.isDefined) throw new AsmError(`${symbol.name} is defined already`, name!.column, name!.text.length)
  symbol.common = { size: countIn(assembler, bytes!), align: align === undefined ? 1 : powerIn(assembler, align) }
  symbol.type = TYPES.object!
}

/** `.lcomm buffer, 64, 8`: room in .bss. */
const localCommon: Directive = (assembler, statement) => {
  const [name, bytes, align] = operandsOf(statement, 2, 3)
  const to = align === undefined ? 1 : powerIn(assembler, align)
  const count = countIn(assembler, bytes!)
  const symbol = assembler.symbol(nameIn(name!))
  if (symbol.isDefined) throw new AsmError(`${symbol.name} is defined already`, name!.column, name!.text.length)
  assembler.allocate(symbol, count, to)
}

function powerIn(assembler: Assembler, word: Parameters<typeof countIn>[1]): number {
  const bytes = countIn(assembler, word)
  if (bytes === 0 || (bytes & (bytes - 1)) !== 0)
    throw new AsmError(`${bytes} is no power of 2`, word.column, word.text.length)
  return bytes
}

export const SYMBOLS: Readonly<Record<string, Directive>> = {
  ...{
    '.globl': binding('global'),
    '.global': binding('global'),
    '.weak': binding('weak'),
    '.local': local,
  },
  ...{ '.hidden': visibility('hidden'), '.internal': visibility('internal'), '.protected': visibility('protected') },
  ...{ '.set': set(false), '.equ': set(false), '.equiv': set(true) },
  ...{ '.type': type, '.size': size, '.comm': common, '.lcomm': localCommon },
}
