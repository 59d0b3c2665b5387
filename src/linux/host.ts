// What a process asks of the world outside: answered later, by whoever has files and a keyboard. A call that lacks
// something is made again when it has come.

import type { Info } from './signals.ts'

export type HostRequest =
  /** What is there: a file, the names in a directory, or a link, which is not followed. The path is absolute, without `.` and `..`. */
  | { readonly wants: 'path'; readonly path: string }
  /** A piece of a file's contents. */
  | { readonly wants: 'piece'; readonly path: string; readonly offset: number; readonly length: number }
  /** Bytes typed on standard input, or its end. */
  | { readonly wants: 'stdin' }

/** By which path the host is asked for the program itself, wherever it is. */
export const PROGRAM = '/proc/self/exe'

export type HostEntry =
  /** With its permissions, where the host has any. */
  | { readonly kind: 'file'; readonly size: number; readonly mode?: number }
  | { readonly kind: 'directory'; readonly names: readonly string[]; readonly mode?: number }
  /** A symbolic link, with what is written in it. */
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'none' }

/** The answer to a request about files. */
export type HostAnswer =
  | { readonly kind: 'path'; readonly path: string; readonly entry: HostEntry }
  /** Without bytes where they cannot be read. */
  | { readonly kind: 'piece'; readonly path: string; readonly offset: number; readonly bytes: Uint8Array | undefined }

/** Why a run of programs ended, beside what the core itself reports. */
export type KernelExit =
  /** As many instructions, or as much work, as was asked for. */
  | { readonly kind: 'budget' }
  | { readonly kind: 'exit'; readonly status: number }
  /** A signal that ends the program; PC is where it happened. */
  | { readonly kind: 'signal'; readonly signal: number; readonly text: string }
  /** A signal is about to be delivered to a thread. */
  | { readonly kind: 'signalDue'; readonly info: Info; readonly thread: number }
  /** The thread on the core stands at the first instruction of a signal's handler. */
  | { readonly kind: 'handler'; readonly signal: number }
  | { readonly kind: 'wants'; readonly request: HostRequest }
  /** Another thread is on the core, or one whose call goes on. */
  | { readonly kind: 'switched' }
  /** All wait for each other, or for what nobody will do. */
  | { readonly kind: 'deadlock'; readonly text: string }

/** About how many bytes an answer takes as long as it is kept. */
export function weightOf(answer: HostAnswer): number {
  const fixed = 256 + 2 * answer.path.length
  if (answer.kind === 'piece') return fixed + (answer.bytes?.length ?? 0)
  if (answer.entry.kind === 'link') return fixed + 2 * answer.entry.target.length
  if (answer.entry.kind !== 'directory') return fixed
  return answer.entry.names.reduce((sum, name) => sum + 32 + 2 * name.length, fixed)
}

/** The run is over without anything having happened. */
export const OUT_OF_TIME: KernelExit = { kind: 'budget' }
