// The kinds of devices of the 4xx parts that have nothing but device control registers.

import { CLOCKS_440EP } from '../devices/indirect/clocks440ep.ts'
import { EBC } from '../devices/indirect/ebc.ts'
import { SDRAM_DDR } from '../devices/indirect/sdramDdr.ts'
import { SYSTEM_440EP } from '../devices/indirect/system440ep.ts'
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
    place.dcr.map(block)
    return { state: block }
  },
})

export const DCR_KINDS: Readonly<Record<string, DeviceKind>> = {
  'sdr-440ep': indirect(SYSTEM_440EP, ' of the 440EP', ['ibm,sdr-440ep']),
  'cpr-440ep': indirect(CLOCKS_440EP, ' of the 440EP', ['ibm,cpr-440ep']),
  ebc: indirect(EBC, '', ['ibm,ebc']),
  'sdram-ddr': indirect(SDRAM_DDR, ' of the 440EP, 440GP and 440GX', ['ibm,sdram-440ep', 'ibm,sdram-440gp']),
}
