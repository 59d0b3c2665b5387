import { expect, test } from 'vitest'
import { Spr } from '../../../src/isa/registers.ts'
import { OBJDUMP, objdump } from '../../isa/objdump.ts'
import { have } from '../../support/tools.ts'
import { encode as e } from './encode.ts'

test.skipIf(!have(OBJDUMP))(`the encodings of the tests are what GNU objdump takes them for (${OBJDUMP})`, () => {
  const cases: [number, string][] = [
    [e.addi(3, 4, -1), 'addi r3,r4,-1'],
    [e.b(8), 'b 0xc'],
    [e.bne(8), 'bne- 0x10'],
    [e.mtmsr(4), 'mtmsr r4'],
    [e.mfmsr(4), 'mfmsr r4'],
    [e.mtspr(Spr.DBCR0, 4), 'mtdbcr0 r4'],
    [e.mfspr(4, Spr.IAC2), 'mfiac2 r4'],
    [e.rfi, 'rfi'],
    [e.rfci, 'rfci'],
    [e.sc, 'sc'],
    [e.trap, 'trap'],
    [e.lwz(3, 8, 4), 'lwz r3,8(r4)'],
    [e.stw(3, 8, 4), 'stw r3,8(r4)'],
    [e.sth(3, 8, 4), 'sth r3,8(r4)'],
    [e.stb(3, 8, 4), 'stb r3,8(r4)'],
    [e.dcbst(3, 4), 'dcbst r3,r4'],
    [e.lis(3, 0x1234), 'lis r3,4660'],
    [e.ori(3, 4, 5), 'ori r3,r4,5'],
    [e.add(3, 4, 5), 'add r3,r4,r5'],
    [e.lbz(3, 8, 4), 'lbz r3,8(r4)'],
    [e.lhz(3, 8, 4), 'lhz r3,8(r4)'],
    [e.lwzu(3, 8, 4), 'lwzu r3,8(r4)'],
    [e.stwu(3, 8, 4), 'stwu r3,8(r4)'],
    [e.stmw(28, 8, 4), 'stmw r28,8(r4)'],
    [e.lwzx(3, 4, 5), 'lwzx r3,r4,r5'],
    [e.stwx(3, 4, 5), 'stwx r3,r4,r5'],
    [e.lwarx(3, 4, 5), 'lwarx r3,r4,r5'],
    [e.stwcx(3, 4, 5), 'stwcx. r3,r4,r5'],
    [e.dcbz(3, 4), 'dcbz r3,r4'],
    [e.icbi(3, 4), 'icbi r3,r4'],
    [e.isync, 'isync'],
    [e.wrteei(1), 'wrteei 1'],
    [e.bdnz(-8), 'bdnz+ 0x78'],
    [e.tweq(3, 4), 'tweq r3,r4'],
  ]
  const rows = objdump(
    cases.map(([word]) => word),
    0,
  ).map(({ mnemonic, operands }) => `${mnemonic} ${operands}`.trim())
  expect(rows).toEqual(cases.map(([, text]) => text))
})
