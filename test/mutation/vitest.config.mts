// The tests that a mutated run control has to pass: those that need no compiler and are quick, since each mutant runs them.
import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Of these the machine is slow to load or the guests are many: what others catch, they need not run for. */
const LAST = ['setGuestDebug', 'conditions', 'hits', 'frontEnds', 'stops', 'runControl'].map(name => `${name}.test.ts`)

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => LAST.indexOf(basename(moduleId))
    return [...files].sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/debuggee/**/*.test.ts'],
    exclude: ['test/debuggee/{unwind,deepStacks,values,kinds}.test.ts', 'test/debuggee/{formatters,rows}/**'],
    env: { PPC440_KVM_RUNS: '5' },
    setupFiles: ['test/mutation/setup.ts'],
    sequence: { sequencer: QuickFirst },
    testTimeout: 20_000,
    isolate: false,
  },
})
