// Paths as text, whichever system they are of; URIs, too.

/** The last part. */
export const fileName = (path: string): string => path.slice(lastSlash(path) + 1)

/** What stands before the last part, with its slash: nothing where that is all. */
export const beforeName = (path: string): string => path.slice(0, lastSlash(path) + 1)

/** Without the last part and the slashes before it; `/` where nothing else is left. */
export function folderOf(path: string): string {
  let end = lastSlash(path)
  while (end > 0 && isSlash(path[end - 1])) end--
  return end > 0 ? path.slice(0, end) : '/'
}

const isSlash = (character: string | undefined): boolean => character === '/' || character === '\\'

const lastSlash = (path: string): number => Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
