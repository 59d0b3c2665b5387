// What the page of the memory view and the extension say to each other.

import type { MemoryArguments, MemoryContents } from '../../protocol/messages.ts'

export type FromMemoryPage =
  /** The page is there, and knows nothing yet. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'ask'; readonly stretch: MemoryArguments }
  /** Somebody typed where to go. */
  | { readonly kind: 'goTo'; readonly expression: string }
  | { readonly kind: 'write'; readonly address: number; readonly base64: string }

export type ToMemoryPage =
  /** What was asked for. */
  | { readonly kind: 'memory'; readonly session: string; readonly memory: MemoryContents }
  /** No program of ours is being debugged. */
  | { readonly kind: 'none' }
  /** Something may be otherwise now. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'goTo'; readonly address: number }
  /** What could not be done, and why. */
  | { readonly kind: 'said'; readonly text: string }
