// What is declared once and written down elsewhere is the same there.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { boardSchema } from '../../scripts/boardSchema.ts'
import { launchSchema, launchTexts, withLaunchTable } from '../../scripts/launchTable.ts'
import { protocolShapes } from '../../scripts/protocolShapes.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('src/dap/protocolShapes.generated.ts is what the declarations of the protocol say today', () => {
  expect(read('src/dap/protocolShapes.generated.ts')).toBe(protocolShapes())
})

test('package.json offers the launch attributes of the table', () => {
  const [ours] = JSON.parse(read('package.json')).contributes.debuggers
  expect(ours.configurationAttributes.launch).toEqual(launchSchema())
  expect(JSON.parse(read('package.nls.json'))).toMatchObject(launchTexts())
})

test('README.md lists the launch attributes of the table', () => {
  const readme = read('README.md')
  expect(readme).toBe(withLaunchTable(readme))
})

test('schemas/board.json is what the tables of boards say today', () => {
  expect(JSON.parse(read('schemas/board.json'))).toEqual(JSON.parse(JSON.stringify(boardSchema())))
})
