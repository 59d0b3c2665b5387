// The masks of the rotates.

import { rotateMask } from '../../isa/rtl/fields.ts'

/** MASK(MB, ME) at index MB * 32 + ME. */
export const MASKS: Int32Array = Int32Array.from({ length: 1024 }, (_, i) => rotateMask(i >>> 5, i & 31))
