// Source text as statements: comments away, lines cut at `;`, and each statement knows where it stood.

/** A statement as it was written, without comments; columns count from 1. */
export interface RawStatement {
  readonly text: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** `# 12 "file.h"`, as the C preprocessor leaves it: where the following lines come from. */
const LINE_MARKER = /^\s*#\s*(?:line\s+)?(\d+)\s+"((?:[^"\\]|\\.)*)"/

/** The statements of `text`. Comments begin with `#` and go to the end of the line, or stand between the C signs. */
export function statementsOf(text: string, name: string): RawStatement[] {
  const statements: RawStatement[] = []
  let file = name
  let line = 0
  let inComment = false
  for (const raw of text.split(/\r?\n/)) {
    line++
    const marker = inComment ? null : LINE_MARKER.exec(raw)
    if (marker !== null) {
      file = marker[2]!.replace(/\\(.)/g, '$1')
      line = Number(marker[1]) - 1
      continue
    }
    const { parts, open } = withoutComments(raw, inComment)
    inComment = open
    for (const { text: part, column } of parts)
      if (part.trim() !== '') statements.push({ text: part, file, line, column })
  }
  return statements
}

interface LinePart {
  readonly text: string
  readonly column: number
}

/** One line in its statements, with blanks where comments were; `open`: a comment goes on in the next line. */
function withoutComments(line: string, startsInComment: boolean): { parts: LinePart[]; open: boolean } {
  const parts: LinePart[] = []
  let text = ''
  let column = 1
  let open = startsInComment
  let i = 0
  while (i < line.length) {
    const char = line[i]!
    if (open) {
      const ends = line.startsWith('*/', i)
      text += ends ? '  ' : ' '
      i += ends ? 2 : 1
      open = !ends
    } else if (line.startsWith('/*', i)) {
      open = true
      text += '  '
      i += 2
    } else if (char === '#') break
    else if (char === ';') {
      parts.push({ text, column })
      text = ''
      i++
      column = i + 1
    } else {
      const { length } = quotedAt(line, i) ?? char
      text += line.slice(i, i + length)
      i += length
    }
  }
  parts.push({ text, column })
  return { parts, open }
}

/** A string or a character in quotes, in which nothing is a comment. */
export const quotedAt = (text: string, from: number): string | undefined => {
  QUOTED.lastIndex = from
  return QUOTED.exec(text)?.[0]
}
const QUOTED = /"(?:[^"\\]|\\.)*"?|'(?:\\.|[^\\])'?/y
