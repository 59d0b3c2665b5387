// Paths of a process, as text.

/** Whether `path` is `directory` or lies below it. Both are absolute, without `.`, `..` and doubled slashes. */
export const isBelow = (directory: string, path: string): boolean =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`)

/** The path of `name` in `directory`. */
export const joined = (directory: string, name: string): string =>
  directory === '/' ? `/${name}` : `${directory}/${name}`

/** The names of a path, which may be doubled slashes apart. */
export const namesOf = (path: string): string[] => path.split('/').filter(name => name !== '')
