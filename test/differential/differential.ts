// One image, both machines, and what is left to explain.

import { disassemble } from '../../src/isa/disasm.ts'
import type { Kind } from './cases.ts'
import { compare, type Difference } from './compare.ts'
import { createImage, GCC, type Image } from './image.ts'
import { CR, CTR, DEAR, ESR, EXCEPTION, FPR, FPSCR, LR, SIZE, SRR0, XER } from './layout.ts'
import { QEMU, runOurs, runQemu } from './machines.ts'

/** What has to be installed. */
export const TOOLS = [QEMU, GCC]

export interface Report {
  /** A line for each unexplained difference. */
  readonly unexplained: readonly string[]
  readonly needed: ReadonlySet<string>
}

export async function differential(kind: Kind, count: number, seed: number): Promise<Report> {
  const image = createImage(kind, count, seed)
  const ours = runOurs(image)
  const theirs = await runQemu(image)
  const { unexplained, needed } = compare(image, ours, theirs)
  const line = (difference: Difference): string => {
    const values = difference.places.map(
      place => `${place} ${valuesOf(place, difference.at, ours.results, theirs.results)}`,
    )
    return `${textOf(image, difference)}: ${values.join(', ')}`
  }
  return { unexplained: unexplained.map(line), needed }
}

const NAMED: Readonly<Record<string, number>> = {
  ...{ fpscr: FPSCR + 4, exception: EXCEPTION, esr: ESR, srr0: SRR0, dear: DEAR, cr: CR, xer: XER, ctr: CTR, lr: LR },
}

function valuesOf(place: string, at: number, ours: DataView, theirs: DataView): string {
  const register = /^f(\d)/.exec(place)?.[1]
  const general = /^r(\d+)/.exec(place)?.[1]
  const offset = NAMED[place] ?? (register ? FPR + 8 * Number(register) : general ? 4 * Number(general) : undefined)
  if (offset === undefined) return ''
  const read = (view: DataView): string =>
    register ? view.getBigUint64(at * SIZE + offset).toString(16) : view.getUint32(at * SIZE + offset).toString(16)
  return `${read(ours)} and not ${read(theirs)}`
}

/** The instruction and what went in. */
function textOf({ table, cases }: Image, { at }: Difference): string {
  const { mnemonic, operands } = disassemble(cases[at]!.word, 0)
  const inputs = operands.split(/[,()]/).flatMap(operand => {
    const [, kind, number] = /^([rf])(\d+)$/.exec(operand) ?? []
    if (kind === 'r') return [`${operand}=${table.getUint32(at * SIZE + 4 * Number(number)).toString(16)}`]
    if (kind === 'f') return [`${operand}=${table.getBigUint64(at * SIZE + FPR + 8 * Number(number)).toString(16)}`]
    return []
  })
  return `case ${at} ${mnemonic} ${operands} [${inputs.join(' ')} fpscr=${table.getUint32(at * SIZE + FPSCR + 4).toString(16)}]`
}
