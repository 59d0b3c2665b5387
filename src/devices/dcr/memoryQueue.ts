// The memory queue between the PLB and the DDR2 SDRAM controller of the 440SPe, 460EX and 460GT (names as in U-Boot's
// ppc4xx-sdram.h): where each rank answers. RAM is at 0 whatever they say; the registers hold.

import type { DeviceRegisterRow } from '../../bus/registerTable.ts'
import { bit, span } from '../../isa/register.ts'
import { type DcrPart, dcrTable } from '../dcrRegisters.ts'

const SIZES = {
  1023: '8 MB',
  1022: '16 MB',
  1020: '32 MB',
  1016: '64 MB',
  1008: '128 MB',
  992: '256 MB',
  960: '512 MB',
  896: '1 GB',
  768: '2 GB',
  512: '4 GB',
}

const rank = (n: number): Readonly<Record<string, DeviceRegisterRow>> => ({
  [`R${n}BAS`]: {
    offset: n,
    text: `rank ${n}: where it is`,
    fields: {
      SDBA: span(0, 10, 'base address, in 8 MB'),
      SDSZ: span(16, 25, 'size', SIZES),
      SDBE: bit(31, 'enabled'),
    },
    defined: 0xffe0ffc1 | 0,
  },
})

const PATH = {
  AAFR: bit(0, 'an address is acknowledged at the first request'),
  PRPD: bit(12, 'no read pipeline'),
  PWPD: bit(13, 'no write pipeline'),
  PRW: bit(14, 'reads wait'),
  RPLM: span(16, 19, 'limit for reads that pass'),
  RPEN: bit(20, 'reads may pass'),
  RFTE: bit(21, 'reads flow through'),
} as const

export const MEMORY_QUEUE: DcrPart = {
  text: 'memory queue',
  registers: dcrTable('460EX, memory queue (U-Boot ppc4xx-sdram.h)', {
    ...rank(0),
    ...rank(1),
    ...rank(2),
    ...rank(3),
    CONF1HB: { offset: 0x05, text: 'configuration, high bandwidth', fields: PATH },
    ERRSTATHB: { offset: 0x07, text: 'errors, high bandwidth', write: 'oneToClear' },
    ERRADDUHB: { offset: 0x08, text: 'address of an error, high bandwidth, upper', access: 'r' },
    ERRADDLHB: { offset: 0x09, text: 'address of an error, high bandwidth, lower', access: 'r' },
    PLBADDULL: { offset: 0x0a, text: 'upper address bits on the PLB, low latency' },
    CONF1LL: { offset: 0x0b, text: 'configuration, low latency', fields: PATH },
    ERRSTATLL: { offset: 0x0c, text: 'errors, low latency', write: 'oneToClear' },
    ERRADDULL: { offset: 0x0d, text: 'address of an error, low latency, upper', access: 'r' },
    ERRADDLLL: { offset: 0x0e, text: 'address of an error, low latency, lower', access: 'r' },
    CONFPATHB: { offset: 0x0f, text: 'configuration between both', fields: { TPEN: bit(4, 'transactions may pass') } },
    PLBADDUHB: { offset: 0x10, text: 'upper address bits on the PLB, high bandwidth' },
  }),
  count: 0x11,
}
