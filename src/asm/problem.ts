// What is wrong with a source, and where.

/** A place in a source file. Lines and columns count from 1; `length` in characters. */
export interface SourcePlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly length: number
}

/** An error or a warning of the assembler. */
export interface AsmProblem {
  readonly place: SourcePlace
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** Thrown where a statement cannot be understood; the assembler notes it and goes on with the next. */
export class AsmError extends Error {
  /** Columns within the statement's line, from 1; undefined: the whole statement. */
  readonly column: number | undefined
  readonly length: number

  constructor(message: string, column?: number, length = 1) {
    super(message)
    this.column = column
    this.length = length
  }
}

/** An error of reading `word`, a piece of a statement, told at its column in the line. */
export function within({ text, column }: { readonly text: string; readonly column: number }, error: unknown): unknown {
  if (!(error instanceof AsmError)) return error
  if (error.column === undefined) return new AsmError(error.message, column, Math.max(1, text.length))
  return new AsmError(error.message, column + error.column - 1, error.length)
}

/** `primes.s:12:8: error: …`, as compilers write it and editors understand it. */
export const problemText = ({ place, message, severity }: AsmProblem): string =>
  `${place.file}:${place.line}:${place.column}: ${severity}: ${message}`
