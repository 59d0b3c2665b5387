// What is typed into a terminal, key by key, for the program: Ctrl-C and Ctrl-A x end us, and Ctrl-A before any other key
// gives that key to the program, Ctrl-C and Ctrl-A too.

const [CTRL_A, CTRL_C] = [1, 3]
const QUIT = 'x'.charCodeAt(0)

/** Takes keys as they come. */
export class Keys {
  #isCommand = false

  /** @returns the bytes for the program, or `quit` */
  take(bytes: Uint8Array): Uint8Array | 'quit' {
    const passed: number[] = []
    for (const byte of bytes) {
      if (this.#isCommand ? byte === QUIT : byte === CTRL_C) return 'quit'
      if (!this.#isCommand && byte === CTRL_A) {
        this.#isCommand = true
        continue
      }
      this.#isCommand = false
      passed.push(byte)
    }
    return Uint8Array.from(passed)
  }
}

/** As a shell would say it of a program that Ctrl-C has ended. */
const INTERRUPTED = 128 + 2

/**
 * Nothing where standard input is no terminal. @param type takes the bytes
 * @returns gives the terminal back as it was
 */
export function typedKeys(type: (bytes: Uint8Array) => void): () => void {
  const { stdin } = process
  if (!stdin.isTTY) return () => {}
  const keys = new Keys()
  const take = (bytes: Uint8Array): void => {
    const typed = keys.take(bytes)
    if (typed === 'quit') {
      release()
      process.exit(INTERRUPTED)
    }
    if (typed.length > 0) type(typed)
  }
  const release = (): void => {
    stdin.setRawMode(false)
    stdin.off('data', take)
    stdin.pause()
  }
  stdin.setRawMode(true)
  stdin.on('data', take)
  return release
}
