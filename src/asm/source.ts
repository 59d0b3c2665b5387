// A source as a program: `program.s` where an ELF file is wanted.

import { UserError } from '../util/userError.ts'
import { type Assembly, assembleText, MissingInclude } from './assembler.ts'
import { DEFAULT_BASE, link } from './link.ts'
import { AsmError, type AsmProblem, problemText } from './problem.ts'

/** Whether a file of that name is assembly: `.s`, `.S`, `.asm`, `.ppc`. */
export const isAssembly = (name: string): boolean => /\.(s|asm|ppc)$/i.test(name)

/** The text of a file that a source includes, by the path written there. @throws where it cannot be read */
export type ReadInclude = (path: string) => Promise<string>

/** What only the C preprocessor understands; for the assembler these lines are comments. */
const PREPROCESSOR = /^\s*#\s*(include\s*[<"]|define\s+\w|undef\s+\w|if\s|ifdef\s|ifndef\s|elif\s|else\b|endif\b)/

/** Whether a text has lines that are for the C preprocessor. */
export const isForPreprocessor = (text: string): boolean => text.split('\n').some(line => PREPROCESSOR.test(line))

/** Assembles the source `path`; files that it includes are read as it asks for them. */
export async function assembleSource(text: string, path: string, read: ReadInclude): Promise<Assembly> {
  const texts = new Map<string, string | AsmError>()
  const include = (name: string): string => {
    const found = texts.get(name)
    if (found === undefined) throw new MissingInclude(name)
    if (found instanceof AsmError) throw found
    return found
  }
  for (;;) {
    try {
      const assembly = assembleText(text, path, include)
      return { ...assembly, problems: [...forPreprocessor(text, path), ...assembly.problems] }
    } catch (error) {
      if (!(error instanceof MissingInclude)) throw error
      texts.set(error.path, await read(error.path).catch((why: unknown) => unreadable(error.path, why)))
    }
  }
}

const unreadable = (path: string, why: unknown): AsmError =>
  new AsmError(`cannot read ${path}: ${why instanceof Error ? why.message : String(why)}`)

/** In a file named `.S`, lines that are for the C preprocessor: it is not here, and without it the rest means nothing. */
function forPreprocessor(text: string, path: string): AsmProblem[] {
  if (!path.endsWith('.S')) return []
  return text.split(/\r?\n/).flatMap((line, i) => {
    const found = PREPROCESSOR.exec(line)
    if (found === null) return []
    const column = 1 + line.search(/\S/)
    const word = found[0].trim().replace(/\s.*/, '')
    return {
      place: { file: path, line: i + 1, column, length: line.trim().length },
      message: `${word} is for the C preprocessor, which is not built in: use .set, .macro, .include and .if, or gcc -E first`,
      severity: 'error' as const,
    }
  })
}

/** A program made of a source, and the warnings that came with it. */
export interface AssembledProgram {
  /** An ELF file with line information. */
  readonly file: Uint8Array
  readonly warnings: readonly string[]
}

const MOST_SHOWN = 5

/** The program that `source` makes, linked at `base`. @throws UserError with what is wrong, and where */
export async function programOf(
  source: Uint8Array,
  path: string,
  read: ReadInclude,
  base = DEFAULT_BASE,
): Promise<AssembledProgram> {
  const { object, problems } = await assembleSource(new TextDecoder().decode(source), path, read)
  refuse(problems)
  const linked = link(object, path, base)
  refuse(linked.problems)
  return { file: linked.file, warnings: problems.map(problemText) }
}

/** @throws UserError if one of `problems` is an error; the first few are shown. */
export function refuse(problems: readonly AsmProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error').map(problemText)
  if (errors.length === 0) return
  const more = errors.length > MOST_SHOWN ? `\nand ${errors.length - MOST_SHOWN} more` : ''
  throw new UserError('bad-source', 'the source has errors', `\n${errors.slice(0, MOST_SHOWN).join('\n')}${more}`)
}
