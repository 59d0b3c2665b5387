// What is typed into a terminal, as it is typed, for the program: Ctrl-A x ends us, Ctrl-A twice is one Ctrl-A.

const [CTRL_A, CTRL_C] = [1, 3]
const QUIT = 'x'.charCodeAt(0)

/**
 * Nothing where standard input is no terminal. @param type takes the bytes
 * @returns gives the terminal back as it was
 */
export function typedKeys(type: (bytes: Uint8Array) => void): () => void {
  const { stdin } = process
  if (!stdin.isTTY) return () => {}
  let isCommand = false
  const take = (bytes: Uint8Array): void => {
    const passed: number[] = []
    for (const byte of bytes) {
      if (isCommand && byte === QUIT) return quit()
      if (!isCommand && byte === CTRL_C) return quit()
      const wasCommand = isCommand
      isCommand = !wasCommand && byte === CTRL_A
      if (!isCommand) passed.push(byte)
    }
    if (passed.length > 0) type(Uint8Array.from(passed))
  }
  const release = (): void => {
    stdin.setRawMode(false)
    stdin.off('data', take)
    stdin.pause()
  }
  const quit = (): void => {
    release()
    process.exit(0)
  }
  stdin.setRawMode(true)
  stdin.on('data', take)
  return release
}
