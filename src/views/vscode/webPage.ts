// A page of ours in a view: its script and style sheet from this extension, nothing from anywhere else.

import * as vscode from 'vscode'

/** Of the page `name` the script is in dist/, the style sheet in media/. */
export function showPage(
  page: vscode.Webview,
  extension: vscode.Uri,
  { name, title, body }: { readonly name: string; readonly title: string; readonly body: string },
): void {
  const scripts = vscode.Uri.joinPath(extension, 'dist')
  const styles = vscode.Uri.joinPath(extension, 'media')
  page.options = { enableScripts: true, localResourceRoots: [scripts, styles] }
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16)).join('')
  const script = page.asWebviewUri(vscode.Uri.joinPath(scripts, `${name}.js`))
  const style = page.asWebviewUri(vscode.Uri.joinPath(styles, `${name}.css`))
  page.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${page.cspSource}; script-src 'nonce-${nonce}'">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body>
${body}
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`
}
