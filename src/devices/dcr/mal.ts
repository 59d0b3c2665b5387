// The memory access layer, which fetches and stores the frames of the Ethernet controllers (names as in Linux's mal.h).
// There is no network here: no channel ever has anything to do.

import type { DeviceRegisterRow } from '../../bus/registerTable.ts'
import { bit } from '../../isa/register.ts'
import { type DcrPart, dcrTable } from '../dcrRegisters.ts'

const CFG = 0
const SR = bit(0, 'soft reset')

const channels = (direction: 'TX' | 'RX', at: number, count: number): Readonly<Record<string, DeviceRegisterRow>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `${direction}CTP${n}R`,
      { offset: at + n, text: `${direction === 'TX' ? 'transmit' : 'receive'} channel ${n}: descriptors` },
    ]),
  )

export const MAL: DcrPart = {
  text: 'memory access layer',
  registers: dcrTable('460EX, memory access layer (Linux mal.h)', {
    CFG: { offset: CFG, text: 'configuration', fields: { SR, EOPIE: bit(29, 'interrupt at the end of a packet') } },
    ESR: { offset: 0x01, text: 'errors', write: 'oneToClear' },
    IER: { offset: 0x02, text: 'interrupts' },
    TXCASR: { offset: 0x04, text: 'transmit channels that are on' },
    TXCARR: { offset: 0x05, text: 'transmit channels that are turned off' },
    TXEOBISR: { offset: 0x06, text: 'transmit channels with a buffer done', write: 'oneToClear' },
    TXDEIR: { offset: 0x07, text: 'transmit channels with a wrong descriptor', write: 'oneToClear' },
    RXCASR: { offset: 0x10, text: 'receive channels that are on' },
    RXCARR: { offset: 0x11, text: 'receive channels that are turned off' },
    RXEOBISR: { offset: 0x12, text: 'receive channels with a buffer done', write: 'oneToClear' },
    RXDEIR: { offset: 0x13, text: 'receive channels with a wrong descriptor', write: 'oneToClear' },
    ...channels('TX', 0x20, 4),
    ...channels('RX', 0x40, 16),
    RCBS0: { offset: 0x60, text: 'receive channel 0: size of a buffer' },
    RCBS1: { offset: 0x61, text: 'receive channel 1: size of a buffer' },
  }),
  count: 0x62,
  commands: { [CFG]: 0x80000000 },
}
