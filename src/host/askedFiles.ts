// The worker has no files: it asks the extension host for each, and the answers come back by number.

import type { Files } from '../dap/host.ts'
import type { FileAnswer, FileQuestion } from './channel.ts'

export class AskedFiles implements Files {
  readonly #ask: (id: number, question: FileQuestion) => void
  readonly #waiting = new Map<number, (answer: FileAnswer) => void>()
  #lastId = 0

  constructor(ask: (id: number, question: FileQuestion) => void) {
    this.#ask = ask
  }

  async read(path: string): Promise<Uint8Array> {
    const answer = await this.#question({ ask: 'read', path })
    if ('bytes' in answer) return answer.bytes
    throw new Error('error' in answer ? answer.error : `cannot read ${path}`)
  }

  async exists(path: string): Promise<boolean> {
    const answer = await this.#question({ ask: 'exists', path })
    return 'exists' in answer && answer.exists
  }

  async names(path: string): Promise<readonly string[] | undefined> {
    const answer = await this.#question({ ask: 'names', path })
    return 'names' in answer ? answer.names : undefined
  }

  answered(id: number, answer: FileAnswer): void {
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
  }

  #question(question: FileQuestion): Promise<FileAnswer> {
    const id = ++this.#lastId
    return new Promise(resolve => {
      this.#waiting.set(id, resolve)
      this.#ask(id, question)
    })
  }
}
