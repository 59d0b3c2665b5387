// The boards that are known by name: files as users write them.

import bamboo from './bamboo.json'
import type { BoardDescription } from './description.ts'
import ml507 from './ml507.json'
import { readBoard } from './read.ts'
import sam460ex from './sam460ex.json'

const read = (file: object, name: string): BoardDescription => readBoard(JSON.stringify(file), name)

export const BAMBOO = read(bamboo, 'bamboo.json')

const ML507 = read(ml507, 'ml507.json')

export const SAM460EX = read(sam460ex, 'sam460ex.json')

export const BUILT_IN_BOARDS: readonly BoardDescription[] = [BAMBOO, ML507, SAM460EX]
