// The problems of a source while it is written.

import { spellingsOf } from '../../isa/encode.ts'
import type { AsmProblem } from '../problem.ts'
import { assembleSource, isForPreprocessor, type ReadInclude } from '../source.ts'
import { namesIn } from './names.ts'
import { statementsIn } from './position.ts'

/** Those of `text` itself. None for a source that is for a preprocessor first, or not in the language of the 440. */
export async function problemsOf(text: string, path: string, read: ReadInclude): Promise<readonly AsmProblem[]> {
  if (isForPreprocessor(text) || !isOurs(text)) return []
  const { problems } = await assembleSource(text, path, read)
  return problems.filter(({ place }) => place.file === path)
}

/** Files of that name hold assembly of many processors: at least half of the instructions must be ours. */
function isOurs(text: string): boolean {
  const macros = new Set(namesIn(text).flatMap(({ name, kind }) => (kind === 'macro' ? [name.toLowerCase()] : [])))
  const ops = statementsIn(text).flatMap(({ op }) => (/^[a-z]/.test(op) && !macros.has(op) ? [op] : []))
  const known = ops.filter(op => spellingsOf(op).length > 0).length
  return 2 * known >= ops.length
}
