// The DDR SDRAM controller of the 440EP, 440GP and 440GX (440EP user's manual, DDR SDRAM controller). RAM is there before it
// is enabled; the registers hold, and the status says at once that what was asked for is done. One thing is as on the part:
// data is taken from the wires after a delay that firmware sets, and finds by trying which delays give what was written.

import { bit, span } from '../../isa/register.ts'
import { type IndirectPart, type IndirectRow, indirectTable } from '../indirectDcr.ts'

const CFG0 = 0x20
const CFG1 = 0x21
const MCSTS = 0x24
const TR1 = 0x81
const SIZES = { 0: '4 MB', 1: '8 MB', 2: '16 MB', 3: '32 MB', 4: '64 MB', 5: '128 MB', 6: '256 MB', 7: '512 MB' }

const bank = (n: number): IndirectRow => ({
  index: 0x40 + 4 * n,
  text: `bank ${n}: where it is`,
  fields: {
    SDBA: span(0, 8, 'base address, in 8 MB'),
    SDSZ: span(12, 14, 'size', SIZES),
    SDAM: span(16, 18, 'addressing mode', { 0: '8 columns', 1: '9 columns', 2: '10 columns', 3: '11 columns' }),
    SDBE: bit(31, 'enabled'),
  },
})

const REGISTERS = indirectTable('440EP user’s manual, DDR SDRAM controller', {
  BESR0: { index: 0x00, text: 'errors of masters 0 to 3', write: 'oneToClear' },
  BESR1: { index: 0x08, text: 'errors of masters 4 and 5', write: 'oneToClear' },
  BEAR: { index: 0x10, text: 'address of an error', access: 'r' },
  SLIO: { index: 0x18, text: 'slave interface' },
  CFG0: {
    index: CFG0,
    text: 'options 0',
    fields: {
      DCEN: bit(0, 'enabled'),
      MCHK: span(2, 3, 'checks', { 0: 'none', 2: 'generates ECC', 3: 'generates and checks ECC' }),
      RDEN: bit(4, 'registered modules'),
      PMUD: bit(5, 'no page management'),
      DMWD: span(6, 6, 'width', { 0: '32 bits', 1: '64 bits' }),
      UIOS: span(8, 9, 'unused pins'),
      PDP: bit(10, 'pages are closed'),
    },
  },
  CFG1: { index: CFG1, text: 'options 1', fields: { SRE: bit(0, 'self refresh'), PMEN: bit(1, 'saves power') } },
  DEVOPT: { index: 0x22, text: 'options of the parts', fields: { DLL: bit(0, 'no DLL'), DS: bit(1, 'weak drive') } },
  MCSTS: {
    index: MCSTS,
    text: 'status',
    access: 'r',
    reset: 0x20000000,
    fields: { MRSC: bit(0, 'the parts have their mode'), SRMS: bit(1, 'in self refresh'), CIS: bit(2, 'idle') },
  },
  RTR: { index: 0x30, text: 'refresh', reset: 0x05f00000, fields: { RINT: span(2, 12, 'interval') } },
  PMIT: { index: 0x34, text: 'idle time before power is saved', reset: 0x07c00000 },
  UABBA: { index: 0x38, text: 'upper address bits', fields: { UBBA: span(28, 31, 'base') } },
  B0CR: bank(0),
  B1CR: bank(1),
  B2CR: bank(2),
  B3CR: bank(3),
  TR0: { index: 0x80, text: 'timing 0: latencies', reset: 0x00894012 },
  TR1: {
    index: TR1,
    text: 'timing 1: when data is read',
    reset: 0x80800800,
    fields: {
      RDSS: span(0, 1, 'sampling'),
      RDSL: span(8, 9, 'stages'),
      RDCD: span(20, 20, 'read clock later by', { 0: 'nothing', 1: 'half a cycle' }),
      RDCT: span(23, 31, 'read clock later by steps'),
    },
  },
  CLKTR: { index: 0x82, text: 'clock timing', fields: { CLKP: span(0, 1, 'phase') } },
  WDDCTR: { index: 0x83, text: 'timing of written data' },
  DLYCAL: { index: 0x84, text: 'delay line', access: 'r', reset: 0x000000c0, fields: { DLCV: span(22, 29, 'steps') } },
  ECCESR: { index: 0x98, text: 'errors found by ECC', write: 'oneToClear' },
})

/** Steps of the delay line in half a cycle. */
const HALF = 4 * 0x30

/** The delays that give what is in RAM are half of a cycle, the middle of it: that of the reset value of TR1 is in there. */
function readsRam(held: (index: number) => number): boolean {
  if ((held(CFG0) & DCEN) === 0) return true
  const tr1 = held(TR1)
  const delay = ((tr1 & RDCD) === 0 ? 0 : HALF) + (tr1 & RDCT)
  return delay >= HALF / 2 && delay < HALF + HALF / 2
}

const DCEN = REGISTERS.CFG0!.mask.DCEN!
const { RDCD, RDCT } = REGISTERS.TR1!.mask as { RDCD: number; RDCT: number }
const { MRSC, SRMS, CIS } = REGISTERS.MCSTS!.mask as { MRSC: number; SRMS: number; CIS: number }

export const SDRAM_DDR: IndirectPart = {
  text: 'DDR SDRAM controller',
  registers: REGISTERS,
  readsRam,
  status(index, held) {
    if (index !== MCSTS) return undefined
    const modes = (held(CFG0) & DCEN) === 0 ? 0 : MRSC
    return modes | ((held(CFG1) & 0x80000000) === 0 ? 0 : SRMS) | CIS
  },
}
