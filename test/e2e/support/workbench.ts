// A VS Code workbench in a headless Chromium, in the words of its user: open a file, click the gutter, read a hover.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { sleep, until } from './until.ts'

const SHOTS = 'test/e2e/shots'

const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // Nothing outside this machine is asked for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

export interface TreeRow {
  readonly name: string
  readonly description: string
  /** What a screen reader says: in trees of VS Code's own it holds everything that is shown. */
  readonly label: string
  readonly level: number
}

export interface OpenOptions {
  /** Called before the page loads. */
  readonly prepare?: (page: Page) => Promise<void>
  /** Wait until the Explorer shows files (default). */
  readonly explorer?: boolean
}

export async function openWorkbench(url: string, { prepare, explorer = true }: OpenOptions = {}): Promise<Workbench> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS })
  // Tall: rows of a list outside its viewport are not in the document.
  const page = await browser.newPage({ viewport: { width: 1500, height: 1200 } })
  page.setDefaultTimeout(20_000)
  const workbench = new Workbench(browser, page)
  try {
    await prepare?.(page)
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 30_000 })
    await page.locator('.monaco-workbench').waitFor({ timeout: 30_000 })
    if (explorer) await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 30_000 })
    return workbench
  } catch (error) {
    await browser.close() // an open browser would keep the process alive
    throw new Error(`the workbench at ${url} did not open; it said:\n${workbench.log.slice(-20).join('\n')}`, {
      cause: error,
    })
  }
}

export class Workbench {
  readonly page: Page
  readonly #browser: Browser
  /** Errors thrown in the page, and what was logged: for the report of a failed test. */
  readonly log: string[] = []

  constructor(browser: Browser, page: Page) {
    this.#browser = browser
    this.page = page
    page.on('pageerror', error => this.log.push(`page error: ${error.message}`))
    page.on('console', message => this.log.push(message.text()))
  }

  close(): Promise<void> {
    return this.#browser.close()
  }

  async screenshot(name: string): Promise<void> {
    const path = `${SHOTS}/${name}.png`
    mkdirSync(dirname(path), { recursive: true })
    await this.page.screenshot({ path })
  }

  // --- editors and commands ---

