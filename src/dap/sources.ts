// Between source paths as the program was built with and paths as the client has them.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { FilesMeant } from '../debuggee/program.ts'
import { fileName, folderOf } from '../util/fileName.ts'
import { commonEnd, matchPath, normalizePath, sameName, samePath } from '../util/paths.ts'
import type { ClientFiles } from './host.ts'
import { type PathMapping, SourceMap } from './sourceMap.ts'

/** A path that is longer names no source. */
const LONGEST = 4096
/** Folders of a source's path that are looked for beside the program. */
const MOST_PARTS = 32

export class Sources {
  readonly #files: ClientFiles
  readonly #directory: string
  readonly #map: SourceMap
  #links: Promise<SourceMap> | undefined
  readonly #meant = new Map<string, FilesMeant>()
  readonly #found = new Map<string, Promise<string | undefined>>()
  /** Paths that were looked for in vain; the place in the list plus 1 is DAP's reference. */
  readonly #missing: string[] = []
  /** Paths of which only the last part led to a file. */
  readonly #byName = new Set<string>()
  readonly #note: (text: string) => void

  /** @param program path of the ELF file: relative source paths are looked for beside it and above. */
  constructor(
    files: ClientFiles,
    program: string,
    map: readonly PathMapping[],
    note: (text: string) => void = () => {},
  ) {
    this.#note = note
    this.#files = files
    this.#directory = folderOf(program)
    this.#map = new SourceMap(map)
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
    if (found !== undefined) {
      const origin = this.#byName.has(path) ? { origin: `found by its name; compiled from ${path}` } : {}
      return { name: fileName(found), path: found, ...origin }
    }
    if (!this.#missing.includes(path)) this.#missing.push(path)
    const sourceReference = this.#missing.indexOf(path) + 1
    // Without `deemphasize`: VS Code would fold such frames into "Show 3 More", and their functions could not be seen.
    return { name: fileName(path), sourceReference, origin: 'not found' }
  }

  /** The program's path of a file that was not found; undefined for a reference that was never given. */
  missingPath(sourceReference: number): string | undefined {
    return this.#missing[sourceReference - 1]
  }

  /** What is shown in place of such a file. */
  missingText(sourceReference: number): string | undefined {
    const path = this.missingPath(sourceReference)
    if (path === undefined) return undefined
    return [
      `The program was compiled from ${path}, which is not here.`,
      '',
      'If the file is somewhere else on this machine, say so in launch.json:',
      '',
      `    "sourceMap": { ${adviceFor(path)} }`,
      '',
      'Meanwhile the Disassembly view shows what is executed.',
      '',
    ].join('\n')
  }

  /** The files of the program that the client means by `path`, once `learn` has looked. */
  meant(path: string): FilesMeant {
    return this.#meant.get(path) ?? { files: [] }
  }

  /** Finds out which of the program's `files` the client means by `path`. */
  async learn(path: string, files: readonly string[]): Promise<void> {
    if (this.#meant.has(path)) return
    const normal = normalizePath(path)
    const isNamedSo = sameName(normal)
    const isMapped = (file: string): boolean => [...this.#map.places(file)].some(place => samePath(place, normal))
    const named = files.filter(file => isNamedSo(file) || isMapped(file))
    const found = await Promise.all(named.map(file => this.toClient(file)))
    const isIt = isAbsolute(path)
      ? await Promise.all(named.map((file, i) => this.#isSame(found[i] ?? file, path)))
      : named.map(file => commonEnd(file, normal) === normal.split('/').length)
    const these = named.filter((_, i) => isIt[i])
    // Shown by the path it was opened by.
    if (isAbsolute(path))
      for (const [i, file] of named.entries())
        if (isIt[i] && found[i] !== undefined) this.#found.set(file, Promise.resolve(path))
    const elsewhere = named.filter((_, i) => found[i] === undefined)
    this.#meant.set(path, these.length > 0 ? { files: these } : ofAnotherMachine(normal, elsewhere, named))
  }

  async #isSame(place: string, path: string): Promise<boolean> {
    if (samePath(normalizePath(place), normalizePath(path))) return true
    const [a, b] = await Promise.all([this.#files.real(place), this.#files.real(path)])
    return a !== undefined && b !== undefined && samePath(normalizePath(a), normalizePath(b))
  }

  /** A compiler writes real paths. Where the program's folder was opened through a link, its sources are, too. */
  async #linksOf(directory: string): Promise<SourceMap> {
    const here = normalizePath(directory)
    const real = normalizePath((await this.#files.real(directory)) ?? directory)
    const shared = commonEnd(here, real)
    const top = (path: string): string =>
      path
        .split('/')
        .slice(0, -shared || undefined)
        .join('/')
    return new SourceMap(samePath(here, real) ? [] : [[top(real), top(here)]])
  }

  /**
   * The files that may be the one the program calls `path`, best first: by the map; as it stands; then relative to the
   * program's folder, each folder above it, by ever shorter ends.
   */
  async *places(path: string): AsyncGenerator<string> {
    if (path.length > LONGEST) return
    this.#links ??= this.#linksOf(this.#directory)
    for (const candidate of this.#candidates(path, await this.#links))
      if ((await this.#files.stat(candidate)).kind === 'file') yield candidate
  }

  async #search(path: string): Promise<string | undefined> {
    for await (const candidate of this.places(path)) {
      const links = await this.#links!
      const isSaid = [...this.#map.places(path), ...links.places(path)].includes(candidate)
      if (!isSaid) this.#tellGuess(path, candidate)
      return candidate
    }
    return undefined
  }

  /** Where nothing but its name speaks for a file, it may be another: the user is told. */
  #tellGuess(path: string, candidate: string): void {
    const normal = normalizePath(path)
    if (!normal.includes('/') || commonEnd(normal, candidate) > 1) return
    this.#byName.add(path)
    const advice = 'If that is another file, say where its folder is in "sourceMap" in launch.json.'
    this.#note(`${path} is not here: ${candidate}, of the same name, is shown for it. ${advice}`)
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

  *#candidates(path: string, links: SourceMap): Generator<string> {
    yield* this.#map.places(path)
    yield* links.places(path)
    if (isAbsolute(path) && this.#isNear(path)) yield normalizePath(path)
    const parts = path.split(/[\\/]/).filter(part => part !== '' && part !== '.')
    for (let dropped = Math.max(0, parts.length - MOST_PARTS); dropped < parts.length; dropped++) {
      const rest = parts.slice(dropped).join('/')
      let directory = this.#directory
      for (let up = 0; up < 4; up++) {
        yield normalizePath(`${directory}/${rest}`)
        if (folderOf(directory) === directory) break
        directory = folderOf(directory)
      }
    }
  }
}

const isAbsolute = (path: string): boolean => /^([\\/]|[a-z][\w+.-]*:)/i.test(path)

/** Parts of two paths that have to be the same for a file that is not here to be taken for one that is: file and folder. */
const FEWEST_PARTS = 2

/** Of a program that was built on another machine: the files whose paths end most like `path`. */
function ofAnotherMachine(path: string, elsewhere: readonly string[], named: readonly string[]): FilesMeant {
  const files = [...matchPath(path, elsewhere)].filter(
    file => commonEnd(file, path) >= Math.min(FEWEST_PARTS, file.split('/').length),
  )
  if (files.length === 1) return { files }
  const which = 'say where they are in "sourceMap" in launch.json.'
  if (files.length > 1)
    return { files: [], why: `${path} may be any of ${files.length} files of the program: ${listOf(files)}: ${which}` }
  if (named.length === 0) return { files: [] }
  return {
    files: [],
    why: `No code of the program comes from ${path}, but from ${listOf(named)}. If that is this file, map its folder in "sourceMap" in launch.json.`,
  }
}

const MOST_LISTED = 3
const listOf = (files: readonly string[]): string =>
  files.length <= MOST_LISTED
    ? files.join(' and ')
    : `${files.slice(0, MOST_LISTED).join(', ')} and ${files.length - MOST_LISTED} more`

/** An entry of the source map that would find the file: its folder's, or where it has none, its own. */
function adviceFor(path: string): string {
  const folder = folderOf(path)
  const [from, to] = folder === '/' ? [path, `/${fileName(path)}`] : [folder, '']
  return `${JSON.stringify(from)}: "\${workspaceFolder}${to}"`
}
