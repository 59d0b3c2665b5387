import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { expect, test } from 'vitest'

/** V8's max_optimized_bytecode_size: a longer function stays in its bytecode interpreter. */
const LIMIT = 60 * 1024

test('V8 can optimise the interpreter: its loop stays below the limit for bytecode', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bytecode-'))
  try {
    const entry = fileURLToPath(new URL('../../src/cpu/interpreter.generated.ts', import.meta.url))
    const outfile = join(directory, 'interpreter.mjs')
    // The function has no bytecode before it is called; with nothing to execute it fails at once.
    const footer = { js: 'try { interpret({}, 0) } catch {}' }
    buildSync({ entryPoints: [entry], bundle: true, format: 'esm', platform: 'node', outfile, footer })
    const flags = ['--print-bytecode', '--print-bytecode-filter=interpret']
    const { stdout } = spawnSync(process.execPath, [...flags, outfile], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const length = Number(/Bytecode length: (\d+)/.exec(stdout)?.[1])
    expect(length).toBeGreaterThan(0)
    expect(length).toBeLessThan(LIMIT)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