  get #editor(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance').first()
  }

  /** Opens a file of the workspace through the Explorer. */
  async openFile(path: string): Promise<void> {
    const rows = this.page.locator('.explorer-folders-view .monaco-list-row')
    if (!(await rows.first().isVisible())) await this.page.keyboard.press('Control+Shift+E')
    const parts = path.split('/')
    for (const [depth, part] of parts.entries()) {
      const row = this.page
        .locator(`.explorer-folders-view .monaco-list-row[aria-level="${depth + 1}"]`)
        .filter({ has: this.page.getByText(part, { exact: true }) })
        .first()
      await row.waitFor()
      if (depth === parts.length - 1) await row.dblclick()
      else await setExpanded(row, true)
    }
    await this.page.locator('.tab.active', { hasText: parts.at(-1)! }).waitFor()
    await this.#editor.locator('.view-line').first().waitFor()
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    const quick = this.page.locator('.quick-input-widget:visible')
    // The list is a snapshot of the moment it opened: reopen until the extension's commands are in it.
    await until(`the command "${title}"`, async () => {
      await this.page.keyboard.press('F1')
      // A stop that comes in between closes it again.
      await quick.locator('input').first().fill(`>${title}`, { timeout: 2000 })
      const row = quick.locator('.monaco-list-row', { hasText: title }).first()
      try {
        await row.click({ timeout: 2000 })
        return true
      } catch {
        await this.page.keyboard.press('Escape')
        return false
      }
    })
  }

  /** Chooses from the context menu of a file in the Explorer, by parts of both names. */
  async explorerMenu(file: string, item: string): Promise<void> {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: file })
    // A click on what is shown already would hide it.
    if (!(await row.isVisible())) await this.page.locator('.action-label[aria-label^="Explorer"]').first().click()
    await row.click({ button: 'right' })
    const entry = this.page.getByRole('menuitem', { name: item })
    // A menu takes no click in the first moment after it has opened.
    await until('the menu to close', async () => {
      if (await entry.isVisible()) await entry.click()
      return !(await entry.isVisible())
    })
  }

  /** Runs a command that opens a list, and takes a row of it. */
  async choose(title: string, text: string): Promise<void> {
    const row = this.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text }).first()
    // What else wants the focus just then may close the list before it is seen.
    await until(`"${text}" of "${title}"`, async () => {
      await this.command(title)
      try {
        await row.click({ timeout: 4000 })
        return true
      } catch {
        await this.page.keyboard.press('Escape')
        return false
      }
    })
  }

  /** Changes the colour theme, by its whole name. */
  async theme(name: string): Promise<void> {
    const quick = this.page.locator('.quick-input-widget:visible')
    await until(`the theme ${name}`, async () => {
      await this.command('Preferences: Color Theme')
      try {
        await quick.locator('input').first().fill(name, { timeout: 2000 })
        await quick.locator('.monaco-list-row.focused', { hasText: name }).waitFor({ timeout: 2000 })
        await this.page.keyboard.press('Enter')
        await quick.waitFor({ state: 'hidden', timeout: 2000 })
        const kind = /High Contrast/.test(name) ? ['hc-black', 'hc-light'] : ['vs-dark', 'vs']
        const shown = `.monaco-workbench.${kind[/Light/.test(name) ? 1 : 0]}`
        await this.page.locator(shown).first().waitFor({ timeout: 2000 })
        return true
      } catch {
        await this.page.keyboard.press('Escape')
        return false
      }
    })
  }

  async goToLine(line: number): Promise<void> {
    const quick = this.page.locator('.quick-input-widget')
    // What else wants the focus just then (a stop, a hover) may close the box again.
    await until(`line ${line}`, async () => {
      await this.page.keyboard.press('Control+G')
      try {
        await quick.locator('input:visible').first().fill(`:${line}`, { timeout: 2000 })
        await this.page.keyboard.press('Enter')
        await quick.waitFor({ state: 'hidden', timeout: 2000 })
        return true
      } catch {
        await this.page.keyboard.press('Escape')
        return false
      }
    })
  }

  /** Waits for a hover at the end of a line that says so. */
  async hoverAtEndOf(line: number, said: RegExp): Promise<void> {
    await this.goToLine(line)
    await this.press('End')
    const hover = this.page.locator('.monaco-hover:visible')
    await until(`a hover that says ${said}`, async () => {
      // What else happens just then may have closed it again.
      if ((await hover.count()) === 0) await this.command('Show or Focus Hover')
      return said.test((await hover.allInnerTexts()).join())
    })
  }

  // --- the gutter ---

  async clickGutter(line: number): Promise<void> {
    const click = async (): Promise<void> => {
      const { x, y } = await this.#gutter(line)
      await this.page.mouse.click(x, y)
      await sleep(50)
    }
    if ((await this.breakpointAt(line)) !== undefined) return click()
    // A click in an editor that is still being laid out is lost.
    await until(`a breakpoint at line ${line}`, async () => {
      await click()
      return until('its sign', () => this.breakpointAt(line), 2000)
    })
  }

  /** The breakpoint at a line: 'debug-breakpoint' (red), 'debug-breakpoint-unverified' (grey) …; none: undefined. */
  async breakpointAt(line: number): Promise<string | undefined> {
    const glyphs = await this.#glyphs(line)
    return glyphs.find(glyph => glyph.startsWith('debug-breakpoint') && !glyph.endsWith('hint'))
  }

  async hoverGutter(line: number): Promise<string> {
    await this.page.mouse.move(700, 5) // away first, so that no older hover is read
    await sleep(300)
    const { x, y } = await this.#gutter(line)
    await this.page.mouse.move(x - 1, y)
    await this.page.mouse.move(x, y)
    const hover = this.page.locator('.monaco-hover:not(.hidden):visible').filter({ hasText: /\S/ }).first()
    await hover.waitFor()
    await sleep(200)
    return plain((await hover.textContent()) ?? '')
  }

  async #gutter(line: number): Promise<{ x: number; y: number }> {
    const number = this.#editor
      .locator('.margin-view-overlays .line-numbers')
      .filter({ hasText: new RegExp(`^${line}$`) })
      .first()
    if (!(await number.count())) await this.goToLine(line)
    const at = (await number.boundingBox())!
    const margin = (await this.#editor.locator('.glyph-margin').first().boundingBox())!
    return { x: margin.x + margin.width / 2, y: at.y + at.height / 2 }
  }

  async #glyphs(line: number): Promise<string[]> {
    const { y } = await this.#gutter(line)
    return this.#editor.locator('.glyph-margin-widgets > *').evaluateAll(
      (elements, at) =>
        elements
          .filter(element => {
            const { top, bottom, height } = element.getBoundingClientRect()
            return height > 0 && at >= top && at <= bottom
          })
          .flatMap(element => [...element.classList])
          .filter(name => name.startsWith('codicon-'))
          .map(name => name.slice('codicon-'.length)),
      y,
    )
  }

  // --- debugging ---

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key)
  }

  /** A button of the debug toolbar, by the start of its name: Continue, Step Over, Stop … */
  async toolbar(button: string): Promise<void> {
    await this.page.locator(`.debug-toolbar [aria-label^="${button}"]`).first().click()
  }

  /** Waits for the next stop at `line` of the file shown, and returns what the call stack says of it. */
  async stoppedAt(line: number, patience = 30_000): Promise<string> {
    await until(`a stop at line ${line}`, async () => (await this.#stoppedLine()) === line, patience)
    // The line is marked before the call stack says why; where that is not in view, nothing is said.
    const stopped = async () => /^(?!running)./i.exec(await this.callStackState())?.input
    return until('what the call stack says', stopped, 2000).catch(() => '')
  }

  async callStackState(): Promise<string> {
    const message = '.call-stack-state-message:visible, .debug-call-stack .thread .state'
    return plain((await this.page.locator(message).allInnerTexts()).join(' '))
  }

  async #stoppedLine(): Promise<number | undefined> {
    return this.#editor.evaluate(editor => {
      const arrow = [...editor.querySelectorAll('.glyph-margin-widgets > *')].find(({ classList }) =>
        [...classList].some(name => /^codicon-debug-(stackframe|breakpoint-.*stackframe)$/.test(name)),
      )
      if (!arrow) return undefined
      const y = arrow.getBoundingClientRect().top + 3
      const number = [...editor.querySelectorAll('.margin-view-overlays .line-numbers')].find(element => {
        const { top, bottom } = element.getBoundingClientRect()
        return y >= top && y < bottom
      })
      return number ? Number(number.textContent) : undefined
    })
  }

  /** Continues to the loop at the program's end, which is a stop, and ends the session there. */
  async continueToEnd(): Promise<void> {
    await this.toolbar('Continue')
    await until('an idle loop', async () => /Idle forever/.test(await this.callStackState()), 30_000)
    await this.toolbar('Stop')
    await this.ended()
  }

  /** F5, in a window that may just have opened: until its extensions are known F5 does nothing. */
  async start(): Promise<void> {
    const toolbar = this.page.locator('.debug-toolbar')
    await until('a session', async () => {
      if (await toolbar.isVisible()) return true
      await this.press('F5')
      await toolbar.waitFor({ timeout: 10_000 })
      return true
    })
  }

  async ended(): Promise<void> {
    await this.page.locator('.debug-toolbar').waitFor({ state: 'hidden', timeout: 30_000 })
  }

  // --- views ---

  #pane(title: string): Locator {
    const header = this.page.locator(`.pane-header[aria-label^="${title} Section"]`)
    return this.page.locator('.pane').filter({ has: header })
  }

  async expandPane(title: string): Promise<void> {
    const header = this.#pane(title).locator('.pane-header')
    await header.waitFor()
    await setExpanded(header, true)
  }

  async collapsePane(title: string): Promise<void> {
    const header = this.#pane(title).locator('.pane-header')
    await header.waitFor()
    await setExpanded(header, false)
  }

  pane(title: string): Promise<TreeRow[]> {
    return rowsOf(this.#pane(title))
  }

  #row(title: string, name: string): Locator {
    const rows = this.#pane(title).locator('.monaco-list-row')
    return rows.filter({ has: this.page.getByText(name, { exact: true }) }).first()
  }

  async expandRow(title: string, name: string): Promise<void> {
    const row = this.#row(title, name)
    await setExpanded(row, true, row.locator('.monaco-tl-twistie'))
  }

  async collapseRow(title: string, name: string): Promise<void> {
    const row = this.#row(title, name)
    await setExpanded(row, false, row.locator('.monaco-tl-twistie'))
  }

  breakpoints(): Promise<TreeRow[]> {
    return rowsOf(this.page.locator('.debug-breakpoints'))
  }

  /** A sign at the end of a row, by its title. */
  async rowAction(title: string, name: string, action: string): Promise<void> {
    const row = this.#row(title, name)
    // Rows above it that open or close move it away from under the mouse.
    await until(`${action} of ${name}`, async () => {
      await row.hover({ timeout: 2000 })
      await row.locator(`.action-label[aria-label^="${action}"]`).first().click({ timeout: 2000 })
      return true
    })
  }

  async statusBar(): Promise<string> {
    return (await this.page.locator('.part.statusbar').textContent())!.replace(/\s+/g, ' ')
  }

  /** Checks or unchecks a row of the Breakpoints view. */
  async checkBreakpoint(name: string): Promise<void> {
    await this.expandPane('Breakpoints')
    const row = this.page
      .locator('.debug-breakpoints .monaco-list-row')
      .filter({ has: this.page.getByText(name, { exact: true }) })
    await row.getByRole('checkbox').click()
  }

  /** What the widget at an exception says, once it is there. */
  async exception(): Promise<string> {
    const widget = this.page.locator('.exception-widget')
    await widget.waitFor({ timeout: 30_000 })
    return plain((await widget.textContent()) ?? '')
  }

  /** The editor opens the first scope by itself, but for a stop that comes before its side bar is drawn. */
  async expandScope(name: string): Promise<void> {
    const row = this.page.locator('.debug-variables .monaco-list-row', { hasText: name }).first()
    await row.waitFor()
    await setExpanded(row, true)
  }

  variables(): Promise<TreeRow[]> {
    return rowsOf(this.page.locator('.debug-variables'))
  }

  callStack(): Promise<TreeRow[]> {
    return rowsOf(this.page.locator('.debug-call-stack'))
  }

  watches(): Promise<TreeRow[]> {
    return rowsOf(this.page.locator('.debug-watch'))
  }

  async watch(expression: string): Promise<void> {
    await this.expandPane('Watch')
    await this.page.locator('.pane-header[aria-label^="Watch Section"]').hover()
    await this.page.locator('.pane-header[aria-label^="Watch Section"] [aria-label="Add Expression"]').click()
    await this.page.keyboard.type(expression)
    await this.page.keyboard.press('Enter')
    await until(`a watch of ${expression}`, async () =>
      (await this.watches()).find(({ label }) => label.startsWith(expression)),
    )
  }

  async consoleText(): Promise<string> {
    return plain((await this.page.locator('.repl .monaco-list-row').allInnerTexts()).join('\n'))
  }

  async evaluate(expression: string): Promise<void> {
    // A stop takes the focus: keys go to the input, wherever that is.
    const input = this.page.locator('.repl-input-wrapper .native-edit-context, .repl-input-wrapper textarea').first()
    await this.page.locator('.repl-input-wrapper .monaco-editor').first().click()
    for (const key of [...expression, 'Enter']) await input.press(key)
  }

  async messages(): Promise<string> {
    const where =
      '.notifications-toasts .notification-list-item-message, .monaco-dialog-box:visible .dialog-message-container'
    return plain((await this.page.locator(where).allInnerTexts()).join('\n'))
  }
}

