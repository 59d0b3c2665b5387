import { defineConfig } from 'vitest/config'

/** They need what no set-up installs, and run by hand, named: a kernel (PPC440_LINUX), an adapter that npm has to build. */
const BY_HAND = [
  ...['test/dap/kernelPrograms.test.ts', 'test/dap/kernelTasks.test.ts', 'test/dap/systemsKernel.test.ts'],
  ...['test/gdb/cdt.test.ts', 'test/gdb/kernel.test.ts', 'test/linux/board.test.ts'],
]
const isNamed = (file: string): boolean => process.argv.some(argument => file.includes(argument))

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**', ...BY_HAND.filter(file => !isNamed(file))],
    testTimeout: 60_000,
    // One for each core of CI: most of a test's time is its own, or that of the one tool it waits for.
    maxWorkers: 2,
    reporters: ['default'],
  },
})
