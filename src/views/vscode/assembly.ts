// Assembly in the editor: hovers, outline, definitions, completions and problems. What they say is made elsewhere, and
// loaded when the first such file is opened.

import * as vscode from 'vscode'

type Language = typeof import('../../assembly.ts')
export type LoadLanguage = () => Promise<Language>

const SELECTOR: vscode.DocumentSelector = { language: 'ppc-asm' }

export function helpWithAssembly(load: LoadLanguage): vscode.Disposable {
  let loaded: Promise<Language> | undefined
  const language = (): Promise<Language> => (loaded ??= load())
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(SELECTOR, {
      async provideHover(document, position) {
        const hover = (await language()).hoverAt(document.getText(), ours(position))
        return hover && new vscode.Hover(new vscode.MarkdownString(hover.markdown), range(hover.span))
      },
    }),
    vscode.languages.registerDocumentSymbolProvider(SELECTOR, {
      async provideDocumentSymbols(document) {
        const names = (await language()).outlineOf(document.getText())
        return names.map(({ name, kind, span, text }) => {
          const line = document.lineAt(span.line - 1).range
          return new vscode.DocumentSymbol(name, kind === 'label' ? '' : text, SYMBOL_KINDS[kind], line, range(span))
        })
      },
    }),
    vscode.languages.registerDefinitionProvider(SELECTOR, {
      async provideDefinition(document, position) {
        const span = (await language()).definitionAt(document.getText(), ours(position))
        return span && new vscode.Location(document.uri, range(span))
      },
    }),
    vscode.languages.registerReferenceProvider(SELECTOR, {
      async provideReferences(document, position) {
        const spans = (await language()).referencesAt(document.getText(), ours(position))
        return spans.map(span => new vscode.Location(document.uri, range(span)))
      },
    }),
    vscode.languages.registerCompletionItemProvider(
      SELECTOR,
      {
        async provideCompletionItems(document, position) {
          const items = (await language()).completionsAt(document.getText(), ours(position))
          return items.map(({ label, kind, detail }) => {
            const item = new vscode.CompletionItem(label, COMPLETION_KINDS[kind])
            item.detail = detail
            item.range =
              document.getWordRangeAtPosition(position, /[.%]?[\w.$]+/) ?? new vscode.Range(position, position)
            return item
          })
        },
      },
      '.',
    ),
    new Problems(language),
  )
}

const SYMBOL_KINDS = {
  label: vscode.SymbolKind.Function,
  constant: vscode.SymbolKind.Constant,
  macro: vscode.SymbolKind.Method,
  section: vscode.SymbolKind.Namespace,
} as const

const COMPLETION_KINDS = {
  mnemonic: vscode.CompletionItemKind.Keyword,
  directive: vscode.CompletionItemKind.Property,
  register: vscode.CompletionItemKind.Variable,
  label: vscode.CompletionItemKind.Function,
  constant: vscode.CompletionItemKind.Constant,
  macro: vscode.CompletionItemKind.Snippet,
} as const

const ours = ({ line, character }: vscode.Position) => ({ line: line + 1, column: character + 1 })

const range = ({ line, column, length }: { line: number; column: number; length: number }): vscode.Range =>
  new vscode.Range(line - 1, column - 1, line - 1, column - 1 + length)

/** Milliseconds without a change before a source is assembled. */
const PAUSE = 300

/** Problems of the sources that are open, as they are typed. */
class Problems implements vscode.Disposable {
  readonly #language: () => Promise<Language>
  readonly #collection = vscode.languages.createDiagnosticCollection('ppc440')
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #listeners: vscode.Disposable

  constructor(language: () => Promise<Language>) {
    this.#language = language
    this.#listeners = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument(document => this.#soon(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)),
      vscode.workspace.onDidCloseTextDocument(document => this.#forget(document)),
    )
    for (const document of vscode.workspace.textDocuments) this.#soon(document)
  }

  dispose(): void {
    this.#listeners.dispose()
    for (const timer of this.#waiting.values()) clearTimeout(timer)
    this.#collection.dispose()
  }

  #soon(document: vscode.TextDocument): void {
    if (document.languageId !== 'ppc-asm') return
    const key = document.uri.toString()
    clearTimeout(this.#waiting.get(key))
    this.#waiting.set(
      key,
      setTimeout(() => void this.#check(document), PAUSE),
    )
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#waiting.get(document.uri.toString()))
    this.#waiting.delete(document.uri.toString())
    this.#collection.delete(document.uri)
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { version } = document
    const { problemsOf } = await this.#language()
    const problems = await problemsOf(document.getText(), document.uri.path, name => included(document.uri, name))
    // Another check is on its way, or nobody looks any more.
    if (document.isClosed || document.version !== version) return
    this.#collection.set(
      document.uri,
      problems.map(({ place, message, severity }) => {
        const severities = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning }
        const diagnostic = new vscode.Diagnostic(range(place), message, severities[severity])
        diagnostic.source = 'PowerPC 440'
        return diagnostic
      }),
    )
  }
}

/** The text of a file beside the source, as the editor has it or as it is on disk. */
async function included(source: vscode.Uri, name: string): Promise<string> {
  const uri = vscode.Uri.joinPath(source, '..', name)
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString())
  return open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))
}

const PROGRAM = `# A program for the PowerPC 440. F5 assembles it and stops at its breakpoints; no toolchain is needed.

        .set    UART, 0xef600300                # the board's first serial port: what is stored here is printed
        .set    SYSTEM_RESET, 0x2000            # DBCR0[RST], upper half: ends the program, r3 is its status

        .globl  _start
_start:
        lis     r4, UART@h
        ori     r4, r4, UART@l
        lis     r5, text@ha
        addi    r5, r5, text@l
next:
        lbz     r3, 0(r5)
        cmpwi   r3, 0
        beq     done
        stb     r3, 0(r4)
        addi    r5, r5, 1
        b       next
done:
        lis     r6, SYSTEM_RESET
        mtdbcr0 r6

        .section .rodata
text:
        .asciz  "Hello from the 440\\n"
`

/** The command that opens a small program to begin with. */
export const newAssembly = (): vscode.Disposable =>
  vscode.commands.registerCommand('ppc440.newAssembly', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'ppc-asm', content: PROGRAM })
    await vscode.window.showTextDocument(document)
  })
