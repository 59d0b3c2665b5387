import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generate } from '../../scripts/generate.ts'

test('src/cpu/interpreter.generated.ts is what `npm run generate` writes', () => {
  const file = new URL('../../src/cpu/interpreter.generated.ts', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(generate())
})
