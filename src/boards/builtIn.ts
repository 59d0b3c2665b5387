// The boards that are known by name: files as users write them.

import bamboo from './bamboo.json'
import type { BoardDescription } from './description.ts'
import { readBoard } from './read.ts'

const read = (file: object, name: string): BoardDescription => readBoard(JSON.stringify(file), name)

export const BAMBOO = read(bamboo, 'bamboo.json')

export const BUILT_IN_BOARDS: readonly BoardDescription[] = [BAMBOO]
