// Compiles torture tests, two at a time, with the stock cross compiler and glibc or with cc440 and musl.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TortureTest } from './suite.ts'

export type Runtime = 'glibc' | 'soft' | 'hard'

const CC440 = fileURLToPath(new URL('../../scripts/guests/cc440', import.meta.url))

const compiler = (runtime: Runtime): readonly string[] =>
  runtime === 'glibc' ? ['powerpc-linux-gnu-gcc', '-mcpu=440fp', '-static', '-fno-pie', '-no-pie'] : [CC440, runtime]

/** @returns the program's path, or what the compiler said. */
export function build(
  test: TortureTest,
  runtime: Runtime,
  optimization: string,
  directory: string,
): Promise<{ readonly program: string } | { readonly error: string }> {
  const program = join(directory, `${test.name.replace('/', '_')}.elf`)
  const [command, ...own] = compiler(runtime)
  const options = [
    ...own,
    '-w',
    '-std=gnu17',
    optimization,
    ...test.options,
    ...test.sources,
    '-o',
    program,
    ...(runtime === 'glibc' ? ['-lm'] : []),
  ]
  return new Promise(resolve => {
    const child = spawn(command!, options, { stdio: ['ignore', 'ignore', 'pipe'] })
    let error = ''
    child.stderr.on('data', (data: Buffer) => {
      error += data.toString('latin1')
    })
    child.on('error', reason => resolve({ error: reason.message }))
    child.on('close', status => resolve(status === 0 ? { program } : { error: error.trim() || `status ${status}` }))
  })
}

/** Applies `task` to every item, `width` at a time. */
export async function pool<Item>(items: readonly Item[], width: number, task: (item: Item) => Promise<void>) {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) await task(items[next++]!)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
