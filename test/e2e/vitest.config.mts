import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/e2e/browser/*.test.ts'],
    fileParallelism: false, // each opens a browser and a server
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
