// `npm run test:engines [PROGRAMS [STEPS [FIRST]]]`: random programs on the interpreter and on the compiler.

import { fileURLToPath } from 'node:url'
import { everyProcessor } from '../support/everyProcessor.ts'

const [programs = 500, steps = 200_000, first = 0] = process.argv.slice(2).map(Number)
const program = fileURLToPath(new URL('lockStepSome.ts', import.meta.url))
everyProcessor(program, [first, first + programs], steps, 'programs')
