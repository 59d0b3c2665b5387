// A reporter of tests that ends a run in which a file does not come to its end, and names the file. Vitest's own limits
// are kept by the thread that the test itself holds up, and cannot end a loop.

import { spawnSync } from 'node:child_process'

/** More than any file takes on a loaded machine. */
const MINUTES = 15

export default class HungFiles {
  #timers = new Map()

  onTestModuleStart({ moduleId }) {
    this.#timers.set(
      moduleId,
      setTimeout(() => end(moduleId), MINUTES * 60_000),
    )
  }

  onTestModuleEnd({ moduleId }) {
    clearTimeout(this.#timers.get(moduleId))
    this.#timers.delete(moduleId)
  }

  onTestRunEnd() {
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }
}

function end(moduleId) {
  console.log(`failed: ${moduleId} has not come to its end in ${MINUTES} minutes`)
  // The processes in which tests run, which do not listen.
  spawnSync('pkill', ['-KILL', '-P', String(process.pid)])
  process.exit(1)
}
