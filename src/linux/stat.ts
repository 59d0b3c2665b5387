// What is told of an inode: struct stat64 of 32-bit PowerPC (arch/powerpc/include/uapi/asm/stat.h), struct statx
// (include/uapi/linux/stat.h), and struct statfs and statfs64 (include/uapi/asm-generic/statfs.h) of where it is.

import { Mode, PAGE } from './abi.ts'
import { BLOCK } from './contents.ts'
import type { DeviceName, Inode, Inodes } from './inodes.ts'
import type { UserMemory } from './memory.ts'

const SECTOR = 512
const DEVICE = 1
const BILLION = 1_000_000_000n

const TYPES: Readonly<Record<Inode['kind'], number>> = {
  file: Mode.FILE,
  proc: Mode.FILE,
  directory: Mode.DIRECTORY,
  link: Mode.LINK,
  device: Mode.CHARACTER,
  pipe: Mode.FIFO,
}

/** Major and minor number. */
const NUMBERS: Readonly<Partial<Record<DeviceName, readonly [number, number]>>> = {
  null: [1, 3],
  zero: [1, 5],
  full: [1, 7],
  random: [1, 9],
  tty: [5, 0],
}

/** The machine's streams are pipes to whoever is on the other side, who is no terminal. */
const isStream = (inode: Inode): boolean => inode.kind === 'device' && NUMBERS[inode.device] === undefined

const modeOf = (inode: Inode): number => (isStream(inode) ? Mode.FIFO : TYPES[inode.kind]) | inode.permissions

/** In bytes. */
export function sizeOf(inode: Inode): number {
  if (inode.kind === 'file') return inode.contents.length
  if (inode.kind === 'link') return new TextEncoder().encode(inode.target).length
  return inode.kind === 'directory' && inode.proc === undefined ? BLOCK : 0
}

function sectorsOf(inode: Inode): number {
  if (inode.kind === 'directory') return sizeOf(inode) / SECTOR
  if (inode.kind !== 'file') return 0
  const { blocks, base } = inode.contents
  const ofHost = Math.ceil((base?.length ?? 0) / BLOCK)
  let own = 0
  for (const number of blocks.keys()) if (number >= ofHost) own++
  return ((ofHost + own) * BLOCK) / SECTOR
}

/** Of a directory of the host's it is not known, which is what 1 says. */
const linksOf = (inode: Inode): number =>
  inode.kind === 'directory' && inode.base !== undefined ? Math.min(1, inode.links) : inode.links

const rdevOf = (inode: Inode): readonly [number, number] => (inode.kind === 'device' && NUMBERS[inode.device]) || [0, 0]

export function writeStat64(memory: UserMemory, address: number, inode: Inode): void {
  const view = memory.view(address, 104)
  memory.bytes(address, 104).fill(0)
  const [major, minor] = rdevOf(inode)
  view.setBigUint64(0, BigInt(DEVICE))
  view.setBigUint64(8, BigInt(inode.ino))
  view.setUint32(16, modeOf(inode))
  view.setUint32(20, linksOf(inode))
  view.setUint32(24, inode.uid)
  view.setUint32(28, inode.gid)
  view.setBigUint64(32, BigInt((major << 8) | minor))
  view.setBigUint64(48, BigInt(sizeOf(inode)))
  view.setUint32(56, PAGE)
  view.setBigUint64(64, BigInt(sectorsOf(inode)))
  for (const [i, time] of [inode.accessed, inode.modified, inode.changed].entries()) {
    view.setInt32(72 + 8 * i, Number(BigInt.asIntN(32, time / BILLION)))
    view.setUint32(76 + 8 * i, Number(time % BILLION))
  }
}

const STATX_BASIC_STATS = 0x7ff

export function writeStatx(memory: UserMemory, address: number, inode: Inode): void {
  const view = memory.view(address, 256)
  memory.bytes(address, 256).fill(0)
  const [major, minor] = rdevOf(inode)
  view.setUint32(0, STATX_BASIC_STATS)
  view.setUint32(4, PAGE)
  view.setUint32(16, linksOf(inode))
  view.setUint32(20, inode.uid)
  view.setUint32(24, inode.gid)
  view.setUint16(28, modeOf(inode))
  view.setBigUint64(32, BigInt(inode.ino))
  view.setBigUint64(40, BigInt(sizeOf(inode)))
  view.setBigUint64(48, BigInt(sectorsOf(inode)))
  for (const [offset, time] of [
    [64, inode.accessed],
    [96, inode.changed],
    [112, inode.modified],
  ] as const) {
    view.setBigInt64(offset, time / BILLION)
    view.setUint32(offset + 8, Number(time % BILLION))
  }
  view.setUint32(128, major)
  view.setUint32(132, minor)
  view.setUint32(136, DEVICE >>> 8)
  view.setUint32(140, DEVICE & 0xff)
}

const OVERLAYFS = 0x794c7630
const LONGEST_NAME = 255
/** Inodes that there may be, as far as anybody tells. */
const MOST_INODES = 1 << 20

/** @param bits of the counts: 32 in struct statfs, 64 in struct statfs64 */
export function writeStatfs(memory: UserMemory, address: number, { room }: Inodes, bits: 32 | 64): void {
  const length = bits === 32 ? 64 : 88
  const view = memory.view(address, length)
  memory.bytes(address, length).fill(0)
  const [all, free] = [room.all, room.free].map(bytes => Math.floor(bytes / BLOCK))
  view.setUint32(0, OVERLAYFS)
  view.setUint32(4, BLOCK)
  for (const [i, count] of [all!, free!, free!, MOST_INODES, MOST_INODES].entries()) {
    if (bits === 32) view.setUint32(8 + 4 * i, count)
    else view.setBigUint64(8 + 8 * i, BigInt(count))
  }
  const rest = bits === 32 ? 36 : 56
  view.setUint32(rest, LONGEST_NAME)
  view.setUint32(rest + 4, BLOCK)
}
