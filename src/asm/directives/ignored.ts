// Directives that change nothing in what is assembled, and those by which a source speaks to whoever assembles it.

import { AsmError } from '../problem.ts'
import type { Directive } from './directive.ts'

const nothing: Directive = () => {}

const text = (operands: string, otherwise: string): string => operands.replace(/^"(.*)"$/, '$1') || otherwise

/** `.machine` chooses instructions: here they are always those of the 440. */
const NAMES = [
  '.file',
  '.machine',
  '.gnu_attribute',
  '.loc',
  '.extern',
  '.title',
  '.sbttl',
  '.list',
  '.nolist',
  '.eject',
  '.print',
]
/** Where frames lie is not written: call stacks are found from the instructions. */
export const isCallFrame = (op: string): boolean => op.startsWith('.cfi_')

export const IGNORED: Readonly<Record<string, Directive>> = {
  ...Object.fromEntries(NAMES.map(name => [name, nothing])),
  '.err': () => {
    throw new AsmError('.err')
  },
  '.error': (_, { operands }) => {
    throw new AsmError(text(operands.text, '.error'))
  },
  '.warning': (assembler, { operands }) => assembler.warn(text(operands.text, '.warning')),
}
