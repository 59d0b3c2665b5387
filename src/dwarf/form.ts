// How the value of an attribute is written (DWARF 5, §7.5.6).

import { hex } from '../util/hex.ts'
import { DW_FORM } from './constants.ts'
import type { OffsetSize, Reader } from './reader.ts'

/** What a form's encoding depends on: the header of the unit it stands in. */
export interface UnitFormat {
  readonly version: number
  readonly addressSize: number
  readonly offsetSize: OffsetSize
}

/**
 * An attribute's value as it is written. Its class follows from the form (DWARF 5, §7.5.5); offsets and indices into
 * other sections are numbers here and are followed by `Die`'s accessors.
 */
export interface AttributeValue {
  readonly form: number
  readonly value: number | bigint | string | Uint8Array
}

const F = DW_FORM

/** Read a value of `form` and step over it. */
export function readForm(
  reader: Reader,
  form: number,
  encoding: UnitFormat,
  implicit: number | bigint = 0,
): AttributeValue {
  switch (form) {
    case F.addr:
      return { form, value: reader.address(encoding.addressSize) }
    case F.data1:
    case F.ref1:
    case F.flag:
    case F.strx1:
    case F.addrx1:
      return { form, value: reader.u8() }
    case F.data2:
    case F.ref2:
    case F.strx2:
    case F.addrx2:
      return { form, value: reader.u16() }
    case F.strx3:
    case F.addrx3:
      return { form, value: reader.u24() }
    case F.data4:
    case F.ref4:
    case F.ref_sup4:
    case F.strx4:
    case F.addrx4:
      return { form, value: reader.u32() }
    case F.data8:
    case F.ref8:
    case F.ref_sup8:
      return { form, value: reader.u64() }
    // A signature is an identity, not a number: as text it is exact and a key.
    case F.ref_sig8:
      return { form, value: signatureText(reader.block(8)) }
    case F.data16:
      return { form, value: reader.block(16) }
    case F.sdata:
      return { form, value: reader.sleb() }
    case F.udata:
    case F.ref_udata:
    case F.strx:
    case F.addrx:
    case F.loclistx:
    case F.rnglistx:
    case F.GNU_addr_index:
    case F.GNU_str_index:
      return { form, value: reader.uleb() }
    case F.string:
      return { form, value: reader.string() }
    case F.strp:
    case F.line_strp:
    case F.sec_offset:
    case F.strp_sup:
    case F.GNU_ref_alt:
    case F.GNU_strp_alt:
      return { form, value: reader.unsigned(encoding.offsetSize) }
    case F.ref_addr:
      // In DWARF 2 a reference across units had the size of an address (§7.5.4 there).
      return { form, value: reader.unsigned(encoding.version <= 2 ? encoding.addressSize : encoding.offsetSize) }
    case F.block1:
      return { form, value: reader.block(reader.u8()) }
    case F.block2:
      return { form, value: reader.block(reader.u16()) }
    case F.block4:
      return { form, value: reader.block(reader.u32()) }
    case F.block:
    case F.exprloc:
      return { form, value: reader.block(reader.count()) }
    case F.flag_present:
      return { form, value: 1 }
    case F.implicit_const:
      return { form, value: implicit }
    case F.indirect: {
      const actual = reader.count()
      if (actual === F.indirect || actual === F.implicit_const) throw reader.error('DW_FORM_indirect leads nowhere')
      return readForm(reader, actual, encoding)
    }
    default:
      throw reader.error(`the form ${hex(form)} is not known`)
  }
}

export const signatureText = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

/** Step over a value of `form` without making one. */
export function skipForm(reader: Reader, form: number, encoding: UnitFormat): void {
  switch (form) {
    case F.string:
      reader.skipString()
      return
    case F.block1:
      reader.skip(reader.u8())
      return
    case F.block2:
      reader.skip(reader.u16())
      return
    case F.block4:
      reader.skip(reader.u32())
      return
    case F.block:
    case F.exprloc:
      reader.skip(reader.count())
      return
    case F.ref_sig8:
      reader.skip(8)
      return
    case F.data16:
      reader.skip(16)
      return
    case F.strp:
    case F.line_strp:
    case F.sec_offset:
      reader.skip(encoding.offsetSize)
      return
    case F.data4:
    case F.ref4:
      reader.skip(4)
      return
    default:
      readForm(reader, form, encoding)
  }
}
