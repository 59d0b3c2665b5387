// What opening a big program costs, and whether gdb says the same of it: a Linux kernel, 48 MB with its DWARF.
// usage: run.ts [PROGRAM] [questions of each kind] [seed]; without a program the one that scripts/guests/linux.sh builds.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDwarf } from '../../../src/dwarf/dwarf.ts'
import type { LineRow } from '../../../src/dwarf/lineRows.ts'
import { dwarfSections } from '../../../src/dwarf/sections.ts'
import { readElf } from '../../../src/elf/elf.ts'
import { STT } from '../../../src/elf/types.ts'
import { LinkedCode } from '../../../src/symbols/linkedCode.ts'
import { Overlays } from '../../../src/symbols/overlays.ts'
import { Symbols } from '../../../src/symbols/symbols.ts'
import { typeName } from '../../../src/symbols/typeName.ts'
import { sizeOf } from '../../../src/symbols/types.ts'
import { UnitIndex } from '../../../src/symbols/units.ts'
import { draw } from '../stops/stops.ts'

const kernel = join(import.meta.dirname, '../../../.cache/guests/linux/vmlinux')
const [path = kernel, count = '300', seed = '440'] = process.argv.slice(2)

const mostMilliseconds = 2000
const mostMegabytes = 400

const started = performance.now()
const bytes = readFileSync(path)
const elf = readElf(bytes, path)
const symbols = Symbols.load(elf)
const entry = symbols.symbolNamed('start_kernel') ?? elf.symbols.find(({ type }) => type === STT.FUNC)!
const first = symbols.lineAt(entry.value)!
const addresses = symbols.locationsFor(first.path, first.line + 1)?.addresses ?? []
const milliseconds = performance.now() - started
const megabytes = process.memoryUsage().rss / 2 ** 20
console.log(`${first.path}:${first.line + 1} at ${addresses.map(each => `0x${each.toString(16)}`).join(' ')}`)
console.log(`first breakpoint after ${milliseconds.toFixed(0)} ms with ${megabytes.toFixed(0)} MB`)

type Question = readonly [kind: string, what: string | number]
const questions: Question[] = []
const ours: unknown[] = []
const ask = (kind: string, what: string | number, answer: unknown) => {
  questions.push([kind, what])
  ours.push(answer)
}
const pick = <T>(from: readonly T[], salt: number): T[] =>
  draw(from.length, Number(count), Number(seed) + salt).map(index => from[index])

