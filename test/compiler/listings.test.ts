// What the compiler makes of small loops, as text that a reader can follow: the assembly on top, the WebAssembly beneath.
// `npx vitest run -u test/compiler/listings.test.ts` writes the files of listings/ anew, after a change that is meant.

import { describe, expect, test } from 'vitest'
import { compilable } from '../../src/compiler/effects.ts'
import { OPERATION_TYPES } from '../../src/compiler/floatOperations.ts'
import { REGION_TYPE, writeFunction } from '../../src/compiler/function.ts'
import { type CodeSource, discover } from '../../src/compiler/region.ts'
import { Code, moduleBytes } from '../../src/compiler/wasm.ts'
import { AS, assemble } from '../support/gnuAs.ts'
import { have } from '../support/tools.ts'
import { wasmText } from '../support/wasmText.ts'

/** Where the code stands. */
const START = 0x1000
/** Stands for the place in the linear memory where the map of compiled lines is, which depends on the size of RAM. */
const CODE_LINES = 0x0100_0000
const TOUCHED = 0x0180_0000
/** Stands for the address of the link to any other region. */
const LINK = 0x0200_0000

/** Each is entered at its first instruction. */
const LOOPS: Readonly<Record<string, string>> = {
  copy: '1: lbzu 9,1(4); stbu 9,1(3); bdnz 1b; blr',
  strlen: '1: lbzu 9,1(3); cmpwi 9,0; bne 1b; blr',
  sum: '1: lwzu 9,4(4); add 3,3,9; bdnz 1b; blr',
  call: 'mflr 0; stw 0,4(1); bl 2f; lwz 0,4(1); mtlr 0; blr; 2: addi 3,3,1; blr',
  switch: 'lwzx 9,10,3; mtctr 9; bctr',
  max: '1: lwzu 9,4(4); cmpw 9,3; ble 2f; mr 3,9; 2: bdnz 1b; blr',
  unsigned: 'cmplw 7,3,4; blt 7,1f; li 3,0; 1: blr',
  addWide: 'addc 4,4,6; adde 3,3,5; addze 7,7; blr',
  rotate: 'rlwinm 3,3,5,8,23; rlwimi 4,3,16,0,15; slwi 5,4,2; blr',
  record: 'addic. 3,3,-1; beq 1f; srawi 4,4,3; 1: blr',
  store: 'stw 3,8(1); sth 4,12(1); stb 5,15(1); blr',
  float: '1: lfdu 0,8(4); fmadd 1,0,2,1; bdnz 1b; blr',
}

async function listing(words: readonly number[]): Promise<string> {
  const at = (pc: number): number | undefined => {
    const word = words[(pc - START) / 4]
    return word === undefined ? undefined : word | 0
  }
  const source: CodeSource = { executed: at, insn: (pc, word) => compilable(word, pc, true) }
  const code = new Code()
  const parts = writeFunction(discover(START, source)!, code, {
    context: { number: 0, summaryOverflow: 0 },
    links: { here: () => undefined, link: target => (at(target) === undefined ? undefined : LINK) },
    ...{ lookUp: () => undefined, codeLines: CODE_LINES, touched: TOUCHED },
  })
  let part = parts.next()
  while (part.done !== true) part = parts.next()
  const { locals } = part.value
  return await wasmText(
    moduleBytes(
      [REGION_TYPE, ...OPERATION_TYPES],
      [{ type: 0, locals, body: code.bytes.slice(), exported: String(START) }],
    ),
  )
}

describe.skipIf(!have(AS))('listings', () => {
  test.each(Object.entries(LOOPS))('%s', async (name, text) => {
    const lines = text.split(/;\s*/)
    const { words, errors } = assemble(lines)
    expect(errors).toBe('')
    const assembly = lines.map(line => `;; ${line}\n`).join('')
    await expect(`${assembly}${await listing(words)}`).toMatchFileSnapshot(`listings/${name}.wat`)
  })
})
