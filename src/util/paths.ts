// Paths as text: of this machine, of a compiler on another one, and of an editor.

import { fileName } from './fileName.ts'

/**
 * `/a/./b/../c` is `/a/c`. Backslashes become slashes, and there is none at the end. The scheme and the host of a URI, and
 * the letter of a drive, are left alone.
 */
export function normalizePath(path: string): string {
  const [, root = '', rest = ''] = /^([a-z][\w+.-]*:\/\/[^/]*|[a-z]:)?(.*)$/is.exec(path.replaceAll('\\', '/')) ?? []
  const parts: string[] = []
  for (const part of rest.split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop()
    else if (part !== '..' || parts.at(-1) !== '') parts.push(part)
  }
  return root + parts.join('/')
}

/** Drives and folders of Windows do not tell upper from lower case. */
const foldsCase = (path: string) => /^[A-Za-z]:/.test(path)

/** Two normal paths name the same file, as far as text can tell. */
export const samePath = (a: string, b: string): boolean =>
  foldsCase(a) && foldsCase(b) ? a.toLowerCase() === b.toLowerCase() : a === b

/** What follows `folder` in `path`, both normal: `/src/main.c`; '' where they are the same; undefined where it is not in there. */
export function within(path: string, folder: string): string | undefined {
  const top = folder.endsWith('/') ? folder.slice(0, -1) : folder
  if (!samePath(path.slice(0, top.length), top)) return undefined
  const rest = path.slice(top.length)
  return rest === '' || rest.startsWith('/') ? rest : undefined
}

/** How many segments, counted from the file name, two normalized paths have in common. */
export function commonEnd(a: string, b: string): number {
  const fold = foldsCase(a) || foldsCase(b) ? (text: string) => text.toLowerCase() : (text: string) => text
  const [left, right] = [fold(a).split('/').reverse(), fold(b).split('/').reverse()]
  const differs = left.findIndex((segment, i) => segment !== right[i])
  return differs < 0 ? left.length : differs
}

/**
 * Those of `candidates` that a path means: the path itself, else those with the longest common end. A program is often
 * built elsewhere (another machine, a container), so the folders above may differ.
 */
export function matchPath(path: string, candidates: Iterable<string>): Set<string> {
  const wanted = normalizePath(path)
  let best = 0
  let matches = new Set<string>()
  for (const candidate of candidates) {
    const common = commonEnd(wanted, candidate)
    const isSame = common === wanted.split('/').length && common === candidate.split('/').length
    const length = isSame ? Number.POSITIVE_INFINITY : common
    if (length === 0 || length < best) continue
    if (length > best) matches = new Set()
    best = length
    matches.add(candidate)
  }
  return matches
}

/** Whether two paths can mean the same file: their names are equal. Cheap, to be asked before `matchPath`. */
export function sameName(path: string): (candidate: string) => boolean {
  const name = fileName(path)
  if (!foldsCase(path)) return candidate => candidate.endsWith(name) && fileName(candidate) === name
  const folded = name.toLowerCase()
  return candidate => fileName(candidate).toLowerCase() === folded
}
