// Whether a path that somebody else wrote (a program, an ELF file) names something beneath a folder, as far as its text
// can tell. Who opens it holds the file to that once more, by its real path: there are links.

const LONGEST = 4096
const LONGEST_NAME = 255
const MOST_PARTS = 128

/** Names that are devices in every folder of Windows, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
/** A dot or slash as a URI may write it. */
const ENCODED = /%(2e|2f|5c|00)/i

/** The names that lead from `folder` to `path`, which is relative to it; undefined where one is more than a name. */
export function beneath(folder: string, path: string): readonly string[] | undefined {
  if (path === '') return []
  if (path.length > LONGEST) return undefined
  const parts = path.split('/')
  const isName = folder.startsWith('/') ? isUnixName : isNameAnywhere
  return parts.length <= MOST_PARTS && parts.every(isName) ? parts : undefined
}

function isUnixName(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && part.length <= LONGEST_NAME && !/[/\\\0]/.test(part)
}

/** In a folder with a drive letter, on another computer, or named by a URI: what any of them takes for more than a name. */
function isNameAnywhere(part: string): boolean {
  return isUnixName(part) && !/[:*?"<>|]|[. ]$/.test(part) && !DEVICE.test(part) && !ENCODED.test(part)
}
