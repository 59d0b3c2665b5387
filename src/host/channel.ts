// What the extension host and the worker say to each other: debug messages one way and the other, and the worker's
// questions about files, which only the extension host can answer (files may live on a server or in a virtual workspace).

import type { DebugProtocol } from '@vscode/debugprotocol'
import type { FilePlace, Found } from '../dap/host.ts'

export type ToWorker =
  | { readonly kind: 'dap'; readonly message: DebugProtocol.ProtocolMessage }
  | { readonly kind: 'file'; readonly id: number; readonly answer: FileAnswer }

export type FromWorker =
  | { readonly kind: 'dap'; readonly message: DebugProtocol.ProtocolMessage }
  | { readonly kind: 'file'; readonly id: number; readonly question: FileQuestion }

export type FileQuestion =
  | { readonly ask: 'stat'; readonly place: FilePlace }
  | { readonly ask: 'names'; readonly place: FilePlace }
  | { readonly ask: 'real'; readonly place: string }
  | { readonly ask: 'read'; readonly place: FilePlace; readonly offset: number; readonly length: number }

export type FileAnswer =
  | { readonly found: Found }
  | { readonly bytes: Uint8Array }
  | { readonly names: readonly string[] | undefined }
  | { readonly real: string | undefined }
  | { readonly error: string }

/** One end of a channel: posts `Out`, hears `In`. */
export interface Port<Out, In> {
  post(message: Out): void
  listen(hear: (message: In) => void): void
}

/** The extension host's end: also the worker's life. */
export interface WorkerLink extends Port<ToWorker, FromWorker> {
  /** Called at most once, with what is known of the reason, when the worker ends without being asked to. */
  onDeath(mourn: (reason: string) => void): void
  terminate(): void
}
