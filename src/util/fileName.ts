/** The last part of a path, whichever system it is of; of a URI, too. */
export const fileName = (path: string): string => path.replace(/.*[\\/]/, '')
