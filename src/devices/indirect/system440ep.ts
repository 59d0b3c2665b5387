// System device control of the 440EP (440EP user's manual, system device control registers): straps, what pins are for,
// resets of parts of the chip. The straps are those of the Bamboo board: setting 0, which boots from the 8-bit flash.

import { bit, span } from '../../isa/register.ts'
import { type IndirectPart, type IndirectRow, indirectTable } from '../indirectDcr.ts'

const uart = (n: number): IndirectRow => ({
  index: 0x120 + n,
  text: `clock of UART${n}`,
  reset: 1,
  fields: { EC: span(8, 8, 'clock', { 0: 'internal', 1: 'external' }), DIV: span(24, 31, 'divider') },
})

export const SYSTEM_440EP: IndirectPart = {
  text: 'system device control',
  registers: indirectTable('440EP user’s manual, system device control registers', {
    SDSTP0: {
      index: 0x20,
      text: 'strap: PLL',
      reset: 0x8000c2c6,
      access: 'r',
      fields: {
        ENG: bit(0, 'PLL engaged'),
        SRC: span(1, 1, 'feedback from', { 0: 'output A', 1: 'output B' }),
        SEL: span(2, 4, 'feedback', { 0: 'PLL', 1: 'CPU', 5: 'external bus' }),
        TUNE: span(5, 14, 'tuning'),
        FBDV: span(15, 19, 'feedback divider'),
        FWDVA: span(20, 23, 'forward divider A'),
        FWDVB: span(24, 26, 'forward divider B'),
        PRBDV0: span(27, 29, 'primary divider B'),
        OPBDV0: span(30, 31, 'divider of the OPB'),
      },
    },
    SDSTP1: {
      index: 0x21,
      text: 'strap: dividers and boot',
      reset: 0x04800000,
      access: 'r',
      fields: {
        LFBDV: span(0, 5, 'local feedback divider'),
        PERDV0: span(6, 7, 'divider of the external bus'),
        MALDV0: span(8, 9, 'divider of MAL'),
        RW: span(17, 18, 'width of the boot ROM', { 0: '8 bits', 1: '16 bits', 2: '32 bits' }),
        BOOT: span(19, 20, 'boots from', { 0: 'external bus', 1: 'PCI', 2: 'NAND flash' }),
      },
    },
    PINSTP: {
      index: 0x40,
      text: 'strap pins',
      access: 'r',
      fields: { BS: span(0, 2, 'setting', { 5: 'EEPROM at 0x54', 7: 'EEPROM at 0x52' }) },
    },
    SDCS: { index: 0x60, text: 'reads the strap from its EEPROM again' },
    ECID0: { index: 0x80, text: 'identification of the chip, word 0', access: 'r' },
    ECID1: { index: 0x81, text: 'identification of the chip, word 1', access: 'r' },
    ECID2: { index: 0x82, text: 'identification of the chip, word 2', access: 'r' },
    JTAG: { index: 0xc0, text: 'identification for JTAG', access: 'r' },
    DDR0: { index: 0xe1, text: 'DDR interface' },
    EBC: { index: 0x100, text: 'external bus controller' },
    UART0: uart(0),
    UART1: uart(1),
    UART2: uart(2),
    UART3: uart(3),
    CP440: { index: 0x180, text: 'the core: which reset, which clock of its timers' },
    XCR: { index: 0x1c0, text: 'PCI' },
    SRST: {
      index: 0x200,
      text: 'resets of parts of the chip, while 1',
      fields: {
        IIC0: bit(2, 'IIC0'),
        IIC1: bit(3, 'IIC1'),
        DMC: bit(10, 'SDRAM controller'),
        EBC: bit(7, 'external bus'),
      },
    },
    SLPIPE: { index: 0x220, text: 'address pipelining of slaves' },
    AMP0: { index: 0x240, text: 'priorities of masters' },
    AMP1: { index: 0x241, text: 'priorities of masters' },
    MIRQ0: { index: 0x260, text: 'interrupts of masters' },
    MIRQ1: { index: 0x261, text: 'interrupts of masters' },
    PCI0: { index: 0x300, text: 'PCI clock and arbiter', reset: 0 },
    USB0: {
      index: 0x320,
      text: 'USB',
      fields: { DEVSEL: span(30, 30, 'device', { 0: 'USB 2.0', 1: 'USB 1.1' }), LEEN: bit(31, 'little-endian') },
    },
    CUST0: {
      index: 0x4000,
      text: 'what the chip selects of NAND flash are for',
      fields: { MUX: span(0, 1, 'pins', { 1: 'Ethernet', 2: 'NAND flash', 3: 'GPIO' }), NDFC: bit(2, 'NAND flash') },
    },
    SDSTP2: { index: 0x4001, text: 'strap, word 2', access: 'r' },
    CUST1: { index: 0x4002, text: 'for customers' },
    SDSTP3: { index: 0x4003, text: 'strap, word 3', access: 'r' },
    PFC0: { index: 0x4100, text: 'what pins are for: trace or GPIO' },
    PFC1: {
      index: 0x4101,
      text: 'what pins are for: serial ports, IIC1, interrupts',
      fields: {
        U1ME: span(6, 6, 'UART1', { 0: 'DSR and DTR', 1: 'CTS and RTS' }),
        U0ME: span(12, 12, 'UART0', { 0: 'DSR and DTR', 1: 'CTS and RTS' }),
        U0IM: span(13, 13, 'UART0', { 0: '8 pins', 1: '4 pins' }),
        SIS: span(14, 14, 'serial interface', { 0: 'SCP', 1: 'IIC1' }),
      },
    },
    PLBTR: { index: 0x4200, text: 'trace of the PLB' },
    MFR: {
      index: 0x4300,
      text: 'Ethernet',
      fields: { E0CS: bit(4, 'external clock 0'), E1CS: bit(5, 'external clock 1'), ZM: span(6, 7, 'ZMII mode') },
    },
  }),
}
