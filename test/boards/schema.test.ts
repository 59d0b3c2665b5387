// The schema by which the editor checks a board as it is written: it takes what is taken, and refuses slips.

import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
const validate = new Ajv({ strict: false }).compile(read('schemas/board.json') as object)

test.each(['src/boards/bamboo.json', 'src/boards/ml507.json'])('%s is taken', file => {
  expect([validate(read(file)), validate.errors]).toEqual([true, null])
})

test('the board that docs/boards.md shows is taken', () => {
  const [, text] = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/boards.md', 'utf8'))!
  expect([validate(JSON.parse(text!)), validate.errors]).toEqual([true, null])
})

test.each<[what: string, change: object]>([
  ['no RAM', { ram: undefined }],
  ['a core that is none', { core: '440x' }],
  ['a member that is none', { devises: [] }],
  ['a kind that is none', { devices: [{ name: 'A', type: 'uart', base: 0 }] }],
  ['a device without a place', { devices: [{ name: 'A', type: 'ns16550' }] }],
  ['a device in the wrong place', { devices: [{ name: 'A', type: 'uic', base: 0 }] }],
  ['an option of another kind', { devices: [{ name: 'A', type: 'uic', dcr: 1, stride: 4 }] }],
  ['an interrupt that leads nowhere', { devices: [{ name: 'A', type: 'uic', dcr: 1, interrupts: ['UIC0'] }] }],
])('%s is refused', (_, change) => {
  expect(validate(JSON.parse(JSON.stringify({ ...(read('src/boards/bamboo.json') as object), ...change })))).toBe(false)
})
