// The controllers of on-chip SRAM of the 460EX (names as in U-Boot's ppc4xx-isram.h): where each bank answers. Here the
// description of the board says where that memory is; the registers hold.

import type { DeviceRegisterRow } from '../../bus/registerTable.ts'
import { bit, span } from '../../isa/register.ts'
import { type DcrPart, dcrTable } from '../dcrRegisters.ts'

const PAGE = '460EX, on-chip SRAM (U-Boot ppc4xx-isram.h)'

const bank = (n: number): Readonly<Record<string, DeviceRegisterRow>> => ({
  [`SB${n}CR`]: {
    offset: n,
    text: `bank ${n}: where it is`,
    fields: {
      BAS: span(0, 21, 'base address'),
      BS: span(22, 24, 'size'),
      BU: span(25, 26, 'use', { 0: 'disabled', 1: 'read only', 3: 'read and write' }),
    },
  },
})

const SHARED = {
  BEAR: { offset: 4, text: 'address of an error', access: 'r' },
  BESR0: { offset: 5, text: 'errors of masters 0 to 3', write: 'oneToClear' },
  BESR1: { offset: 6, text: 'errors of masters 4 to 7', write: 'oneToClear' },
  PMEG: { offset: 7, text: 'power management' },
  CID: { offset: 8, text: 'identification', access: 'r' },
  REVID: { offset: 9, text: 'revision', access: 'r' },
  DPC: { offset: 10, text: 'data parity check', fields: { DPC: bit(0, 'checked') } },
} as const satisfies Readonly<Record<string, DeviceRegisterRow>>

/** 256 KB in four banks, which are the L2 cache where that is on. */
export const SRAM_OF_L2: DcrPart = {
  text: 'controller of the SRAM of the L2 cache',
  registers: dcrTable(PAGE, { ...bank(0), ...bank(1), ...bank(2), ...bank(3), ...SHARED }),
  count: 11,
}

/** 64 KB in one bank. */
export const ON_CHIP_MEMORY: DcrPart = {
  text: 'controller of on-chip memory',
  registers: dcrTable(PAGE, { ...bank(0), ...SHARED }),
  count: 11,
}
