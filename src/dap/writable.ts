// The folder of "writable": what a Linux program has changed below it is brought there when it has ended.

import { changesBelow, type FileChange } from '../linux/changes.ts'
import { withoutControls } from '../util/plainText.ts'
import { badAttribute } from './errors.ts'
import type { SessionHost } from './host.ts'
import type { Launch } from './launchArguments.ts'
import type { ProcessFiles } from './processFiles.ts'
import type { Launched } from './sessionState.ts'

/** @throws UserError for what is no folder that the program sees, and where nothing can be written */
export async function checkWritable(
  { files: clientFiles, writeBack }: SessionHost,
  { writable, capsule }: Launch,
  files: ProcessFiles | undefined,
): Promise<void> {
  if (writable === undefined) return
  if (files === undefined || capsule !== undefined)
    throw badAttribute('writable', writable, 'there for a program of "machine": "linux-user" alone')
  if (writeBack === undefined) throw badAttribute('writable', writable, 'absent in a browser, which has no folders')
  if ((await clientFiles.stat(writable)).kind !== 'directory')
    throw badAttribute('writable', writable, 'a folder that is there')
  if (files.placeOf(writable) === undefined)
    throw badAttribute('writable', writable, 'the folder that the program sees ("root"), or one below it')
}

/** @returns what is to be said about it: sentences, and whether they are of something that has gone wrong */
export async function bringChanges(
  { writeBack }: SessionHost,
  { launch: { writable }, target, files }: Launched,
): Promise<{ readonly text: string; readonly isWrong: boolean } | undefined> {
  const { linux } = target.machine
  if (writable === undefined || writeBack === undefined || linux === undefined || files === undefined) return undefined
  const changes = changesBelow(linux.fileSystem, files.placeOf(writable)!)
  try {
    const problems = await writeBack(writable, changes, files)
    const sentences = [
      ...told(changes, writable),
      ...problems.map(problem => `Not written: ${withoutControls(problem)}.`),
    ]
    return { text: sentences.join('\n'), isWrong: problems.length > 0 }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { text: `Nothing was written below ${writable}: ${why}.`, isWrong: true }
  }
}

/** Names that are told one by one. */
const MOST_NAMES = 5

function told(changes: readonly FileChange[], folder: string): readonly string[] {
  const [gone, written] = [true, false].map(isGone => changes.filter(({ kind }) => (kind === 'gone') === isGone))
  if (changes.length === 0) return [`Nothing was changed below ${folder}.`]
  return [...listed(`Written below ${folder}`, written!), ...listed(`Removed below ${folder}`, gone!)]
}

function listed(what: string, changes: readonly FileChange[]): readonly string[] {
  if (changes.length === 0) return []
  const names = changes
    .slice(0, MOST_NAMES)
    .map(({ names, kind }) => withoutControls(names.join('/')) + (kind === 'directory' ? '/' : ''))
  const more = changes.length - names.length
  return [`${what}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`]
}
