// "Timeline" in the panel: a page that draws what has happened in the run of the session in focus. The page asks, and is
// told when something may have changed; it never reads the emulator.

import * as vscode from 'vscode'
import { GO_TO_REQUEST, SNAPSHOT_EVENT, TIMELINE_REQUEST, type Timeline } from '../../protocol/messages.ts'
import type { FromTimelinePage, ToTimelinePage } from '../models/timelineMessages.ts'
import { showPage } from './webPage.ts'

const VIEW = 'ppc440.timeline'
/** After these the program may be running. */
const RUNS = new Set([
  ...['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'configurationDone', 'restart'],
  ...['ppc440/runTo', 'ppc440/goTo', 'ppc440/back', 'ppc440/lastWrite'],
])

export function showTimeline(extension: vscode.Uri): vscode.Disposable {
  const pages = new TimelinePages(extension)
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(VIEW, pages),
    vscode.commands.registerCommand('ppc440.showTimeline', async () => {
      await offer()
      await vscode.commands.executeCommand(`${VIEW}.focus`)
    }),
    vscode.debug.onDidChangeActiveDebugSession(() => pages.changed()),
    vscode.debug.onDidTerminateDebugSession(() => pages.changed()),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event }) => {
      if (session.type === 'ppc440' && event === SNAPSHOT_EVENT) pages.changed()
    }),
    vscode.debug.onDidStartDebugSession(({ type }) => {
      if (type === 'ppc440') void offer()
    }),
    vscode.debug.registerDebugAdapterTrackerFactory('ppc440', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage({ type, command }) {
          if (type === 'response' && RUNS.has(command)) pages.changed()
        },
      }),
    }),
  )
}

/** Whoever has debugged keeps the view: a tab that comes and goes is not found again. */
const offer = (): Thenable<unknown> => vscode.commands.executeCommand('setContext', 'ppc440.hasTimeline', true)

class TimelinePages implements vscode.WebviewViewProvider {
  readonly #extension: vscode.Uri
  #page: vscode.Webview | undefined

  constructor(extension: vscode.Uri) {
    this.#extension = extension
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const page = view.webview
    this.#page = page
    page.onDidReceiveMessage((message: FromTimelinePage) => void this.#hear(message))
    view.onDidDispose(() => {
      if (this.#page === page) this.#page = undefined
    })
    showPage(page, this.#extension, { name: 'timeline', title: 'Timeline', body: BODY })
  }

  changed(): void {
    this.#tell({ kind: 'changed' })
  }

  #tell(message: ToTimelinePage): void {
    void this.#page?.postMessage(message)
  }

  async #hear(message: FromTimelinePage): Promise<void> {
    const session = vscode.debug.activeDebugSession
    if (session?.type !== 'ppc440') return this.#tell({ kind: 'none' })
    if (message.kind === 'goTo') {
      try {
        await session.customRequest(GO_TO_REQUEST, message.to)
      } catch (error) {
        this.#tell({ kind: 'said', text: error instanceof Error ? error.message : String(error) })
      }
      return
    }
    try {
      const timeline = (await session.customRequest(TIMELINE_REQUEST, message.stretch)) as Timeline
      this.#tell({ kind: 'timeline', session: session.id, timeline })
    } catch {
      // Not launched yet, or over by now.
      this.#tell({ kind: 'none' })
    }
  }
}

const BODY = `<main id="run" hidden>
<div id="chart" role="application" tabindex="0" aria-roledescription="timeline" aria-label="What has happened in the run. Left and Right go from event to event, Up and Down from kind to kind, Enter goes there, plus and minus zoom, 0 shows the whole run." aria-describedby="status"><canvas id="canvas" aria-hidden="true"></canvas></div>
<footer>
<span id="status" role="status" aria-live="polite"></span>
<button id="less" type="button" title="Zoom Out (-)" aria-label="Zoom out">−</button>
<button id="more" type="button" title="Zoom In (+)" aria-label="Zoom in">+</button>
<button id="all" type="button" title="Show the Whole Run (0)">Whole run</button>
</footer>
</main>
<p id="empty"></p>
<div id="tip" role="tooltip" hidden></div>`
