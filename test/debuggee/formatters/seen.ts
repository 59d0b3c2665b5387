// What is seen of containers by us and by gdb with libstdc++'s own printers, in the same plain shape.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contextOf, evaluate } from '../../../src/debuggee/evaluation.ts'
import { type Frame, scopesOf } from '../../../src/debuggee/frames.ts'
import type { ProcessOptions } from '../../../src/debuggee/launch.ts'
import { Continue } from '../../../src/debuggee/steps/goal.ts'
import type { Target } from '../../../src/debuggee/target.ts'
import type { Child } from '../../../src/debuggee/tree.ts'
import { variableRow } from '../../../src/debuggee/values.ts'
import type { Context } from '../../../src/expr/context.ts'
import type { Variable } from '../../../src/symbols/scopes.ts'
import { HandTurned } from '../../support/target.ts'
import { have } from '../../support/tools.ts'
import { coreFile } from '../../symbols/stops/coreFile.ts'
import { memoryOf } from '../../symbols/stops/stops.ts'

export const havePrinters = have('gdb-multiarch') && existsSync('/usr/share/gcc/python/libstdcxx/v6/printers.py')

/** What is seen of a variable: text, or the parts of what has parts. */
export type Seen = string | number | null | readonly Seen[] | { readonly [name: string]: Seen }

/** Numbers as such: the two write exponents and the zeros of addresses in their own ways. */
function leaf(text: string): Seen {
  if (text === '{}') return []
  const address = /^0x[0-9a-f]+/.exec(text)
  if (address !== null) return Number(address[0])
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text.replace(/"\.\.\.$/, '"…')
}

function theirs(seen: Seen): Seen {
  if (typeof seen === 'string') return leaf(seen)
  if (Array.isArray(seen)) return seen.map(theirs)
  if (seen === null || typeof seen === 'number') return seen
  const parts = seen as { readonly [name: string]: Seen }
  if (!('notes' in parts)) return { value: theirs(parts.value) }
  // What is empty has no counts.
  const notes = String(parts.notes)
    .replace(/^expired/, 'use count 0')
    .replace(/^empty\)$/, '')
    .replace(/\)$/, '')
  return { pointer: theirs(parts.pointer), notes }
}

/** The rows as they are, without that of the raw members. */
function ours(row: Child, evaluate: (expression: string) => Child): Seen {
  const all = [...(row.container?.children() ?? []), ...(row.container?.named?.() ?? [])]
  const parts = all.filter(({ name }) => name !== '[raw]')
  const see = (child: Child) => ours(child, evaluate)
  const type = row.type?.replace(/^const |( &)$/g, '') ?? ''
  if (/^std::\w+_ptr</.test(type)) return { pointer: leaf(row.value), notes: /\((.*)\)$/.exec(row.value)?.[1] ?? '' }
  if (row.value === '<optimized out>') return row.value
  if (/^std::(optional|variant)</.test(type))
    return { value: row.value === '<no value>' ? null : see(evaluate(`*(${row.evaluateName})`)) }
  if (/^[LuU]?"/.test(row.value)) return leaf(row.value)
  if (/^std::(unordered_)?map</.test(type))
    return parts.map(part =>
      /^\[\d+\]$/.test(part.name) && part.type?.startsWith('std::pair')
        ? see(part)
        : [leaf(part.name.slice(1, -1)), see(part)],
    )
  if (row.container === undefined || type.endsWith('*')) return leaf(row.value)
  return parts.map(see)
}

/** A stop in `look`, seen from the function that called it. */
export interface Look {
  readonly target: Target
  readonly caller: string
  readonly context: Context
  readonly variables: readonly Variable[]
}

/** The stops of test/guest/linux/containers.cc, one after the other. */
export function* looks(executable: string): Generator<Look> {
  const process = { executable, args: [executable], environment: [], directory: '/' }
  const { target, ...loop } = started(readFileSync(executable), process)
  for (;;) {
    target.resume(new Continue())
    loop.turn()
    if (target.state !== 'stopped') return
    const frame = [...target.callStack()][1] as Frame
    const scopes = scopesOf(frame, target.program).filter(({ kind }) => kind !== 'file')
    const context = contextOf(target.machine, target.program, frame)
    yield { target, caller: frame.name, context, variables: scopes.flatMap(scope => scope.variables) }
  }
}

function started(elf: Uint8Array, process: ProcessOptions) {
  const loop = new HandTurned(elf, { process })
  const { target } = loop
  target.breakpoints.settled = true
  target.breakpoints.replace({ owner: 'test', list: 'all' }, [{ kind: 'function', name: 'look' }])
  target.replan()
  return { target, turn: () => loop.turn() }
}

/** Both views of the variables of each function that calls `look`. */
export function bothViews(executable: string): { ours: Record<string, Seen>; theirs: Record<string, Seen> }[] {
  const folder = mkdtempSync(join(tmpdir(), 'formatted-'))
  try {
    const cores: string[] = []
    const views: Record<string, Seen>[] = []
    for (const { target, context, variables } of looks(executable)) {
      cores.push(join(folder, `${cores.length}.core`))
      writeFileSync(cores.at(-1)!, coreFile(target.machine.cpu, memoryOf(target.machine, target.program)))
      const again = (expression: string) => evaluate(context, expression)
      views.push(Object.fromEntries(variables.map(each => [each.name, ours(variableRow(each, { context }), again)])))
    }
    const answers = gdbAnswers(executable, folder, cores)
    return views.map((view, i) => ({ ours: view, theirs: mapped(answers[i]!) }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const mapped = (answer: Record<string, Seen>): Record<string, Seen> =>
  Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, theirs(value)]))

function gdbAnswers(executable: string, folder: string, cores: readonly string[]): Record<string, Seen>[] {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', STOPS: join(folder, 'names'), ANSWERS: join(folder, 'answers') }
  writeFileSync(env.STOPS, cores.join('\n'))
  const script = join(import.meta.dirname, 'gdbFormatted.py')
  execFileSync('gdb-multiarch', ['-nx', '-batch', '-iex', 'set osabi GNU/Linux', executable, '-x', script], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const lines = readFileSync(env.ANSWERS, 'utf8').trimEnd().split('\n')
  return lines.map(line => JSON.parse(line) as Record<string, Seen>)
}
