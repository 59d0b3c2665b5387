// The words of package.json are in every language.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (name: string) => JSON.parse(readFileSync(name, 'utf8'))
const { contributes, description } = read('package.json')
const LANGUAGES = readdirSync('.').filter(name => /^package\.nls(\.[\w-]+)?\.json$/.test(name))

/** Of `value`, which words stand where, as VS Code replaces them: a whole text that is `%key%`. */
const keys = [...JSON.stringify([contributes, description]).matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key!)
const wanted = [...new Set(keys)].sort()

describe.each(LANGUAGES)('%s', name => {
  const texts: Record<string, string> = read(name)

  test('has a text for every key of package.json, and no other', () => {
    expect(Object.keys(texts).sort()).toEqual(wanted)
    expect(Object.values(texts).every(text => text.trim() !== '')).toBe(true)
  })

  test('names what is to be typed as English does: commands, addresses of commands, and code', () => {
    const english: Record<string, string> = read('package.nls.json')
    for (const [key, text] of Object.entries(texts)) {
      const codes = (of: string) => [...of.matchAll(/`[^`]+`|\]\([^)]+\)/g)].map(String).sort()
      expect(codes(text), key).toEqual(codes(english[key]!))
    }
  })
})

test('there is English, and another language to prove it', () => {
  expect(LANGUAGES).toContain('package.nls.json')
  expect(LANGUAGES.length).toBeGreaterThan(1)
})

test('nothing that is read stands in package.json itself', () => {
  const plain = [
    ...contributes.commands.map(({ title }: { title: string }) => title),
    ...Object.values<{ name: string }[]>(contributes.views)
      .flat()
      .map(({ name }) => name),
    ...contributes.viewsWelcome.map(({ contents }: { contents: string }) => contents),
  ].filter(text => !/^%.*%$/.test(text))
  expect(plain).toEqual([])
})
