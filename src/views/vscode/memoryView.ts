// "PowerPC 440 Memory" in the panel: a page that draws memory of the session in focus as its program sees it. The page asks, and
// is told when something may have changed; it never reads the emulator.

import * as vscode from 'vscode'
import {
  ADDRESS_REQUEST,
  type AddressAnswer,
  type AddressArguments,
  MEMORY_REQUEST,
  type MemoryContents,
  SNAPSHOT_EVENT,
} from '../../protocol/messages.ts'
import { hex32 } from '../../util/hex.ts'
import type { FromMemoryPage, ToMemoryPage } from '../models/memoryMessages.ts'
import { ask } from './ask.ts'
import { showPage } from './webPage.ts'

const VIEW = 'ppc440.memory'
const NO_SESSION = 'Start a PowerPC 440 program first: then its memory is shown.'

/** What the menus of Variables, Watch and of the registers hand over. */
interface ClickedRow {
  readonly variable?: { readonly memoryReference?: string; readonly evaluateName?: string; readonly name: string }
  /** Of the register views. */
  readonly id?: string
}

export function showMemory(extension: vscode.Uri): vscode.Disposable {
  const pages = new MemoryPages(extension)
  const register = vscode.commands.registerCommand
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(VIEW, pages),
    register('ppc440.showMemory', async (row?: ClickedRow) => {
      const expression = expressionOf(row) ?? (await typed())
      if (expression !== undefined) await pages.goTo(expression)
    }),
    vscode.debug.onDidChangeActiveDebugSession(() => pages.changed()),
    vscode.debug.onDidTerminateDebugSession(() => pages.changed()),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event }) => {
      if (session.type === 'ppc440' && event === SNAPSHOT_EVENT) pages.changed()
    }),
  )
}

function expressionOf(row: ClickedRow | undefined): string | undefined {
  const { memoryReference, evaluateName, name } = row?.variable ?? {}
  return memoryReference ?? evaluateName ?? name ?? (row?.id === undefined ? undefined : `$${row.id}`)
}

const typed = (): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: 'Show Memory',
    prompt: 'An address, or an expression as in Watch.',
    placeHolder: '0x00100000, buffer, &variable, $r1 + 8',
    value: '$r1',
  })

class MemoryPages implements vscode.WebviewViewProvider {
  readonly #extension: vscode.Uri
  #page: vscode.Webview | undefined
  /** Where the page is to go once it is there. */
  #wanted: number | undefined

  constructor(extension: vscode.Uri) {
    this.#extension = extension
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const page = view.webview
    this.#page = page
    page.onDidReceiveMessage((message: FromMemoryPage) => void this.#hear(message))
    view.onDidDispose(() => {
      if (this.#page === page) this.#page = undefined
    })
    showPage(page, this.#extension, { name: 'memory', title: 'Memory', body: BODY })
  }

  changed(): void {
    this.#tell({ kind: 'changed' })
  }

  /** Opens the view at what an expression leads to. */
  async goTo(expression: string): Promise<void> {
    const answer = await ask<AddressAnswer>(ADDRESS_REQUEST, asked(expression), NO_SESSION)
    if (answer === undefined) return
    // Whoever has looked at memory keeps the view: a tab that comes and goes is not found again.
    await vscode.commands.executeCommand('setContext', 'ppc440.hasMemory', true)
    if (this.#page === undefined) this.#wanted = answer.address
    await vscode.commands.executeCommand(`${VIEW}.focus`)
    if (this.#wanted === undefined) this.#tell({ kind: 'goTo', address: answer.address })
  }

  #tell(message: ToMemoryPage): void {
    void this.#page?.postMessage(message)
  }

  async #hear(message: FromMemoryPage): Promise<void> {
    if (message.kind === 'ready') {
      if (this.#wanted !== undefined) this.#tell({ kind: 'goTo', address: this.#wanted })
      this.#wanted = undefined
      return
    }
    const session = vscode.debug.activeDebugSession
    if (session?.type !== 'ppc440') return this.#tell({ kind: 'none' })
    if (message.kind === 'ask') {
      const memory = session.customRequest(MEMORY_REQUEST, message.stretch) as Thenable<MemoryContents>
      // Not launched yet, or over by now.
      const none = () => this.#tell({ kind: 'none' })
      return memory.then(contents => this.#tell({ kind: 'memory', session: session.id, memory: contents }), none)
    }
    try {
      if (message.kind === 'goTo') {
        const { address } = (await session.customRequest(ADDRESS_REQUEST, asked(message.expression))) as AddressAnswer
        this.#tell({ kind: 'goTo', address })
      } else {
        const { address, base64 } = message
        await session.customRequest('writeMemory', { memoryReference: hex32(address), data: base64 })
      }
    } catch (error) {
      this.#tell({ kind: 'said', text: error instanceof Error ? error.message : String(error) })
    }
  }
}

/** In the frame that is selected. */
function asked(expression: string): AddressArguments {
  const frameId = (vscode.debug.activeStackItem as { readonly frameId?: number } | undefined)?.frameId
  return { expression, ...(frameId !== undefined && { frameId }) }
}

const BODY = `<main id="run" hidden>
<header>
<button id="back" type="button" title="Go Back (Alt+Left)" aria-label="Go back">←</button>
<button id="forward" type="button" title="Go Forward (Alt+Right)" aria-label="Go forward">→</button>
<input id="where" type="text" spellcheck="false" placeholder="Address or expression (g)" aria-label="Address or expression to go to">
<select id="unit" aria-label="Size of a number"><option value="1">Bytes</option><option value="2">Halfwords</option><option value="4">Words</option><option value="8">Doublewords</option></select>
</header>
<div id="grid" role="grid" tabindex="0" aria-label="Memory. Arrows move, hexadecimal digits write, Enter follows a pointer, Alt+Left goes back, g goes to an address." aria-activedescendant="selected" aria-describedby="status"></div>
<footer id="status" role="status" aria-live="polite"></footer>
</main>
<p id="empty" hidden></p>`
