// The worker has no files: it asks the extension host for each, and the answers come back by number.

import type { ClientFiles, FilePlace, Found } from '../dap/host.ts'
import type { FileAnswer, FileQuestion } from './channel.ts'

export class AskedFiles implements ClientFiles {
  readonly #ask: (id: number, question: FileQuestion) => void
  readonly #waiting = new Map<number, (answer: FileAnswer) => void>()
  #lastId = 0

  constructor(ask: (id: number, question: FileQuestion) => void) {
    this.#ask = ask
  }

  async stat(place: FilePlace): Promise<Found> {
    const answer = await this.#question({ ask: 'stat', place })
    if ('found' in answer) return answer.found
    return { kind: 'none', why: 'error' in answer ? answer.error : 'it cannot be read' }
  }

  async read(place: FilePlace, offset: number, length: number): Promise<Uint8Array> {
    const answer = await this.#question({ ask: 'read', place, offset, length })
    if ('bytes' in answer) return answer.bytes
    throw new Error('error' in answer ? answer.error : 'it cannot be read')
  }

  async real(path: string): Promise<string | undefined> {
    const answer = await this.#question({ ask: 'real', place: path })
    return 'real' in answer ? answer.real : undefined
  }

  async names(place: FilePlace): Promise<readonly string[] | undefined> {
    const answer = await this.#question({ ask: 'names', place })
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

/** The other side: `files` answers a question. */
export async function answer(files: ClientFiles, question: FileQuestion): Promise<FileAnswer> {
  const { place } = question
  try {
    if (question.ask === 'real') return { real: await files.real(question.place) }
    if (question.ask === 'stat') return { found: await files.stat(place) }
    if (question.ask === 'names') return { names: await files.names(place) }
    return { bytes: await files.read(place, question.offset, question.length) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
