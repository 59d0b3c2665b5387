// What is written down of an instruction; everything else about it is derived from that.

/** One instruction: the row from which decoder, disassembler, interpreter and hover texts are derived. */
export interface Insn {
  readonly name: string
  /**
   * The 32 bits, most significant first: literal bits, fields as `name:width`, `/` for bits that are
   * ignored and should be 0, and `.` for bits that may be anything.
   * `oe:1` and `rc:1` stand for the variants with `o` and `.`.
   */
  readonly pattern: string
  /** As GNU as wants them, by field name; `ra0`: register 0 means the number 0; `?`: may be left out when 0. */
  readonly operands: string
  readonly text: string
  /** Program interrupt (PPR) in user mode. mfspr and mtspr decide by register. */
  readonly privileged?: true
  /** What it does, in the language of rtl/language.ts; '' where nothing of it can be seen. */
  readonly meaning: string
  /** The unit that executes it. `float` is not in every part: illegal without it, unavailable while MSR[FP] = 0. */
  readonly unit?: 'mac' | 'float'
  /** Programs that a compiler made seldom or never contain it. No compiler writes an `o` form. */
  readonly seldom?: true
  /** When the `o` form sets OV: a condition over the temporaries of `meaning`. */
  readonly overflow?: string
}
