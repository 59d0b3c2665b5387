import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { clearBreakpoints, Debugging } from './api.ts'

const at = (document: vscode.TextDocument, text: string, offset = 1): vscode.Position =>
  document.positionAt(document.getText().indexOf(text) + offset)

const texts = (hovers: vscode.Hover[]): string =>
  hovers.flatMap(({ contents }) => contents.map(each => (each as vscode.MarkdownString).value)).join('\n')

suite('assembly', () => {
  setup(clearBreakpoints)

  test('a new program is debugged as it is written, without a toolchain', async () => {
    await vscode.commands.executeCommand('ppc440.newAssembly')
    const text = vscode.window.activeTextEditor!.document.getText()
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'hello.s')
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text))
    try {
      const debugging = await Debugging.start({ program: 'hello.s', stopOnEntry: true })
      assert.equal((await debugging.stop()).file, 'hello.s')
      await debugging.ask('next', { threadId: 1 })
      await debugging.stop()
      assert.match(await debugging.evaluate('r4'), /0xef600000/i)
      await debugging.end()
    } finally {
      await vscode.workspace.fs.delete(uri)
    }
  })

  test('hovers, outline, definitions and offers', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'ppc-asm',
      content: '\t.set LIMIT, 100\n_start:\tli r3, LIMIT\n\tmfspr r4, 308\n\tb _start\n\tmf\n',
    })
    const ask = async <T>(command: string, ...more: unknown[]): Promise<T> =>
      (await vscode.commands.executeCommand(`vscode.execute${command}`, document.uri, ...more)) as T
    assert.match(texts(await ask('HoverProvider', at(document, '308'))), /DBCR0/)
    assert.match(texts(await ask('HoverProvider', at(document, 'li r3'))), /add immediate/)
    const outline = await ask<vscode.DocumentSymbol[]>('DocumentSymbolProvider')
    assert.deepEqual(
      outline.map(({ name }) => name),
      ['LIMIT', '_start'],
    )
    const [there] = await ask<vscode.Location[]>('DefinitionProvider', at(document, 'b _start', 3))
    assert.equal(there!.range.start.line, 1)
    const offers = await ask<vscode.CompletionList>('CompletionItemProvider', at(document, '\tmf\n', 3))
    assert.ok(offers.items.some(({ label }) => label === 'mfdbcr0'))
  })

  test('a mistake is underlined where it is, and gone when it is mended', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'ppc-asm', content: '\tli r3, 0x12345\n' })
    const told = (count: number) =>
      new Promise<readonly vscode.Diagnostic[]>(resolve => {
        const look = () => {
          const found = vscode.languages.getDiagnostics(document.uri)
          if (found.length === count) resolve(found)
          else setTimeout(look, 50)
        }
        look()
      })
    const [problem] = await told(1)
    assert.equal(problem!.message, '74565 is none of -32768 to 32767')
    assert.deepEqual([problem!.range.start.character, problem!.range.end.character], [8, 15])
    const edit = new vscode.WorkspaceEdit()
    edit.replace(document.uri, problem!.range, '0x1234')
    await vscode.workspace.applyEdit(edit)
    await told(0)
  })
})
