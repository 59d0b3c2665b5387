// Between source paths as the program was built with and paths as the client has them.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { fileName, folderOf } from '../util/fileName.ts'
import type { Files } from './host.ts'

/** A path that is longer names no source. */
const LONGEST = 4096
/** Folders of a source's path that are looked for beside the program. */
const MOST_PARTS = 32

export class Sources {
  readonly #files: Files
  readonly #directory: string
  readonly #map: readonly (readonly [from: string, to: string])[]
  readonly #found = new Map<string, Promise<string | undefined>>()
  /** Paths that were looked for in vain; the place in the list plus 1 is DAP's reference. */
  readonly #missing: string[] = []

  /** @param program path of the ELF file: relative source paths are looked for beside it and above. */
  constructor(files: Files, program: string, map: readonly (readonly [string, string])[]) {
    this.#files = files
    this.#directory = folderOf(program)
    this.#map = map
  }

  /** Where the client finds the file that the debug information calls `path`; undefined when nowhere. */
  toClient(path: string): Promise<string | undefined> {
    let found = this.#found.get(path)
    if (found === undefined) this.#found.set(path, (found = this.#search(path)))
    return found
  }

  /** A file as DAP names it. Where it cannot be found, one whose text says so. */
  async toSource(path: string): Promise<P.Source> {
    const found = await this.toClient(path)
    if (found !== undefined) return { name: fileName(found), path: found }
    if (!this.#missing.includes(path)) this.#missing.push(path)
    const sourceReference = this.#missing.indexOf(path) + 1
    return { name: fileName(path), sourceReference, origin: 'not found', presentationHint: 'deemphasize' }
  }

  /** What is shown in place of a file that was not found; undefined for a reference that was never given. */
  missingText(sourceReference: number): string | undefined {
    const path = this.#missing[sourceReference - 1]
    if (path === undefined) return undefined
    return [
      `The program was compiled from ${path}, which is not here.`,
      '',
      'If the file is somewhere else on this machine, say so in launch.json:',
      '',
      `    "sourceMap": { ${JSON.stringify(folderOf(path))}: "\${workspaceFolder}" }`,
      '',
      'Meanwhile the Disassembly view shows what is executed.',
      '',
    ].join('\n')
  }

  /** What the debug information may call the client's `path`. */
  toProgram(path: string): string {
    const entry = this.#map.find(([, to]) => path.startsWith(to))
    return entry === undefined ? path : entry[0] + path.slice(entry[1].length)
  }

  /** By the map; as it stands; then relative to the program's folder, each folder above it, by ever shorter ends. */
  async #search(path: string): Promise<string | undefined> {
    if (path.length > LONGEST) return undefined
    for (const candidate of this.#candidates(path))
      if ((await this.#files.stat(candidate)).kind === 'file') return candidate
    return undefined
  }

  /**
   * Of this machine, or of the program's own: a file must not make us ask another computer (`\\\\server\\…`, `http:…`).
   * A source map can: its user wrote it.
   */
  #isNear(path: string): boolean {
    if (/^[\\/]{2}/.test(path)) return false
    const scheme = /^[a-z][\w+.-]+:/i.exec(path)?.[0]
    return scheme === undefined || this.#directory.startsWith(scheme)
  }

  *#candidates(path: string): Generator<string> {
    for (const [from, to] of this.#map) if (path.startsWith(from)) yield normalize(to + path.slice(from.length))
    if (isAbsolute(path) && this.#isNear(path)) yield normalize(path)
    const parts = path.split(/[\\/]/).filter(part => part !== '' && part !== '.')
    for (let dropped = Math.max(0, parts.length - MOST_PARTS); dropped < parts.length; dropped++) {
      const rest = parts.slice(dropped).join('/')
      let directory = this.#directory
      for (let up = 0; up < 4; up++) {
        yield normalize(`${directory}/${rest}`)
        if (folderOf(directory) === directory) break
        directory = folderOf(directory)
      }
    }
  }
}

const isAbsolute = (path: string): boolean => /^([\\/]|[a-z][\w+.-]*:)/i.test(path)

/** Resolves `.` and `..`; leaves the scheme of a URI and a drive letter alone. */
function normalize(path: string): string {
  const [, root, rest] = /^([a-z][\w+.-]*:\/\/[^/]*|[a-z]:)?(.*)$/i.exec(path.replaceAll('\\', '/'))!
  const out: string[] = []
  for (const part of rest.split('/')) {
    if (part === '..' && out.length > 1) out.pop()
    else if (part !== '.' && !(part === '' && out.length > 0)) out.push(part)
  }
  return (root ?? '') + out.join('/')
}
