// A PCI Express port of the 440SPe, 460EX and 460GT as its device control registers show it (names as in U-Boot's
// 4xx_pcie.h, and Linux's pci.h of the 4xx): windows to what is plugged in, which is nothing. They hold.

import { type DcrPart, dcrTable } from '../dcrRegisters.ts'

/** In the order of their numbers. */
const REGISTERS = {
  CFGBAH: 'configuration space: address, high',
  CFGBAL: 'configuration space: address, low',
  CFGMSK: 'configuration space: mask',
  MSGBAH: 'messages: address, high',
  MSGBAL: 'messages: address, low',
  MSGMSK: 'messages: mask',
  OMR1BAH: 'window 1 to the card: address, high',
  OMR1BAL: 'window 1 to the card: address, low',
  OMR1MSKH: 'window 1 to the card: mask, high',
  OMR1MSKL: 'window 1 to the card: mask, low',
  OMR2BAH: 'window 2 to the card: address, high',
  OMR2BAL: 'window 2 to the card: address, low',
  OMR2MSKH: 'window 2 to the card: mask, high',
  OMR2MSKL: 'window 2 to the card: mask, low',
  OMR3BAH: 'window 3 to the card: address, high',
  OMR3BAL: 'window 3 to the card: address, low',
  OMR3MSKH: 'window 3 to the card: mask, high',
  OMR3MSKL: 'window 3 to the card: mask, low',
  REGBAH: 'registers of the port: address, high',
  REGBAL: 'registers of the port: address, low',
  REGMSK: 'registers of the port: mask',
  SPECIAL: 'special',
  CFG: 'configuration',
} as const

const rows = Object.entries(REGISTERS).map(([name, text], offset) => [name, { offset, text }] as const)

export const PCI_EXPRESS_PORT: DcrPart = {
  text: 'PCI Express port',
  registers: dcrTable('460EX, PCI Express (U-Boot 4xx_pcie.h)', Object.fromEntries(rows)),
  count: rows.length,
}
