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
  const a = files.read('/a')
  const b = files.exists('/b')
  expect(questions.map(({ question }) => question)).toEqual([
    { ask: 'read', path: '/a' },
    { ask: 'exists', path: '/b' },
  ])
  files.answered(questions[1]!.id, { exists: true })
  files.answered(questions[0]!.id, { bytes: Uint8Array.of(1, 2) })
  expect(await a).toEqual(Uint8Array.of(1, 2))
  expect(await b).toBe(true)
})

test('a file that cannot be read rejects with the reason given', async () => {
  const { files, questions } = asking()
  const reading = files.read('/none')
  files.answered(questions[0]!.id, { error: 'cannot read /none: there is no such file' })
  await expect(reading).rejects.toThrow('cannot read /none: there is no such file')
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
