// The registers of a device as a table, beside the device in its own file: what views, hovers and Watch show of it, and the
// masks that the device itself works with.

import { type BitNumbering, type FieldTable, type Register, type RegisterOptions, register } from '../isa/register.ts'

export interface DeviceRegister<F extends FieldTable = FieldTable> extends Register<F> {
  /** Bytes from where the device is mapped; of device control registers, from the first number of the block. */
  readonly offset: number
  /** Reached in two steps: its number, which is written to an address register first. `offset` is that of the data register. */
  readonly index?: number
  /** Its value after a reset. */
  readonly reset: number
  /** Its bytes stand on the bus the other way round, as a PCI part's do. */
  readonly isLittleEndian?: boolean
  /** What reading does beside reading: `peek` does not. */
  readonly onRead?: string
  /** Where several registers share a place, it is this one while a field of another register has this value. */
  readonly onlyWhile?: BankSelection
}

export interface BankSelection {
  /** By its name in the same table. */
  readonly register: string
  readonly field: string
  readonly value: number
}

/** One row of a table: plain data, as a file could hold it. */
export interface DeviceRegisterRow extends Pick<RegisterOptions, 'access' | 'write' | 'defined'> {
  readonly offset: number
  readonly index?: number
  readonly text: string
  /** Where the part's manual describes it. */
  readonly page?: string
  readonly fields?: FieldTable
  readonly reset?: number
  readonly onRead?: string
  readonly onlyWhile?: BankSelection
}

/** What the registers of a part have in common. */
export interface RegisterPart {
  readonly width: Register['width']
  readonly numbering: BitNumbering
  readonly page: string
  readonly isLittleEndian?: true
}

type FieldsOf<R> = R extends { readonly fields: infer F extends FieldTable } ? F : Readonly<Record<never, never>>

/** @param rows by the names of the registers */
export function registerTable<const R extends Readonly<Record<string, DeviceRegisterRow>>>(
  part: RegisterPart,
  rows: R,
): { readonly [N in keyof R]: DeviceRegister<FieldsOf<R[N]>> } {
  const entries = Object.entries(rows).map(([name, { text, page = part.page, fields = {}, reset = 0, ...row }]) => {
    const { offset, index, onRead, onlyWhile, ...options } = row
    const described: DeviceRegister = {
      ...register(name, undefined, page, text, fields, { ...part, ...options }),
      ...{ offset, reset },
      ...(index !== undefined && { index }),
      ...(part.isLittleEndian && { isLittleEndian: true }),
      ...(onRead !== undefined && { onRead }),
      ...(onlyWhile !== undefined && { onlyWhile }),
    }
    return [name, described]
  })
  return Object.fromEntries(entries) as { [N in keyof R]: DeviceRegister<FieldsOf<R[N]>> }
}
