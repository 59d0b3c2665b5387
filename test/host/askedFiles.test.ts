import { expect, test } from 'vitest'
import { AskedFiles } from '../../src/host/askedFiles.ts'
import type { FileQuestion } from '../../src/host/channel.ts'

function asking() {
  const questions: { id: number; question: FileQuestion }[] = []
  const files = new AskedFiles((id, question) => questions.push({ id, question }))
  return { files, questions }
}

test('answers find their questions in any order', async () => {
  const { files, questions } = asking()
  const a = files.read('/a', 10, 2)
  const b = files.stat({ folder: '/b', names: ['c'] })
  expect(questions.map(({ question }) => question)).toEqual([
    { ask: 'read', place: '/a', offset: 10, length: 2 },
    { ask: 'stat', place: { folder: '/b', names: ['c'] } },
  ])
  files.answered(questions[1]!.id, { found: { kind: 'file', size: 5 } })
  files.answered(questions[0]!.id, { bytes: Uint8Array.of(1, 2) })
  expect(await a).toEqual(Uint8Array.of(1, 2))
  expect(await b).toEqual({ kind: 'file', size: 5 })
})

test('a file that cannot be read rejects with the reason given', async () => {
  const { files, questions } = asking()
  const reading = files.read('/none', 0, 1)
  files.answered(questions[0]!.id, { error: 'there is no such file' })
  await expect(reading).rejects.toThrow('there is no such file')
})

test('a folder is asked for its names; what is none has none', async () => {
  const { files, questions } = asking()
  const folder = files.names('/folder')
  const file = files.names('/file')
  files.answered(questions[0]!.id, { names: ['a', 'b'] })
  files.answered(questions[1]!.id, { names: undefined })
  expect(await folder).toEqual(['a', 'b'])
  expect(await file).toBeUndefined()
})
