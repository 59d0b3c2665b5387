// The console of a machine that another process runs: what it has said, and somebody who types.

import { type ChildProcess, spawn } from 'node:child_process'

export class ConsoleOf {
  readonly #child: ChildProcess
  /** What has been said since the last step. */
  #unread = ''
  #hear: () => void = () => {}
  #isOver = false

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream!.on('data', (bytes: Buffer) => {
        this.#unread += bytes.toString('latin1')
        this.#hear()
      })
    this.#child.on('close', () => {
      this.#isOver = true
      this.#hear()
    })
    this.#child.on('error', error => {
      this.#unread += error.message
      this.#isOver = true
      this.#hear()
    })
  }

  type(line: string): void {
    this.#child.stdin!.write(`${line}\r`)
  }

  /** Waits for it. @returns what was said until then, or undefined where it has not come in time */
  async says(pattern: RegExp, seconds: number): Promise<string | undefined> {
    const end = Date.now() + seconds * 1000
    for (;;) {
      const match = pattern.exec(this.#unread)
      if (match !== null) {
        const said = this.#unread.slice(0, match.index + match[0].length)
        this.#unread = this.#unread.slice(said.length)
        return said
      }
      const left = end - Date.now()
      if (this.#isOver || left <= 0) return undefined
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.#hear = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** What has been said and nobody has waited for. */
  get rest(): string {
    return this.#unread
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}
