// The kinds of devices of the 4xx parts that have nothing but device control registers.

import { AHB_BRIDGE, PLB4_ARBITERS } from '../devices/dcr/buses.ts'
import { DMA } from '../devices/dcr/dma.ts'
import { ON_CHIP_MEMORY, SRAM_OF_L2 } from '../devices/dcr/internalSram.ts'
import { L2_CACHE } from '../devices/dcr/l2Cache.ts'
import { MAL } from '../devices/dcr/mal.ts'
import { MEMORY_QUEUE } from '../devices/dcr/memoryQueue.ts'
import { PCI_EXPRESS_PORT } from '../devices/dcr/pciExpress.ts'
import { type DcrPart, DcrRegisters } from '../devices/dcrRegisters.ts'
import { CLOCKS_440EP } from '../devices/indirect/clocks440ep.ts'
import { CLOCKS_460EX } from '../devices/indirect/clocks460ex.ts'
import { EBC } from '../devices/indirect/ebc.ts'
import { SDRAM_DDR } from '../devices/indirect/sdramDdr.ts'
import { SDRAM_DDR2 } from '../devices/indirect/sdramDdr2.ts'
import { SYSTEM_440EP } from '../devices/indirect/system440ep.ts'
import { SYSTEM_460EX } from '../devices/indirect/system460ex.ts'
import { IndirectDcr, type IndirectPart } from '../devices/indirectDcr.ts'
import { hex } from '../util/hex.ts'
import type { NamedValues } from './description.ts'
import type { DeviceKind } from './deviceKinds.ts'

/** Registers behind CFGADDR and CFGDATA. @param chip with which parts it is found */
const indirect = (part: IndirectPart, chip: string, compatible: readonly string[]): DeviceKind => ({
  text: `${part.text}${chip}: registers behind CFGADDR and CFGDATA`,
  place: 'dcr',
  outputs: [],
  size: 2,
  options: { reset: { kind: 'values', text: 'values of registers after a reset, by name, for another strap' } },
  compatible,
  create({ name, dcr, options }, place) {
    const block = new IndirectDcr(name, dcr!, part, options.reset as NamedValues | undefined)
    block.onUnknown = index => place.tell(`${name} has no register ${hex(index)}: it holds what is written`)
    block.onRamTiming = place.ramTiming
    place.dcr.map(block)
    return { state: block }
  },
})

/** Registers that hold, and nothing else. */
const holding = (part: DcrPart, chip: string, compatible: readonly string[] = []): DeviceKind => ({
  text: `${part.text}${chip}: its registers hold what is written`,
  place: 'dcr',
  outputs: [],
  size: part.count,
  options: {},
  compatible,
  create({ name, dcr }, place) {
    const block = new DcrRegisters(name, dcr!, part)
    place.dcr.map(block)
    return { state: block }
  },
})

export const DCR_KINDS: Readonly<Record<string, DeviceKind>> = {
  'sdr-440ep': indirect(SYSTEM_440EP, ' of the 440EP', ['ibm,sdr-440ep']),
  'cpr-440ep': indirect(CLOCKS_440EP, ' of the 440EP', ['ibm,cpr-440ep']),
  ebc: indirect(EBC, '', ['ibm,ebc']),
  'sdram-ddr': indirect(SDRAM_DDR, ' of the 440EP, 440GP and 440GX', ['ibm,sdram-440ep', 'ibm,sdram-440gp']),
  'sdr-460ex': indirect(SYSTEM_460EX, ' of the 460EX', ['ibm,sdr-460ex']),
  'cpr-460ex': indirect(CLOCKS_460EX, ' of the 460EX', ['ibm,cpr-460ex']),
  'sdram-ddr2': indirect(SDRAM_DDR2, ' of the 440SPe and 460EX', ['ibm,sdram-460ex', 'ibm,sdram-440spe']),
  'memory-queue': holding(MEMORY_QUEUE, ' of the 440SPe and 460EX'),
  'l2-cache': holding(L2_CACHE, ' of the 440GX and 460EX'),
  'l2-sram': holding(SRAM_OF_L2, ' of the 440GX and 460EX'),
  'ocm-control': holding(ON_CHIP_MEMORY, ' of the 460EX'),
  'plb4-arbiters': holding(PLB4_ARBITERS, ''),
  'plb-ahb': holding(AHB_BRIDGE, ''),
  'pcie-port': holding(PCI_EXPRESS_PORT, ' of the 440SPe and 460EX'),
  mal: holding(MAL, ''),
  'dma-460ex': holding(DMA, ' of the 460EX'),
}
