// Where a page of a Linux kernel lies that no TLB entry maps now, as its own handler of TLB misses would find it
// (arch/powerpc/kernel/head_44x.S, DataTLBError44x): a table of tables, whose entries of 64 bits have a real address.

import type { Context } from '../../expr/context.ts'
import type { Symbols } from '../../symbols/symbols.ts'
import { layoutOf, wordIn } from './layout.ts'

/** Of an entry for a page. */
const PRESENT = 1n
const ENTRY_BYTES = 8

/** From here on addresses are the kernel's, in every address space (PAGE_OFFSET of the 44x's configurations). */
const KERNEL = 0xc000_0000

/** The sizes of pages that a 44x's kernel may have, and whose tables fill a page. */
const PAGE_SIZES = [4096, 16_384, 65_536]

interface Paging {
  readonly pageShift: number
  /** Where the kernel's own table begins. */
  readonly kernel: number
  /** From where SPRG3 leads to, where it is said which table is that of the task on the core. */
  readonly ofTask: number
}

const known = new WeakMap<Symbols, Paging | undefined>()

/** Undefined for a kernel without debug information. */
function pagingOf(context: Context): Paging | undefined {
  const { symbols } = context
  if (!known.has(symbols)) known.set(symbols, readPaging(context))
  return known.get(symbols)
}

function readPaging(context: Context): Paging | undefined {
  const { symbols } = context
  const size = symbols.symbolNamed('empty_zero_page')?.size
  const kernel = symbols.symbolNamed('swapper_pg_dir')?.value
  const ofTask = layoutOf(context).offset('thread_struct.pgdir')
  if (size === undefined || !PAGE_SIZES.includes(size) || kernel === undefined || ofTask === undefined) return undefined
  return { pageShift: Math.log2(size), kernel: kernel >>> 0, ofTask }
}

/** Bytes of a page. */
export const pageSizeOf = (context: Context): number => 1 << (pagingOf(context)?.pageShift ?? 12)

/** The real address of `ea`; undefined where it is mapped nowhere. */
export function realOf(context: Context, ea: number): bigint | undefined {
  const paging = pagingOf(context)
  if (paging === undefined) return undefined
  const { pageShift, kernel, ofTask } = paging
  const thread = context.readRegister('SPRG3')
  const table = ea >= KERNEL ? kernel : thread && wordIn(context, thread + ofTask)
  return table ? walk(pageShift, table, ea, context) : undefined
}

function walk(pageShift: number, table: number, ea: number, context: Context): bigint | undefined {
  const tableBits = pageShift - 3
  const pages = wordIn(context, table + 4 * (ea >>> (pageShift + tableBits)))
  if (!pages) return undefined
  const tableBytes = ENTRY_BYTES << tableBits
  const index = (ea >>> pageShift) & ((1 << tableBits) - 1)
  const bytes = context.readMemory(((pages & -tableBytes) >>> 0) + ENTRY_BYTES * index, ENTRY_BYTES)
  const entry = bytes && new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  if (entry === undefined || (entry & PRESENT) === 0n) return undefined
  const inPage = BigInt(ea & ((1 << pageShift) - 1))
  return (entry & -(1n << BigInt(pageShift))) | inPage
}
