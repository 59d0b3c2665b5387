// What the core and its debug facility have to do, with the compiler on: the tables of the manual and the invariants of
// KVM again, with another engine behind `createCore`.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: '.',
    env: { PPC440_ENGINE: 'compiler' },
    include: [
      'test/cpu/*.test.ts',
      ...['invariants', 'owners', 'passing', 'scenarios', 'trace'].map(name => `test/kvm/${name}.test.ts`),
    ],
    testTimeout: 60_000,
  },
})
