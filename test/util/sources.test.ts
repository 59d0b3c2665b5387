// What someone who opens the sources for the first time may rely on.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../src')

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

test('every file begins with what it is for', () => {
  const silent = sources.filter(({ text }) => !text.startsWith('// ')).map(({ path }) => path)
  expect(silent).toEqual([])
})

test('no type that others can import has the name of another one', () => {
  const declaration = /^(export )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm
  const all = sources.flatMap(({ path, text }) =>
    [...text.matchAll(declaration)].map(([, exported, name]) => ({ path, name, isPublic: exported !== undefined })),
  )
  const publicNames = new Set(all.filter(({ isPublic }) => isPublic).map(({ name }) => name))
  const twice = [...publicNames].flatMap(name => {
    const where = all.filter(each => each.name === name).map(({ path }) => path)
    return where.length > 1 ? [`${name}: ${where.join(', ')}`] : []
  })
  expect(twice).toEqual([])
})
