// Flash that is kept in a file: what was programmed is brought there at the end of a session, and when its user asks.

import type { Target } from '../debuggee/target.ts'
import { beforeName } from '../util/fileName.ts'
import { withoutControls } from '../util/plainText.ts'
import type { SessionHost } from './host.ts'

/** @param board the path of the board's file @returns what is to be said about it: a sentence for each file, and whether something has gone wrong; undefined where nothing was programmed */
export async function keepFlash(
  { writeBack, files }: Pick<SessionHost, 'writeBack' | 'files'>,
  board: string,
  kept: NonNullable<Target['machine']['keptFlash']>,
): Promise<{ readonly text: string; readonly isWrong: boolean } | undefined> {
  const programmed = kept.changes()
  if (programmed.length === 0) return undefined
  const names = programmed.map(each => withoutControls(each.names.join('/'))).join(', ')
  const failed = (why: string) => {
    kept.failed()
    return { text: `Flash was not written to ${names}: ${why}.`, isWrong: true }
  }
  if (writeBack === undefined) return failed('a browser has no folders')
  const folder = beforeName(board) || '.'
  try {
    const changes = programmed.map(async change => {
      const found = await files.stat({ folder, names: change.names })
      return found.kind === 'file' && found.mode !== undefined ? { ...change, permissions: found.mode } : change
    })
    const problems = await writeBack(folder, await Promise.all(changes), NO_FILES)
    return problems.length > 0
      ? failed(withoutControls(problems.join('; ')))
      : { text: `Flash was written to ${names}.`, isWrong: false }
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

/** All that is written is at hand. */
const NO_FILES = { answer: (): Promise<never> => Promise.reject(new Error('there is no such file')) }
