// `ppc440 run` in this process: its streams as text.

import { run } from '../../src/cli/run.ts'

export interface Finished {
  readonly status: number
  readonly out: string
  readonly error: string
}

export async function runCommand(
  argv: readonly string[],
  { input = '', directory = process.cwd() }: { readonly input?: string; readonly directory?: string } = {},
): Promise<Finished> {
  const decoder = new TextDecoder('utf-8')
  const texts = { out: '', error: '' }
  let typed: Uint8Array | undefined = new TextEncoder().encode(input)
  const status = await run(argv, {
    directory,
    async read() {
      const bytes = typed
      typed = undefined
      return bytes === undefined || bytes.length === 0 ? undefined : bytes
    },
    out(bytes) {
      texts.out += decoder.decode(bytes)
    },
    error(text) {
      texts.error += typeof text === 'string' ? text : decoder.decode(text)
    },
  })
  return { status, ...texts }
}
