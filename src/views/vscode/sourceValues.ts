// Values in the editor while a program of ours is debugged: at the ends of lines, and under the mouse. The providers exist
// as long as such a session does: where there is one for a language, VS Code leaves that of other debuggers alone.

import * as vscode from 'vscode'
import { withoutStyling } from '../../util/plainText.ts'
import { beginningOf, expressionAt, namesIn, type SourceLanguage } from '../models/sourceNames.ts'

const LANGUAGES: Readonly<Record<SourceLanguage, readonly string[]>> = {
  c: ['c', 'cpp'],
  assembly: ['ppc-asm', 'asm', 'gas', 'assembly', 'asm-collection', 'arm', 'asm-intel-x86-generic', 'powerpc'],
}
/** Characters of a value at the end of a line. */
const LONGEST = 60

export function showSourceValues(): vscode.Disposable {
  const sessions = new Set<string>()
  let providers: vscode.Disposable | undefined
  const ended = (id: string): void => {
    if (!sessions.delete(id) || sessions.size > 0) return
    providers?.dispose()
    providers = undefined
  }
  return vscode.Disposable.from(
    vscode.debug.onDidStartDebugSession(({ id, type }) => {
      if (type !== 'ppc440') return
      sessions.add(id)
      providers ??= register()
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => ended(id)),
    { dispose: () => providers?.dispose() },
  )
}

const register = (): vscode.Disposable =>
  vscode.Disposable.from(
    ...(Object.keys(LANGUAGES) as SourceLanguage[]).flatMap(language => {
      const selector = [...LANGUAGES[language]]
      return [
        vscode.languages.registerInlineValuesProvider(selector, {
          provideInlineValues: (document, _shown, { frameId, stoppedLocation }) =>
            inlineValues(document, language, frameId, stoppedLocation.start.line),
        }),
        vscode.languages.registerEvaluatableExpressionProvider(selector, {
          provideEvaluatableExpression: (document, position) => evaluatable(document, language, position),
        }),
      ]
    }),
  )

const linesOf = (document: vscode.TextDocument, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, n) => document.lineAt(first + n).text)

function evaluatable(
  document: vscode.TextDocument,
  language: SourceLanguage,
  { line, character }: vscode.Position,
): vscode.EvaluatableExpression | undefined {
  if (vscode.debug.activeDebugSession?.type !== 'ppc440') return undefined
  const found = expressionAt(linesOf(document, 0, line), language, character)
  if (found === undefined) return undefined
  const { column, length, expression } = found
  return new vscode.EvaluatableExpression(new vscode.Range(line, column, line, column + length), expression)
}

/** From the beginning of the code around it to the line where the program stands. */
async function inlineValues(
  document: vscode.TextDocument,
  language: SourceLanguage,
  frameId: number,
  stop: number,
): Promise<vscode.InlineValue[]> {
  const session = vscode.debug.activeDebugSession
  if (session?.type !== 'ppc440' || stop >= document.lineCount) return []
  const lines = linesOf(document, 0, stop)
  const names = namesIn(lines, language, beginningOf(lines, language, stop), stop)
  const values = await (language === 'c' ? variables(session, frameId) : registers(session, frameId, names)).catch(
    // The program has gone on meanwhile: the frame is none any more.
    () => new Map<string, string>(),
  )
  const shown = new Map<string, vscode.InlineValue>()
  for (const { text, line, column } of names) {
    const value = values.get(text)
    if (value === undefined) continue
    const range = new vscode.Range(line, column, line, column + text.length)
    const short = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
    // A value is that of now: it stands where it was named last.
    shown.delete(text)
    shown.set(text, new vscode.InlineValueText(range, `${text} = ${short}`))
  }
  return [...shown.values()]
}

type Row = { readonly name: string; readonly value: string }

/** Of the frame's own scopes: what is dear to fetch nobody waits for. */
async function variables(session: vscode.DebugSession, frameId: number): Promise<ReadonlyMap<string, string>> {
  const { scopes } = (await session.customRequest('scopes', { frameId })) as {
    readonly scopes: readonly {
      readonly variablesReference: number
      readonly presentationHint?: string
      readonly expensive: boolean
    }[]
  }
  const own = scopes.filter(({ presentationHint, expensive }) => presentationHint === 'locals' && !expensive)
  const lists = await Promise.all(
    own.map(({ variablesReference }) => session.customRequest('variables', { variablesReference })),
  )
  const rows = (lists as readonly { readonly variables: readonly Row[] }[]).flatMap(list => list.variables)
  return new Map(rows.map(({ name, value }) => [name, withoutStyling(value)]))
}

async function registers(
  session: vscode.DebugSession,
  frameId: number,
  names: readonly { readonly text: string }[],
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(names.map(({ text }) => text))].map(async (text): Promise<[string, string] | undefined> => {
    const expression = `$${text.replace(/^%/, '')}`
    try {
      const { result } = (await session.customRequest('evaluate', { expression, frameId, context: 'watch' })) as {
        readonly result: string
      }
      return [text, result]
    } catch {
      // Its value is lost in this frame.
      return undefined
    }
  })
  return new Map((await Promise.all(asked)).filter(each => each !== undefined))
}
