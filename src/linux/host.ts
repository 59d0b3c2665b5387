// What a process asks of the world outside: answered later, by whoever has files and a keyboard. A call that lacks
// something is made again when it has come, so that no call is ever half done.

export type HostRequest =
  /** The contents of a file, or the names in a directory. The path is absolute and has no `.` or `..`. */
  | { readonly wants: 'path'; readonly path: string }
  /** Bytes typed on standard input, or its end. */
  | { readonly wants: 'stdin' }

export type HostEntry =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'directory'; readonly names: readonly string[] }
  | { readonly kind: 'none' }

/** How a run of the process ended, beside what the core itself reports. */
export type ProcessExit =
  | { readonly kind: 'exit'; readonly status: number }
  /** A signal that ends it; PC is where it happened. */
  | { readonly kind: 'signal'; readonly signal: number; readonly text: string }
  | { readonly kind: 'wants'; readonly request: HostRequest }
