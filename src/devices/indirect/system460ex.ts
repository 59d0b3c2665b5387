// System device control of the 460EX (names as in U-Boot's ppc440.h and 4xx_pcie.h): straps, what pins are for, resets of
// parts of the chip, and the PCI Express ports. The straps are those of a Sam460ex: setting A, which boots from the 8-bit
// flash. Both ports are ready, and nobody is at their other end.

import { bit, span } from '../../isa/register.ts'
import { type IndirectPart, type IndirectRow, indirectTable } from '../indirectDcr.ts'

const uart = (n: number): IndirectRow => ({
  index: 0x120 + n,
  text: `clock of UART${n}`,
  fields: { EC: span(8, 8, 'clock', { 0: 'internal', 1: 'external' }), DIV: span(24, 31, 'divider') },
})

const LANES = ['BIST', 'BISTSTS', 'CDRCTL', 'DRV', 'REC', 'LPB', 'CLK'] as const
type LaneRegister = (typeof LANES)[number]
const LANE: Readonly<Record<LaneRegister, string>> = {
  BIST: 'self test',
  BISTSTS: 'result of the self test',
  CDRCTL: 'clock recovery',
  DRV: 'driver',
  REC: 'receiver',
  LPB: 'loop back',
  CLK: 'clock',
}

/** What each lane of port `n` has, one register after the other. */
const lanes = (n: number, at: number, count: number): Readonly<Record<string, IndirectRow>> =>
  Object.fromEntries(
    LANES.flatMap((name, i) =>
      Array.from({ length: count }, (_, lane) => [
        `PE${n}L${lane}${name}`,
        { index: at + i * count + lane, text: `PCI Express port ${n}, lane ${lane}: ${LANE[name]}` },
      ]),
    ),
  )

/** @param at where the registers behind the lanes are */
const port = (n: number, base: number, at: number): Readonly<Record<string, IndirectRow>> => {
  const what = `PCI Express port ${n}`
  return {
    [`PE${n}UTLSET1`]: { index: base, text: `${what}: upper layer, settings 1` },
    [`PE${n}UTLSET2`]: { index: base + 1, text: `${what}: upper layer, settings 2` },
    [`PE${n}DLPSET`]: { index: base + 2, text: `${what}: data link and physical layer` },
    [`PE${n}LOOP`]: {
      index: base + 3,
      text: `${what}: link`,
      access: 'r',
      reset: 0x00001000,
      fields: { LINK: bit(19, 'up') },
    },
    [`PE${n}RCSSET`]: {
      index: base + 4,
      text: `${what}: reset and clock, set`,
      reset: 0x01010000,
      fields: {
        HLDPLB: bit(3, 'PLB held'),
        RSTGU: bit(7, 'reset'),
        RDY: bit(11, 'ready'),
        RSTDL: bit(15, 'link reset'),
      },
    },
    [`PE${n}RCSSTS`]: {
      index: base + 5,
      text: `${what}: reset and clock, status`,
      access: 'r',
      reset: 0x00011000,
      fields: { PLBIDL: bit(3, 'PLB idle'), HRSTRQ: bit(7, 'reset asked for'), PGRST: bit(11, 'port in reset') },
    },
    [`PE${n}PHYCTLRST`]: { index: at, text: `${what}: reset of the physical layer` },
    [`PE${n}RSTSTA`]: {
      ...{ index: at + 1, text: `${what}: reset status`, access: 'r', reset: 1 },
      fields: { READY: bit(31, 'out of reset') },
    },
    [`PE${n}OBS`]: { index: at + 2, text: `${what}: observation`, access: 'r' },
  }
}

export const SYSTEM_460EX: IndirectPart = {
  text: 'system device control',
  registers: indirectTable('460EX, system device control registers (U-Boot ppc440.h, 4xx_pcie.h)', {
    SDSTP0: { index: 0x20, text: 'strap: PLL', reset: 0x0000b519, access: 'r' },
    SDSTP1: { index: 0x21, text: 'strap: dividers and boot', reset: 0xa9000000 | 0, access: 'r' },
    PINSTP: { index: 0x40, text: 'strap pins', access: 'r', fields: { BS: span(0, 2, 'setting, A to H') } },
    SDCS0: { index: 0x60, text: 'reads the strap from its EEPROM again' },
    ECID0: { index: 0x80, text: 'identification of the chip, word 0', access: 'r' },
    ECID1: { index: 0x81, text: 'identification of the chip, word 1', access: 'r' },
    ECID2: { index: 0x82, text: 'identification of the chip, word 2', access: 'r' },
    ECID3: {
      ...{ index: 0x83, text: 'identification of the chip, word 3', access: 'r', reset: 0x00100000 },
      fields: { NOSEC: bit(11, 'without security engine') },
    },
    DDR0: {
      index: 0xe1,
      text: 'DDR interface',
      reset: 0x20000000,
      fields: { DDRM: span(1, 2, 'generation of the memory') },
    },
    EBC: { index: 0x100, text: 'external bus controller' },
    UART0: uart(0),
    UART1: uart(1),
    UART2: uart(2),
    UART3: uart(3),
    CP440: { index: 0x180, text: 'core' },
    PCI0: { index: 0x1c0, text: 'PCI', fields: { PAE: bit(2, 'own arbiter'), PHE: bit(0, 'host') } },
    SRST0: { index: 0x200, text: 'resets of parts of the chip' },
    SRST1: { index: 0x201, text: 'resets of more parts of the chip' },
    ...port(0, 0x300, 0x30f),
    ...lanes(0, 0x308, 1),
    USB0: { index: 0x320, text: 'USB' },
    ...port(1, 0x340, 0x364),
    ...lanes(1, 0x348, 4),
    PEIHS1: { index: 0x36c, text: 'PCI Express: interrupts, settings 1' },
    PEIHS2: { index: 0x36d, text: 'PCI Express: interrupts, settings 2' },
    AHBCFG: { index: 0x370, text: 'bridge to the AHB' },
    USB2HOSTCFG: { index: 0x371, text: 'USB 2.0 host' },
    CUST0: {
      index: 0x4000,
      text: 'pins of the external bus',
      fields: { MUX: span(0, 1, 'used by', { 1: 'EMAC', 2: 'NAND flash', 3: 'GPIO' }), NDFC: bit(2, 'NAND flash') },
    },
    CUST1: { index: 0x4002, text: 'more about pins' },
    PFC0: { index: 0x4100, text: 'pins of GPIO 49 to 63' },
    PFC1: { index: 0x4101, text: 'pins of UARTs and interrupts' },
    ETHPLL: { index: 0x4102, text: 'PLL of Ethernet' },
    ETHCFG: { index: 0x4103, text: 'Ethernet' },
    ETHSTS: { index: 0x4104, text: 'status of Ethernet', access: 'r' },
    MFR: { index: 0x4300, text: 'clocks of Ethernet' },
  }),
}
