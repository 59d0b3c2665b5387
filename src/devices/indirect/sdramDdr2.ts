// The DDR2 SDRAM controller of the 440SPe, 460EX and 460GT (names as in U-Boot's ppc4xx-sdram.h). RAM is there with it or
// without it: the registers hold, and the status says at once that what was asked for is done.

import { bit, span } from '../../isa/register.ts'
import { type IndirectPart, type IndirectRow, indirectTable } from '../indirectDcr.ts'

/** Of the 440SPe, and of the 405EX and 460EX. */
const MCSTAT_440SPE = 0x1f
const MCSTAT = 0x14
const MCOPT2 = 0x21
const DLCR = 0x7a
const MIC = 0x80000000 | 0
const SRMS = 0x40000000
const DLCS_COMPLETE = 0x02000000

const bank = (n: number, reset = 0): IndirectRow => ({
  index: 0x40 + 4 * n,
  text: `bank ${n}`,
  reset,
  fields: { SDAM: span(20, 23, 'addressing mode'), SDBE: bit(31, 'enabled') },
})

const initial = Object.fromEntries(
  Array.from({ length: 16 }, (_, n) => [`INITPLR${n}`, { index: 0x50 + n, text: `command ${n} of initialisation` }]),
)

const STATUS = {
  text: 'status',
  access: 'r',
  fields: { MIC: bit(0, 'initialised'), SRMS: bit(1, 'in self refresh'), IDLE: bit(2, 'idle') },
} as const

const REGISTERS = indirectTable('460EX, DDR2 SDRAM controller (U-Boot ppc4xx-sdram.h)', {
  MCSTAT: { ...STATUS, index: MCSTAT },
  MCSTATSPE: { ...STATUS, index: MCSTAT_440SPE, text: 'status, where the 440SPe has it' },
  MCOPT1: {
    index: 0x20,
    text: 'options 1',
    fields: {
      MCHK: span(2, 3, 'checks', { 0: 'none', 2: 'generates ECC', 3: 'generates and checks ECC' }),
      RDEN: bit(4, 'registered modules'),
      PMU: bit(5, 'page management'),
      DMWD: span(6, 6, 'width', { 0: '32 bits', 1: '64 bits' }),
    },
  },
  MCOPT2: {
    index: MCOPT2,
    text: 'options 2',
    fields: {
      SREN: bit(0, 'self refresh'),
      PMEN: bit(1, 'saves power'),
      IPTR: bit(2, 'does the commands of initialisation'),
      XSRP: bit(3, 'stays in self refresh'),
      DCEN: bit(4, 'enabled'),
      ISIE: bit(5, 'interruptible initialisation'),
    },
  },
  MODT0: { index: 0x22, text: 'termination, bank 0' },
  MODT1: { index: 0x23, text: 'termination, bank 1' },
  MODT2: { index: 0x24, text: 'termination, bank 2' },
  MODT3: { index: 0x25, text: 'termination, bank 3' },
  CODT: { index: 0x26, text: 'termination of the controller' },
  VVPR: { index: 0x27, text: 'compares with supply voltage' },
  OPARS: { index: 0x28, text: 'driver, set up' },
  OPART: { index: 0x29, text: 'driver, trigger' },
  RTR: { index: 0x30, text: 'refresh', fields: { RINT: span(0, 15, 'interval') } },
  PMIT: { index: 0x34, text: 'idle time before power is saved' },
  // The firmware of a Sam460ex takes bank 0 for enabled before it has written anything.
  MB0CF: bank(0, 0x8001),
  MB1CF: bank(1),
  MB2CF: bank(2),
  MB3CF: bank(3),
  ...initial,
  RQDC: { index: 0x70, text: 'delay of the strobe when reading' },
  RFDC: { index: 0x74, text: 'delay of the feedback when reading' },
  RDCC: { index: 0x78, text: 'capture of what is read' },
  DLCR: {
    index: DLCR,
    text: 'calibration of the delay line',
    fields: {
      DCLM: bit(0, 'by hand'),
      DLCR: bit(4, 'calibrates'),
      DLCS: span(5, 7, 'status', { 0: 'not run', 1: 'running', 2: 'complete', 3: 'continues', 4: 'error' }),
      DLCV: span(23, 31, 'value'),
    },
  },
  CLKTR: { index: 0x80, text: 'timing of the clock' },
  WRDTR: { index: 0x81, text: 'timing of what is written' },
  SDTR1: { index: 0x85, text: 'timing 1' },
  SDTR2: { index: 0x86, text: 'timing 2' },
  SDTR3: { index: 0x87, text: 'timing 3' },
  MMODE: { index: 0x88, text: 'mode register of the parts', fields: { DCL: span(25, 27, 'CAS latency') } },
  MEMODE: { index: 0x89, text: 'extended mode register of the parts' },
  ECCES: { index: 0x98, text: 'ECC errors', write: 'oneToClear' },
  RTSR: { index: 0xb1, text: 'tracking', access: 'r', fields: { TRK1SM: span(0, 1, 'state') } },
})

export const SDRAM_DDR2: IndirectPart = {
  text: 'DDR2 SDRAM controller',
  registers: REGISTERS,
  status(index, held) {
    if (index === MCSTAT || index === MCSTAT_440SPE) return MIC | ((held(MCOPT2) & MIC) === 0 ? 0 : SRMS)
    if (index === DLCR) return (held(DLCR) & ~0x0f000000) | DLCS_COMPLETE
    return undefined
  },
}
