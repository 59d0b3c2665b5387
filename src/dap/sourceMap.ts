// The launch attribute `sourceMap`: where sources are now, by where they were when the program was compiled. Paths are
// compared part by part, so that neither slashes nor their kind matter; those of a Windows drive in either case.

import { normalizePath, within } from '../util/paths.ts'

/** An entry: a file or a folder as it was, and as it is. */
export type PathMapping = readonly [from: string, to: string]

export class SourceMap {
  readonly #entries: readonly PathMapping[]

  /** @param entries as the user wrote them; of several that fit a path the longest comes first. */
  constructor(entries: readonly PathMapping[]) {
    this.#entries = entries
      .map(([from, to]) => [normalizePath(from), normalizePath(to)] as const)
      .sort(([a], [b]) => b.length - a.length)
  }

  /** Where the file may be that the program calls `path`, best first. */
  *places(path: string): Generator<string> {
    const normal = normalizePath(path)
    for (const [from, to] of this.#entries) {
      const rest = within(normal, from)
      if (rest !== undefined) yield normalizePath(to + rest)
    }
  }
}
