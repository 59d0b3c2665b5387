// The encodings that tests write by hand, against GNU as.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { encode as e } from './core.ts'
import { AS, assemble } from './gnuAs.ts'
import { have } from './tools.ts'

const CASES: readonly (readonly [number, string])[] = [
  [e.addi(3, 4, -1), 'addi 3,4,-1'],
  [e.nop, 'nop'],
  [e.b(-8), 'b .-8'],
  [e.bne(16), 'bne .+16'],
  [e.bdnz(-4), 'bdnz .-4'],
  [e.blr, 'blr'],
  [e.mtmsr(5), 'mtmsr 5'],
  [e.mfmsr(6), 'mfmsr 6'],
  [e.wrteei(0), 'wrteei 0'],
  [e.wrteei(1), 'wrteei 1'],
  [e.mtspr(0x134, 7), 'mtspr 308,7'],
  [e.mfspr(8, 0x3b2), 'mfspr 8,946'],
  [e.mtdcr(0xc2, 7), 'mtdcr 0xc2,7'],
  [e.mfdcr(8, 0x2c0), 'mfdcr 8,0x2c0'],
  [e.rfi, 'rfi'],
  [e.rfci, 'rfci'],
  [e.rfmci, 'rfmci'],
  [e.isync, 'isync'],
  [e.sc, 'sc'],
  [e.trap, 'trap'],
  [e.tweq(3, 4), 'tweq 3,4'],
  [e.lbz(3, 1, 4), 'lbz 3,1(4)'],
  [e.lhz(3, -2, 4), 'lhz 3,-2(4)'],
  [e.lwz(3, 4, 4), 'lwz 3,4(4)'],
  [e.lwzu(3, 4, 5), 'lwzu 3,4(5)'],
  [e.lwbrx(3, 4, 5), 'lwbrx 3,4,5'],
  [e.lmw(29, 8, 4), 'lmw 29,8(4)'],
  [e.lswi(6, 4, 7), 'lswi 6,4,7'],
  [e.lswi(6, 4, 32), 'lswi 6,4,32'],
  [e.lswx(6, 4, 5), 'lswx 6,4,5'],
  [e.lwarx(3, 4, 5), 'lwarx 3,4,5'],
  [e.lfs(1, 4, 4), 'lfs 1,4(4)'],
  [e.lfd(1, 8, 4), 'lfd 1,8(4)'],
  [e.stb(3, 1, 4), 'stb 3,1(4)'],
  [e.sth(3, 2, 4), 'sth 3,2(4)'],
  [e.stw(3, 4, 4), 'stw 3,4(4)'],
  [e.stwbrx(3, 4, 5), 'stwbrx 3,4,5'],
  [e.stmw(29, 8, 4), 'stmw 29,8(4)'],
  [e.stswi(6, 4, 7), 'stswi 6,4,7'],
  [e.stwcx(3, 4, 5), 'stwcx. 3,4,5'],
  [e.stfd(1, 8, 4), 'stfd 1,8(4)'],
  [e.stfs(1, 4, 4), 'stfs 1,4(4)'],
  [e.stfiwx(1, 4, 5), 'stfiwx 1,4,5'],
  [e.dcba(4, 5), 'dcba 4,5'],
  [e.dcbf(4, 5), 'dcbf 4,5'],
  [e.dcbi(4, 5), 'dcbi 4,5'],
  [e.dcbst(4, 5), 'dcbst 4,5'],
  [e.dcbt(4, 5), 'dcbt 4,5'],
  [e.dcbtst(4, 5), 'dcbtst 4,5'],
  [e.dcbz(4, 5), 'dcbz 4,5'],
  [e.dccci(4, 5), 'dccci 4,5'],
  [e.icbi(4, 5), 'icbi 4,5'],
  [e.icbt(4, 5), 'icbt 4,5'],
  [e.iccci(4, 5), 'iccci 4,5'],
  [e.tlbre(3, 4, 1), 'tlbre 3,4,1'],
  [e.tlbwe(3, 4, 2), 'tlbwe 3,4,2'],
  [e.tlbsx(3, 4, 5), 'tlbsx 3,4,5'],
  [e.tlbsxRecord(3, 4, 5), 'tlbsx. 3,4,5'],
  [e.tlbsync, 'tlbsync'],
  [e.fadd(1, 2, 3), 'fadd 1,2,3'],
]

describe.skipIf(!have(AS))('encodings of tests', () => {
  const assembled = assemble(CASES.map(([, text]) => text))

  test('GNU as takes them all', () => {
    expect(assembled.errors).toBe('')
  })

  test.each(CASES.map(([word, text], i) => ({ word, text, i })))('$text', ({ word, i }) => {
    expect(word >>> 0).toBe(assembled.words[i])
  })

  test('every encoding is among them', () => {
    const source = readFileSync(new URL('./encode.test.ts', import.meta.url), 'utf8')
    expect(Object.keys(e).filter(name => !new RegExp(`\\[e\\.${name}\\b`).test(source))).toEqual([])
  })
})
