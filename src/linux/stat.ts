// struct stat64 of 32-bit PowerPC (arch/powerpc/include/uapi/asm/stat.h) and struct statx (include/uapi/linux/stat.h).
// Inode numbers and times are constant: they would be the host's, and a run is to repeat.

import { Mode, PAGE, UID } from './abi.ts'
import { sizeOf } from './fileSystem.ts'
import type { HostEntry } from './host.ts'
import type { UserMemory } from './memory.ts'
import type { Opened } from './openFiles.ts'

type Statted = Opened | HostEntry

const mode = ({ kind }: Statted): number => {
  if (kind === 'file') return Mode.FILE
  return kind === 'directory' ? Mode.DIRECTORY : Mode.TERMINAL
}

const size = (file: Statted): number => {
  if (file.kind !== 'file') return 0
  return 'data' in file ? sizeOf(file.data) : file.size
}
const SECTOR = 512

export function writeStat64(memory: UserMemory, address: number, file: Statted): void {
  const view = memory.view(address, 104)
  memory.bytes(address, 104).fill(0)
  view.setBigUint64(8, 1n)
  view.setUint32(16, mode(file))
  view.setUint32(20, 1)
  view.setUint32(24, UID)
  view.setUint32(28, UID)
  view.setBigUint64(48, BigInt(size(file)))
  view.setUint32(56, PAGE)
  view.setBigUint64(64, BigInt(Math.ceil(size(file) / SECTOR)))
}

const STATX_BASIC_STATS = 0x7ff

export function writeStatx(memory: UserMemory, address: number, file: Statted): void {
  const view = memory.view(address, 256)
  memory.bytes(address, 256).fill(0)
  view.setUint32(0, STATX_BASIC_STATS)
  view.setUint32(4, PAGE)
  view.setUint32(16, 1)
  view.setUint32(20, UID)
  view.setUint32(24, UID)
  view.setUint16(28, mode(file))
  view.setBigUint64(32, 1n)
  view.setBigUint64(40, BigInt(size(file)))
  view.setBigUint64(48, BigInt(Math.ceil(size(file) / SECTOR)))
}
