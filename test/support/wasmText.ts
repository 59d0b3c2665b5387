// The text of a WebAssembly module, for tests that show a reader what has been made.

import initialize from 'wabt'

let tools: ReturnType<typeof initialize> | undefined

/** The text of a module in folded form: an operator with its operands in parentheses. @throws for what is no module */
export async function wasmText(bytes: Uint8Array): Promise<string> {
  // wabt takes the whole buffer under a view.
  const module = (await (tools ??= initialize())).readWasm(bytes.slice(), { readDebugNames: true, tail_call: true })
  try {
    module.generateNames()
    module.applyNames()
    return module.toText({ foldExprs: true, inlineExport: false })
  } finally {
    module.destroy()
  }
}
