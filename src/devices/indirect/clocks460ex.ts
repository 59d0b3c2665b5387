// Clocking of the 460EX (names as in U-Boot's ppc4xx.h): the dividers of a Sam460ex, of a system clock of 50 MHz: CPU 1150
// MHz, PLB 230 MHz, OPB and external bus 115 MHz. What is written is held: the clock of the core is that of the board's
// description. Feedback and forward dividers stand there in a code of their own (U-Boot speed.c): 0xb5 stands for 46,
// 0x09 for 5, and 1 for 2.

import { bit, span } from '../../isa/register.ts'
import { type IndirectPart, type IndirectRow, indirectTable } from '../indirectDcr.ts'

const divider = (index: number, text: string, name: string, reset: number): IndirectRow => ({
  ...{ index, text, reset: reset << 24 },
  fields: { [name]: span(5, 7, 'divider, 0 stands for the greatest') },
})

export const CLOCKS_460EX: IndirectPart = {
  text: 'clocking',
  registers: indirectTable('460EX, clocking (U-Boot ppc4xx.h, speed.c)', {
    CLKUPD: { index: 0x20, text: 'takes new dividers over', fields: { CUI: bit(0, 'at once'), CUD: bit(1, 'done') } },
    PLLC: { index: 0x40, text: 'PLL control', fields: { RST: bit(0, 'reset'), ENG: bit(1, 'engaged') } },
    PLLD: {
      index: 0x60,
      text: 'PLL dividers',
      reset: 0xb5010900 | 0,
      fields: {
        FBDV: span(0, 7, 'feedback, in its code'),
        FWDVA: span(12, 15, 'forward A, in its code'),
        FWDVB: span(20, 23, 'forward B, in its code'),
      },
    },
    PLBED: divider(0x80, 'early divider of the PLB', 'PLBEDV0', 5),
    OPBD: { ...divider(0xc0, 'divider of the OPB', 'OPBDV0', 2), fields: { OPBDV0: span(6, 7, 'divider') } },
    PERD: { ...divider(0xe0, 'divider of the external bus', 'PERDV0', 1), fields: { PERDV0: span(6, 7, 'divider') } },
    AHBD: { ...divider(0x100, 'divider of the AHB', 'AHBDV0', 1), fields: { AHBDV0: bit(7, 'divider') } },
    ICFG: {
      index: 0x140,
      text: 'configuration after the next reset',
      fields: { RLI: bit(0, 'a reset loads these registers from the strap no more'), ICS: span(29, 31, 'strap') },
    },
  }),
}