/** Opens or closes a row. The editor does that by itself too, and a click at that moment would undo it: look again. */
async function setExpanded(row: Locator, isExpanded: boolean, handle = row): Promise<void> {
  const isSo = async (): Promise<boolean> => (await row.getAttribute('aria-expanded')) === String(isExpanded)
  await until(`${isExpanded ? 'an open' : 'a closed'} row`, async () => {
    if (await isSo()) return true
    await handle.click({ timeout: 2000 })
    return until('the row to follow the click', isSo, 2000)
  })
}

async function rowsOf(root: Locator): Promise<TreeRow[]> {
  const rows = await root.locator('.monaco-list-row').evaluateAll(elements =>
    elements
      .map(element => ({
        index: Number((element as HTMLElement).dataset.index ?? 0),
        name: element.querySelector('.label-name')?.textContent ?? '',
        description: element.querySelector('.label-description')?.textContent ?? '',
        label: element.getAttribute('aria-label') ?? '',
        level: Number(element.getAttribute('aria-level') ?? 1),
      }))
      .sort((a, b) => a.index - b.index),
  )
  return rows.map(({ name, description, label, level }) => ({
    name: plain(name),
    description: plain(description),
    label: plain(label),
    level,
  }))
}

/** Lists and hovers are full of spaces that do not break and characters without width. */
const plain = (text: string): string =>
  text
    .replace(/\u00a0/g, ' ')
    .replace(/\u200b/g, '')
    .trim()
