// A seeded share of the packets that `npm run test:fuzz:gdb` sends.

import { test } from 'vitest'
import { fuzz } from './fuzz.ts'

test('20,000 packets that no gdb would send', () => fuzz(20_000, 440))
