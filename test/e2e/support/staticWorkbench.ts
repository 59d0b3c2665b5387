// VS Code for the web as vscode.dev serves it: no server behind it, extensions in a web worker, files through a
// FileSystemProvider. Served from the static files inside code-server, with this repository's `browser` entry.

import { type Dirent, promises as fs } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { vscodeFolder } from '../../../scripts/codeServer.mjs'
import { quietSettings } from './settings.ts'

const WORKBENCH = 'out/vs/code/browser/workbench/workbench.js'

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

/** An extension that makes the folder of the test readable in the browser, as `test:/…`. */
const FILES_PACKAGE = {
  name: 'test-files',
  publisher: 'test',
  version: '0.0.1',
  engines: { vscode: '^1.101.0' },
  browser: './main.js',
  activationEvents: ['onFileSystem:test'],
  contributes: { resourceLabelFormatters: [{ scheme: 'test', formatting: { label: '$' + '{path}', separator: '/' } }] },
}
const FILES_MAIN = `
const vscode = require('vscode')
exports.activate = context => {
  const base = new URL('/files', context.extensionUri.toString(true)).href
  const get = async (what, uri) => {
    const answer = await fetch(base + '?what=' + what + '&path=' + encodeURIComponent(uri.path))
    if (!answer.ok) throw vscode.FileSystemError.FileNotFound(uri)
    return answer
  }
  const readOnly = () => { throw vscode.FileSystemError.NoPermissions() }
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('test', {
    onDidChangeFile: new vscode.EventEmitter().event,
    watch: () => new vscode.Disposable(() => {}),
    stat: async uri => (await get('stat', uri)).json(),
    readDirectory: async uri => (await get('list', uri)).json(),
    readFile: async uri => new Uint8Array(await (await get('read', uri)).arrayBuffer()),
    writeFile: readOnly, createDirectory: readOnly, delete: readOnly, rename: readOnly,
  }, { isCaseSensitive: true, isReadonly: true }))
}`

export interface StaticWorkbench {
  readonly url: string
  close(): Promise<void>
}

/** @param extension the folder with package.json and the built `browser` entry */
export async function serveStaticWorkbench(workspace: string, extension: string): Promise<StaticWorkbench> {
  const bundle = withoutServer(await fs.readFile(join(vscodeFolder, WORKBENCH), 'utf8'))
  const { version } = JSON.parse(await fs.readFile(join(vscodeFolder, 'product.json'), 'utf8'))
  const root = resolve(workspace)

  const answer = async (path: string, query: URLSearchParams, host: string, response: ServerResponse) => {
    if (path === '/') return send(response, page(host, basename(root), version), 'text/html')
    if (path === `/static/${WORKBENCH}`) return send(response, bundle, 'text/javascript')
    if (path === '/files-extension/package.json')
      return send(response, JSON.stringify(FILES_PACKAGE), 'application/json')
    if (path === '/files-extension/main.js') return send(response, FILES_MAIN, 'text/javascript')
    if (path === '/files') return files(within(dirname(root), query.get('path') ?? ''), query.get('what'), response)
    // The extensions built into code-server have no browser builds; an empty one is better than an error message each.
    if (/^\/static\/extensions\/.*\.js$/.test(path))
      return send(response, 'exports.activate = () => {}', 'text/javascript')
    if (/^\/files-extension\/package\.nls\.json$/.test(path)) return send(response, '{}', 'application/json')
    const [, place, rest] = /^\/(static|extension)\/(.*)$/.exec(path) ?? []
    if (rest === undefined) throw new Error('not found')
    const file = within(place === 'static' ? vscodeFolder : resolve(extension), rest)
    return send(response, await fs.readFile(file), TYPES[extname(file)] ?? 'application/octet-stream')
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://any')
    answer(decodeURIComponent(pathname), searchParams, request.headers.host ?? '', response).catch((error: unknown) => {
      response.writeHead(404, { 'access-control-allow-origin': '*' })
      response.end(String(error))
    })
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
}

/** code-server's build of the workbench insists on its server in two places; the copy served here does not. */
function withoutServer(bundle: string): string {
  const without = (text: string, what: RegExp, replacement: string) => {
    if (!what.test(text)) throw new Error(`this version of code-server is not known: ${what} does not match`)
    return text.replace(what, replacement)
  }
  const local = without(bundle, /\{\.\.\.JSON\.parse\((\w+)\),remoteAuthority:location\.host\}/, 'JSON.parse($1)')
  return without(
    local,
    /get userRoamingDataHome\(\)\{return [\w$]+\(([\w$]+)\.file\(this\.userDataPath\)\.with\(\{scheme:([\w$]+)\.vscodeRemote\}\),"User"\)\}/,
    'get userRoamingDataHome(){return $1.file("/User").with({scheme:$2.vscodeUserData})}',
  )
}

function page(host: string, folder: string, version: string): string {
  const at = (path: string) => ({ scheme: 'http', authority: host, path })
  const configuration = {
    folderUri: { scheme: 'test', authority: '', path: `/${folder}` },
    additionalBuiltinExtensions: [at('/files-extension')],
    developmentOptions: { extensions: [at('/extension')] },
    configurationDefaults: quietSettings,
    userDataPath: '/',
    isEnabledCoderGettingStarted: false, // this and the next two: code-server's own options
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    enableWorkspaceTrust: false,
    webviewEndpoint: `http://${host}/static/out/vs/workbench/contrib/webview/browser/pre`,
    productConfiguration: { nameShort: 'VS Code', nameLong: 'VS Code', enableTelemetry: false, version },
  }
  const settings = JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <meta id="vscode-workbench-web-configuration" data-settings="${settings}">
    <meta id="vscode-workbench-auth-session" data-settings="">
    <link rel="stylesheet" href="/static/out/vs/code/browser/workbench/workbench.css">
  </head>
  <body aria-label=""></body>
  <script>globalThis._VSCODE_FILE_ROOT = location.origin + '/static/out/'</script>
  <script type="module" src="/static/out/nls.messages.js"></script>
  <script type="module" src="/static/${WORKBENCH}"></script>
</html>`
}

async function files(path: string, what: string | null, response: ServerResponse): Promise<void> {
  if (what === 'read') return send(response, await fs.readFile(path), 'application/octet-stream')
  if (what === 'list') {
    const entries = await fs.readdir(path, { withFileTypes: true })
    return send(response, JSON.stringify(entries.map(entry => [entry.name, fileType(entry)])), 'application/json')
  }
  const stat = await fs.stat(path)
  const { ctimeMs: ctime, mtimeMs: mtime, size } = stat
  return send(response, JSON.stringify({ type: fileType(stat), ctime, mtime, size }), 'application/json')
}

/** `vscode.FileType` */
const fileType = (entry: Pick<Dirent, 'isDirectory'>) => (entry.isDirectory() ? 2 : 1)

function within(root: string, path: string): string {
  const file = join(root, path)
  if (file !== root && !file.startsWith(`${root}/`)) throw new Error('outside')
  return file
}

function send(response: ServerResponse, body: string | Uint8Array, type: string): void {
  response.writeHead(200, {
    'content-type': type,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'service-worker-allowed': '/',
    'cache-control': 'no-store',
  })
  response.end(body)
}
