// The L2 cache of the 440GX and 460EX (names as in U-Boot's ppc4xx-isram.h and Linux's dcr-regs.h). Memory is the same
// with it and without it: a command is done at once.

import { bit, span } from '../../isa/register.ts'
import { type DcrPart, dcrTable } from '../dcrRegisters.ts'

export const L2_CACHE: DcrPart = {
  text: 'L2 cache',
  registers: dcrTable('460EX, L2 cache (Linux dcr-regs.h)', {
    CFG: {
      offset: 0,
      text: 'configuration',
      fields: {
        L2M: bit(0, 'a cache, and not SRAM'),
        ICU: bit(1, 'holds instructions'),
        DCU: bit(2, 'holds data'),
        DCW: span(3, 6, 'ways that are off'),
        TPC: bit(7, 'tag parity is checked'),
        CPC: bit(8, 'parity is checked'),
        FRAN: bit(10, 'a frozen way is used'),
        SS: span(11, 12, 'size', { 0: '256 KB' }),
      },
    },
    CMD: {
      offset: 1,
      text: 'command',
      fields: {
        CLR: bit(0, 'clear'),
        DIAG: bit(1, 'diagnosis'),
        INV: bit(2, 'invalidate'),
        CCP: bit(3, 'clear parity errors'),
        CTE: bit(4, 'clear tag errors'),
      },
    },
    ADDR: { offset: 2, text: 'address of a command' },
    DATA: { offset: 3, text: 'data of a command' },
    STAT: {
      offset: 4,
      text: 'status',
      access: 'r',
      reset: 0x80000000,
      fields: { CC: bit(0, 'the command is done'), CPE: bit(1, 'parity error'), TPE: bit(2, 'tag parity error') },
    },
    CVER: { offset: 5, text: 'version', access: 'r' },
    SNP0: { offset: 6, text: 'snooped region 0' },
    SNP1: { offset: 7, text: 'snooped region 1' },
  }),
  count: 8,
}
