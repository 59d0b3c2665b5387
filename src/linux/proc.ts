// /proc: what processes are, as files that are written when they are opened.

import type { MappedPages } from './addressSpace.ts'
import type { Descriptors } from './descriptors.ts'

/** What /proc tells of a process. */
export interface ProcessView {
  readonly pid: number
  readonly parent: number
  /** Absolute path of the program. */
  readonly executable: string
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly descriptors: Descriptors
  mappings(): readonly MappedPages[]
}

/** The processes of a machine. */
export interface ProcessList {
  readonly pids: readonly number[]
  view(pid: number): ProcessView | undefined
}

/** What /proc tells of the machine. */
export interface MachineView {
  /** Bytes of memory. */
  readonly ramSize: number
  /** Nanoseconds since it was switched on. */
  readonly uptime: bigint
}

export type ProcEntry =
  | { readonly kind: 'directory'; readonly names: readonly string[] }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'proc' }

type ProcText = (process: ProcessView, machine: MachineView) => string

const KIB = 1024

const nameOf = ({ executable }: ProcessView): string => executable.slice(executable.lastIndexOf('/') + 1).slice(0, 15)
const zeroEnded = (texts: readonly string[]): string => texts.map(text => `${text}\0`).join('')
const memoryOf = (process: ProcessView): number =>
  process.mappings().reduce((sum, { start, end }) => sum + end - start, 0)

function maps(process: ProcessView): string {
  const { executable } = process
  const lines = process.mappings().map(({ start, end, read, write, execute, shared }) => {
    const hex = (address: number): string => address.toString(16).padStart(8, '0')
    const permissions = `${read ? 'r' : '-'}${write ? 'w' : '-'}${execute ? 'x' : '-'}${shared ? 's' : 'p'}`
    return `${hex(start)}-${hex(end)} ${permissions} 00000000 00:00 0\n`
  })
  return executable === '' ? '' : lines.join('')
}

function status(process: ProcessView): string {
  const size = memoryOf(process) / KIB
  return [
    ...[`Name:\t${nameOf(process)}`, `Umask:\t${process.descriptors.umask.toString(8).padStart(4, '0')}`],
    ...['State:\tR (running)', `Tgid:\t${process.pid}`, 'Ngid:\t0', `Pid:\t${process.pid}`, `PPid:\t${process.parent}`],
    ...['TracerPid:\t0', 'Uid:\t1000\t1000\t1000\t1000', 'Gid:\t1000\t1000\t1000\t1000', 'FDSize:\t256', 'Groups:\t'],
    ...[`VmSize:\t${`${size}`.padStart(8)} kB`, `VmRSS:\t${`${size}`.padStart(8)} kB`, 'Threads:\t1', ''],
  ].join('\n')
}

/** 52 numbers, of which the first and those of memory mean something here. */
function stat(process: ProcessView): string {
  const { pid, parent } = process
  const size = memoryOf(process)
  const before = [pid, `(${nameOf(process)})`, 'R', parent, pid, pid, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 1, 0, 0]
  const line = [...before, size, size / 4096, 4294967295]
  return `${[...line, ...Array.from({ length: 52 - line.length }, () => 0)].join(' ')}\n`
}

const OF_PROCESS: Readonly<Record<string, ProcText>> = {
  cmdline: ({ args }) => zeroEnded(args),
  comm: process => `${nameOf(process)}\n`,
  environ: ({ environment }) => zeroEnded(environment),
  maps,
  mounts: () => mounts,
  stat,
  statm: process => `${memoryOf(process) / 4096} ${memoryOf(process) / 4096} 0 0 0 0 0\n`,
  status,
}

const mounts =
  'overlay / overlay rw 0 0\nproc /proc proc rw 0 0\ndevtmpfs /dev devtmpfs rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n'

const OF_MACHINE: Readonly<Record<string, (machine: MachineView) => string>> = {
  cpuinfo: () =>
    'processor\t: 0\ncpu\t\t: 440EP Rev. B\nclock\t\t: 333.000000MHz\nrevision\t: 24.211 (pvr 4222 18d3)\n\nplatform\t: Linux user\n',
  filesystems: () => 'nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n',
  loadavg: () => '0.00 0.00 0.00 1/1 1\n',
  meminfo: ({ ramSize }) =>
    ['MemTotal', 'MemFree', 'MemAvailable']
      .map((name, i) => `${`${name}:`.padEnd(15)} ${`${(ramSize / KIB) >> (i > 0 ? 1 : 0)}`.padStart(8)} kB\n`)
      .concat(['Buffers', 'Cached', 'SwapTotal', 'SwapFree'].map(name => `${`${name}:`.padEnd(15)}        0 kB\n`))
      .join(''),
  uptime: ({ uptime }) => {
    const seconds = `${uptime / 1_000_000_000n}.${`${(uptime / 10_000_000n) % 100n}`.padStart(2, '0')}`
    return `${seconds} ${seconds}\n`
  },
  version: () => 'Linux version 6.1.0 (ppc440) #1\n',
}

const LINKS: Readonly<Record<string, string>> = { self: '', mounts: 'self/mounts' }

/** What is at `path` below /proc, which is empty for /proc itself; undefined where nothing is. */
export function procEntry(path: string, self: number, processes: ProcessList): ProcEntry | undefined {
  const [, first, second, third, more] = path.split('/')
  if (first === undefined)
    return {
      kind: 'directory',
      names: [...Object.keys(OF_MACHINE), ...Object.keys(LINKS), ...processes.pids.map(String)],
    }
  if (first === 'self' && second === undefined) return { kind: 'link', target: `${self}` }
  if (second === undefined && first in LINKS) return { kind: 'link', target: LINKS[first]! }
  if (second === undefined && first in OF_MACHINE) return { kind: 'proc' }
  const process = /^[1-9]\d*$/.test(first) ? processes.view(Number(first)) : undefined
  if (process === undefined || more !== undefined) return undefined
  return ofProcess(process, second, third)
}

function ofProcess(process: ProcessView, name: string | undefined, fd: string | undefined): ProcEntry | undefined {
  if (name === undefined) return { kind: 'directory', names: ['fd', 'cwd', 'exe', 'root', ...Object.keys(OF_PROCESS)] }
  if (name === 'fd') return fd === undefined ? openOnes(process) : descriptor(process, fd)
  if (fd !== undefined) return undefined
  if (name === 'exe') return { kind: 'link', target: process.executable }
  if (name === 'root') return { kind: 'link', target: '/' }
  if (name === 'cwd') return { kind: 'link', target: process.descriptors.pathOfDirectory ?? '(unreachable)' }
  return name in OF_PROCESS ? { kind: 'proc' } : undefined
}

const openOnes = ({ descriptors }: ProcessView): ProcEntry => ({
  kind: 'directory',
  names: descriptors.numbers.map(String),
})

function descriptor({ descriptors }: ProcessView, fd: string): ProcEntry | undefined {
  const file = /^\d+$/.test(fd) ? descriptors.get(Number(fd)) : undefined
  return file === undefined ? undefined : { kind: 'link', target: descriptors.system.nameOf(file) }
}

/** The contents of a file there, as they are now. */
export function procText(path: string, processes: ProcessList, machine: MachineView): string | undefined {
  const [, first, second] = path.split('/')
  if (second === undefined) return OF_MACHINE[first!]?.(machine)
  const process = processes.view(Number(first))
  return process && OF_PROCESS[second]?.(process, machine)
}
