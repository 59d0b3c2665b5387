// What a debug session needs of the place it runs in: a worker of the extension, a command line, a test.

/** Files of the side that has them. Paths are opaque keys: a file system path, or a URI string for other schemes. */
export interface Files {
  /** @throws an error whose message says which file and why, when it cannot be read. */
  read(path: string): Promise<Uint8Array>
  exists(path: string): Promise<boolean>
  /** What is in a folder, by name; undefined for what is none. */
  names(path: string): Promise<readonly string[] | undefined>
}

export interface SessionHost {
  readonly files: Files
  /** Sends a DAP (or custom) event to the client. */
  emit(event: string, body?: unknown): void
  /**
   * Runs `task` after pending messages have been read, and not before `ms` milliseconds have passed: how the run loop
   * lets requests in between its slices.
   */
  schedule(task: () => void, ms?: number): void
  /** Wall-clock milliseconds; only ever used to size and pace slices, never seen by the guest. */
  now(): number
}
