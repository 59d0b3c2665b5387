import { normalizePath } from '../dwarf/line.ts'

/** The last segment of a path. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** Drives and folders of Windows do not tell upper from lower case. */
const foldsCase = (path: string) => /^[A-Za-z]:/.test(path)

/** How many segments, counted from the file name, two normalized paths have in common. */
function commonSuffix(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[a.length - 1 - length] === b[b.length - 1 - length]) length++
  return length
}

/**
 * Those of `candidates` that a path given by the editor means: the path itself, else those with the longest common end.
 * A program is often built elsewhere (another machine, a container), so the folders above may differ.
 */
export function matchPath(path: string, candidates: Iterable<string>): Set<string> {
  const fold = foldsCase(path) ? (text: string) => text.toLowerCase() : (text: string) => text
  const wanted = fold(normalizePath(path))
  const segments = wanted.split('/')
  let best = 0
  let matches = new Set<string>()
  for (const candidate of candidates) {
    const folded = fold(candidate)
    const length = folded === wanted ? Number.POSITIVE_INFINITY : commonSuffix(segments, folded.split('/'))
    if (length === 0 || length < best) continue
    if (length > best) matches = new Set()
    best = length
    matches.add(candidate)
  }
  return matches
}

/** Whether two paths can mean the same file: their names are equal. Cheap, to be asked before `matchPath`. */
export function sameName(path: string): (candidate: string) => boolean {
  const name = baseName(path)
  if (!foldsCase(path)) return candidate => candidate.endsWith(name) && baseName(candidate) === name
  const folded = name.toLowerCase()
  return candidate => baseName(candidate).toLowerCase() === folded
}
