// What a debug session needs of the place it runs in: a worker of the extension, a command line, a test.

import type { Target } from '../debuggee/target.ts'
import type { FileChange } from '../linux/changes.ts'
import type { ProcessFiles } from './processFiles.ts'

/**
 * Where a file is: by a path its user has written (a file system path, or a URI string for other schemes), which may be
 * anywhere; or by names that a program or a file has chosen, which must not lead out of a folder, by links neither.
 */
export type FilePlace = string | { readonly folder: string; readonly names: readonly string[] }

export type Found = (
  | { readonly kind: 'file'; readonly size: number; readonly mode?: number }
  | { readonly kind: 'directory'; readonly mode?: number }
  /** Also what is neither: a device, a pipe, what leads out of its folder. `why` ends "cannot read …: ". */
  | { readonly kind: 'none'; readonly why: string }
) & {
  /** What is written in the link that was followed, where the last name beneath a folder is one. */
  readonly link?: string
}

/** Files of the side that has them. Regular files only: nothing here waits for a pipe or a device. */
export interface ClientFiles {
  /** What is there. Reads no contents. */
  stat(place: FilePlace): Promise<Found>
  /** Bytes from `offset` on: `length`, or fewer at the end. @throws an error that says why, when they cannot be read. */
  read(place: FilePlace, offset: number, length: number): Promise<Uint8Array>
  /** The path without any link in it, of what is there. */
  real(path: string): Promise<string | undefined>
  /** What is in a folder, by name, sorted; undefined for what is none. */
  names(place: FilePlace): Promise<readonly string[] | undefined>
}

/** A port at which gdb is served. */
export interface GdbPort {
  /** `127.0.0.1:3333` */
  readonly address: string
  close(): void
}

/** What is served there: a target that the session has, and its program. */
export interface GdbService {
  readonly target: Target
  /** Asked for each time: a restart may have another. */
  readonly program: () => { readonly path: string; readonly bytes: Uint8Array }
}

export interface SessionHost {
  readonly files: ClientFiles
  /** Sends a DAP (or custom) event to the client. */
  emit(event: string, body?: unknown): void
  /**
   * Runs `task` after pending messages have been read, and not before `ms` milliseconds have passed: how the run loop
   * lets requests in between its slices.
   */
  schedule(task: () => void, ms?: number): void
  /** Serves gdb on a port of this machine, 0 being any that is free. Absent where there are none, as in a browser. */
  openGdb?(port: number, service: GdbService): Promise<GdbPort>
  /**
   * Brings what a Linux program has changed below a folder there. Absent where there are no folders, as in a browser.
   * @returns sentences about what has not been brought
   */
  writeBack?(
    folder: string,
    changes: readonly FileChange[],
    files: Pick<ProcessFiles, 'answer'>,
  ): Promise<readonly string[]>
  /** Wall-clock milliseconds; only ever used to size and pace slices, never seen by the guest. */
  now(): number
}
