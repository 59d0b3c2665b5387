// Whether VS Code has lost the frame in focus at an exception. Its Call Stack view fetches the frames too where it draws
// a thread that has stopped before the first fetch is answered; the frames then are other objects than the one in focus,
// and VS Code explains an exception only at the one in focus. No frame but the top one has been in focus until then.

/** What of the adapter's messages matters, as a tracker sees them. */
export interface TrackedMessage {
  readonly type?: string
  readonly event?: string
  readonly command?: string
  readonly arguments?: unknown
  readonly body?: unknown
}

export class TwiceFetched {
  #isException = false
  #fetches = 0
  #answers = 0
  #isExplained = false
  #hasFocus = false

  /** A request that is about to reach the adapter. */
  asked({ command, arguments: args }: TrackedMessage): void {
    if (command === 'exceptionInfo') this.#isExplained = true
    const { startFrame = 0 } = (args ?? {}) as { readonly startFrame?: number }
    if (command === 'stackTrace' && startFrame === 0) this.#fetches++
  }

  /** An answer or an event of the adapter. @returns whether the top frame is to get the focus again */
  said({ type, event, command, body }: TrackedMessage): boolean {
    if (event === 'stopped') this.#stopped((body as { readonly reason: string }).reason === 'exception')
    if (event === 'continued') this.#stopped(false)
    if (type === 'response' && command === 'stackTrace') this.#answers++
    return this.#isLost()
  }

  /** A frame of this session got the focus. @returns whether the top frame is to get it again */
  focused(): boolean {
    this.#hasFocus = true
    return this.#isLost()
  }

  #stopped(isException: boolean): void {
    this.#isException = isException
    this.#fetches = 0
    this.#answers = 0
    this.#isExplained = false
    this.#hasFocus = false
  }

  #isLost(): boolean {
    const isLost =
      this.#isException && this.#hasFocus && !this.#isExplained && this.#fetches > 1 && this.#answers >= this.#fetches
    if (isLost) this.#isException = false
    return isLost
  }
}
