// What the timeline's page and the extension say to each other.

import type { GoToArguments, Timeline, TimelineArguments } from '../../protocol/messages.ts'

export type FromTimelinePage =
  | { readonly kind: 'ask'; readonly stretch: TimelineArguments }
  | { readonly kind: 'goTo'; readonly to: GoToArguments }

export type ToTimelinePage =
  /** What was asked for. */
  | { readonly kind: 'timeline'; readonly session: string; readonly timeline: Timeline }
  /** No program of ours is being debugged. */
  | { readonly kind: 'none' }
  /** Something may be otherwise now. */
  | { readonly kind: 'changed' }
  /** What could not be done, and why. */
  | { readonly kind: 'said'; readonly text: string }