const functions = elf.symbols.filter(({ type, size }) => type === STT.FUNC && size > 0)
for (const { value, size } of pick(functions, 1)) {
  const pc = value + 4 * Math.floor(size / 8)
  const info = symbols.functionAt(pc)
  if (info === undefined || info.assembly) continue
  ask('chain', pc, [...symbols.inlineChainAt(pc).map(({ name }) => name), info.name])
  const line = symbols.lineAt(pc)
  ask('place', pc, [line?.path.replace(/.*\//, '') ?? null, line?.line ?? 0])
}
const files = symbols.files().filter(({ path }) => path.endsWith('.c'))
for (const { path } of pick(files, 2)) {
  const lines = symbols.breakpointLines(path, 1, 100_000)
  const line = lines[Math.floor(lines.length / 2)]
  if (line === undefined) continue
  ask('breakpoints', `${path}:${line}`, symbols.locationsFor(path, line)!.addresses)
}
const objects = elf.symbols.filter(({ type, size, name }) => type === STT.OBJECT && size > 0 && !/[.]/.test(name))
for (const { name } of pick(objects, 3)) {
  const variable = symbols.globalNamed(name)
  if (variable !== undefined) ask('variable', name, typeName(variable.type))
}
const structs = [
  'task_struct',
  'page',
  'inode',
  'file',
  'mm_struct',
  'device',
  'super_block',
  'irq_desc',
  'sk_buff',
  'rq',
  'bio',
]
for (const name of structs) {
  const type = symbols.typeNamed(name, 'struct')
  if (type?.kind !== 'struct' || type.size === undefined) continue
  const members = type.members.map(({ name, type, offset, bits }) => [
    name ?? '',
    bits?.offset ?? offset * 8,
    bits?.size ?? 0,
    typeName(type),
  ])
  ask('fields', name, [sizeOf(type), members])
}
const megabytesAfter = process.memoryUsage().rss / 2 ** 20
console.log(
  `after every question ${((performance.now() - started) / 1000).toFixed(1)} s, ${megabytesAfter.toFixed(0)} MB`,
)

const folder = mkdtempSync(join(tmpdir(), 'large-'))
const env = { ...process.env, QUESTIONS: join(folder, 'questions'), ANSWERS: join(folder, 'answers') }
writeFileSync(env.QUESTIONS, JSON.stringify(questions))
execFileSync('gdb-multiarch', ['-nx', '-batch', path, '-x', join(import.meta.dirname, 'gdbAnswers.py')], {
  env,
  stdio: ['ignore', 'ignore', 'inherit'],
})
const theirs = JSON.parse(readFileSync(env.ANSWERS, 'utf8')) as unknown[]
rmSync(folder, { recursive: true })

/** GCC's and gdb's ways to write the same type. */
const spelling = (text: string): string =>
  text
    .replace(/long long unsigned int/g, 'unsigned long long')
    .replace(/(long|short) unsigned int/g, 'unsigned $1')
    .replace(/long long int/g, 'long long')
    .replace(/\b(long|short) int\b/g, '$1')
    .replace(/ *([*[]) */g, '$1')

/** Two files have a row for this address: one has inlined code of the other there, and gdb drops the first file's row. */
function isShared(address: number): boolean {
  const unit = units.at(address)
  const rows = unit === undefined ? [] : units.lineTable(unit)!.sequences.flatMap(({ rows }) => [...rows])
  return new Set(rows.filter(row => row.address === address).map(row => row.file)).size > 1
}
const units = new UnitIndex(openDwarf(dwarfSections(elf)), new LinkedCode(elf), new Overlays(elf))

/** The rows of a line, `path:line`, in the tables of the units that have code at these addresses. */
function rowsOf(spec: string, addresses: readonly number[]): LineRow[] {
  const [, path, line] = /^(.*):(\d+)$/.exec(spec)!
  const tables = new Set(addresses.flatMap(address => units.at(address) ?? []).map(unit => units.lineTable(unit)!))
  return [...tables].flatMap(table =>
    table.sequences
      .flatMap(({ rows }) => [...rows])
      .filter(row => row.line === Number(line) && table.path(row.file) === path),
  )
}

/** The lines that begin at the last address at or before `pc` that has any. */
function linesAt(pc: number): number[] {
  const rows = units.lineTable(units.at(pc)!)!.sequences.flatMap(({ rows }) => [...rows])
  const address = Math.max(...rows.map(row => row.address).filter(each => each <= pc))
  return rows.filter(row => row.address === address).map(({ line }) => line)
}

const reasons: Readonly<Record<string, (question: Question, a: unknown, b: unknown) => boolean>> = {
  'gdb drops rows that share their address with another file': ([kind, what], a) =>
    kind === 'breakpoints' && rowsOf(String(what), a as number[]).some(({ address }) => isShared(address)),
  // `dwarf_record_line_p`: one that repeats the line before it with a discriminator.
  'gdb drops rows that have a discriminator': ([kind, what], a, b) => {
    const [ours, theirs] = [a, b].map(place => (place as [string, number])[1])
    return kind === 'place' && [ours, theirs].every(line => linesAt(Number(what)).includes(line))
  },
  'gdb answers with a declaration without a length': ([kind], a, b) =>
    kind === 'variable' && spelling(String(b)) === spelling(String(a).replace(/\[\d+\]/, '[]')),
  // Ours is the one that the program has: its symbol's size says so. `of_busses` of fdt_address.c is gone.
  "gdb answers with another file's static, optimized out": ([kind, what]) =>
    kind === 'variable' &&
    elf.symbols.some(({ name, size }) => name === what && size === sizeOf(symbols.globalNamed(name)!.type)),
}

const figures = new Map<string, number>()
let unexplained = 0
for (const [i, question] of questions.entries()) {
  const [kind, what] = question
  const [a, b] = [spelling(JSON.stringify(ours[i])), spelling(JSON.stringify(theirs[i]))]
  const reason = a === b ? 'the same' : Object.keys(reasons).find(name => reasons[name](question, ours[i], theirs[i]))
  const key = `${kind}: ${reason ?? 'different'}`
  figures.set(key, (figures.get(key) ?? 0) + 1)
  if (reason !== undefined) continue
  unexplained++
  console.log(
    `${kind} ${typeof what === 'number' ? `0x${what.toString(16)}` : what}\n  ours  ${a.slice(0, 400)}\n  gdb's ${b.slice(0, 400)}`,
  )
}
for (const [key, times] of [...figures].sort()) console.log(`${times} × ${key}`)
if (unexplained > 0 || milliseconds > mostMilliseconds || megabytesAfter > mostMegabytes) process.exitCode = 1
