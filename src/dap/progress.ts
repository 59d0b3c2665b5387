// Tells the client of what takes longer than a person waits without wondering.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { SessionHost } from './host.ts'

/** Milliseconds until it is told, and between what is said of it. */
const PATIENCE = 500

export interface Task {
  readonly title: string
  /** How far it has come. */
  message?(): string
  /** Puts an end to it; absent: it cannot be cancelled. */
  giveUp?(): void
}

interface TaskUnderWay extends Task {
  readonly progressId: string
  isTold: boolean
}

/** Of one task at a time. */
export class Progress {
  /** The client shows it. */
  isShown = false
  readonly #emit: SessionHost['emit']
  readonly #schedule: SessionHost['schedule']
  #begun = 0
  #task: TaskUnderWay | undefined

  constructor(emit: SessionHost['emit'], schedule: SessionHost['schedule']) {
    this.#emit = emit
    this.#schedule = schedule
  }

  begin(task: Task): void {
    this.end()
    if (!this.isShown) return
    this.#task = { ...task, progressId: `${++this.#begun}`, isTold: false }
    this.#tellLater(this.#task)
  }

  #tellLater(task: TaskUnderWay): void {
    this.#schedule(() => {
      if (this.#task !== task) return
      this.show()
      this.#tellLater(task)
    }, PATIENCE)
  }

  /** Tells of it now. */
  show(): void {
    const task = this.#task
    if (task === undefined) return
    const { progressId, title, isTold } = task
    const message = task.message?.()
    const body = { progressId, ...(message !== undefined && { message }) }
    task.isTold = true
    if (isTold) this.#emit('progressUpdate', body satisfies P.ProgressUpdateEvent['body'])
    else {
      const start = { ...body, title, cancellable: task.giveUp !== undefined }
      this.#emit('progressStart', start satisfies P.ProgressStartEvent['body'])
    }
  }

  end(): void {
    const task = this.#task
    this.#task = undefined
    if (task?.isTold === true)
      this.#emit('progressEnd', { progressId: task.progressId } satisfies P.ProgressEndEvent['body'])
  }

  /** Where that is still the task. */
  giveUp(progressId: string): void {
    if (this.#task?.progressId === progressId) this.#task.giveUp?.()
  }
}
