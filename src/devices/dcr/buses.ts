// Arbiters and bridges between the buses of the 460EX (names as in U-Boot's ppc440.h): they order what masters do at the
// same time, and here nobody else does anything.

import { span } from '../../isa/register.ts'
import { type DcrPart, dcrTable } from '../dcrRegisters.ts'

const CONTROL = {
  PPM: span(0, 3, 'order of priority'),
  HBU: span(4, 4, 'high bus utilisation', { 0: 'off', 1: 'on' }),
  RDP: span(5, 6, 'reads in the pipeline', { 0: '1', 1: '2', 2: '3', 3: '4' }),
  WRP: span(7, 7, 'writes in the pipeline', { 0: '1', 1: '2' }),
} as const

export const PLB4_ARBITERS: DcrPart = {
  text: 'arbiters of the processor local bus',
  registers: dcrTable('460EX, PLB4 arbiters (U-Boot ppc440.h)', {
    A0ACR: { offset: 0x01, text: 'arbiter 0: control', fields: CONTROL },
    A1ACR: { offset: 0x09, text: 'arbiter 1: control', fields: CONTROL },
  }),
  count: 16,
}

export const AHB_BRIDGE: DcrPart = {
  text: 'bridge to the AHB, on which are USB and SATA',
  registers: dcrTable('460EX, PLB to AHB bridge (U-Boot ppc440.h)', {
    TOP: { offset: 0, text: 'end of the addresses that lead there' },
    BOT: { offset: 1, text: 'begin of the addresses that lead there' },
  }),
  count: 2,
}
