import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the layer without an editor: examples/kvm-library prints what its README shows', () => {
  const shown = /```\n([\s\S]*?)```/.exec(readFileSync(join(root, 'examples/kvm-library/README.md'), 'utf8'))![1]
  const tsx = join(root, 'node_modules/.bin/tsx')
  const { stdout, stderr } = spawnSync(tsx, ['examples/kvm-library/main.ts'], { cwd: root, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toBe(shown)
  // Three facts of it that are worked out by hand: 2 + 10 x 6 instructions, the tenth square, the fifth store.
  expect(stdout).toContain('idle after 62 instructions')
  expect(stdout).toContain(' 81 100')
  expect(stdout).toContain('DAC1W), r3 = 5')
})
