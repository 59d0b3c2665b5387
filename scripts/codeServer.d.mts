export interface CodeServer {
  readonly origin: string
  remoteUri(path: string): string
  urlFor(folder: string, payload?: readonly (readonly [string, string])[]): string
  stop(): Promise<void>
}

export interface CodeServerOptions {
  readonly dataDir: string
  readonly vsix?: string
  readonly settings?: object
  readonly port?: number
  readonly testsInHost?: boolean
}

export const entry: string
export const vscodeFolder: string
export function isInstalled(): boolean
export function startCodeServer(options: CodeServerOptions): Promise<CodeServer>
