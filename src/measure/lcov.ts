// Coverage as LCOV writes it (geninfo(1), "TRACEFILE FORMAT"), and several runs as one.

import { UserError } from '../util/userError.ts'

export interface BranchCoverage {
  readonly line: number
  /** Of the instruction. */
  readonly address: number
  readonly taken: number
  /** How often it was executed and went on behind it. */
  readonly passed: number
}

export interface FileCoverage {
  readonly path: string
  /** How often each line with code was executed. */
  readonly lines: Map<number, number>
  readonly functions: Map<string, { readonly line: number; readonly count: number }>
  readonly branches: BranchCoverage[]
}

export const newFile = (path: string): FileCoverage => ({
  ...{ path, lines: new Map(), functions: new Map(), branches: [] },
})

/** The block of a branch is the address of its instruction; branch 0 is the way taken, 1 the way on. */
export function lcovText(files: readonly FileCoverage[], testName = ''): string {
  return files.map(file => fileText(file, testName)).join('')
}

function fileText({ path, lines, functions, branches }: FileCoverage, testName: string): string {
  const byLine = [...lines].sort(([a], [b]) => a - b)
  const named = [...functions].sort(([, a], [, b]) => a.line - b.line)
  const sorted = [...branches].sort((a, b) => a.line - b.line || a.address - b.address)
  const ways = sorted.flatMap(({ line, address, taken, passed }) => {
    const isReached = taken + passed > 0
    return [taken, passed].map((count, n) => `BRDA:${line},${address},${n},${isReached ? count : '-'}`)
  })
  return [
    ...[`TN:${testName}`, `SF:${path}`],
    ...named.map(([name, { line }]) => `FN:${line},${name}`),
    ...named.map(([name, { count }]) => `FNDA:${count},${name}`),
    ...[`FNF:${named.length}`, `FNH:${named.filter(([, { count }]) => count > 0).length}`],
    ...ways,
    ...[
      `BRF:${2 * sorted.length}`,
      `BRH:${sorted.flatMap(each => [each.taken, each.passed]).filter(n => n > 0).length}`,
    ],
    ...byLine.map(([line, count]) => `DA:${line},${count}`),
    ...[`LF:${byLine.length}`, `LH:${byLine.filter(([, count]) => count > 0).length}`],
    ...['end_of_record', ''],
  ].join('\n')
}

/** @param name of the file, for errors. @throws UserError */
export function parseLcov(text: string, name: string): readonly FileCoverage[] {
  const files: FileCoverage[] = []
  const branches = new Map<string, [line: number, address: number, taken: number, passed: number]>()
  let file: FileCoverage | undefined
  const declared = new Map<string, number>()
  for (const [n, row] of text.split('\n').entries()) {
    const [, key, value = ''] = /^([A-Z]+):(.*)$/.exec(row.trim()) ?? []
    const numbers = value.split(',').map(each => (each === '-' ? 0 : Number(each)))
    const [first = Number.NaN, second = Number.NaN] = numbers
    const isBad = () =>
      new UserError(
        'bad-lcov',
        `${name}:${n + 1} is not LCOV: ${row.slice(0, 80)}`,
        'give a file that --coverage has written',
      )
    if (key === 'SF') file = newFile(value)
    else if (row.trim() === 'end_of_record' && file !== undefined) {
      for (const [line, address, taken, passed] of branches.values())
        file.branches.push({ line, address, taken, passed })
      branches.clear()
      declared.clear()
      files.push(file)
      file = undefined
    } else if (key === undefined || file === undefined) {
      if (row.trim() !== '' && key !== 'TN') throw isBad()
    } else if (key === 'DA') {
      if (Number.isNaN(first) || Number.isNaN(second)) throw isBad()
      file.lines.set(first, (file.lines.get(first) ?? 0) + second)
    } else if (key === 'FN') declared.set(value.slice(value.indexOf(',') + 1), first)
    else if (key === 'FNDA') {
      const called = value.slice(value.indexOf(',') + 1)
      file.functions.set(called, { line: declared.get(called) ?? 0, count: first })
    } else if (key === 'BRDA') {
      const [line, address, way, count] = numbers
      if (line === undefined || address === undefined || count === undefined || Number.isNaN(count)) throw isBad()
      const known = branches.get(`${line},${address}`) ?? [line, address, 0, 0]
      known[way === 0 ? 2 : 3] += count
      branches.set(`${line},${address}`, known)
    }
  }
  return files
}

/** Counts of the same lines, functions and branches are added up. */
export function mergeCoverage(runs: readonly (readonly FileCoverage[])[]): readonly FileCoverage[] {
  const merged = new Map<string, FileCoverage>()
  for (const { path, lines, functions, branches } of runs.flat()) {
    const into = merged.get(path) ?? newFile(path)
    merged.set(path, into)
    for (const [line, count] of lines) into.lines.set(line, (into.lines.get(line) ?? 0) + count)
    for (const [name, { line, count }] of functions)
      into.functions.set(name, { line, count: count + (into.functions.get(name)?.count ?? 0) })
    const known = new Map(into.branches.map((each, n) => [`${each.line},${each.address}`, n]))
    for (const branch of branches) {
      const at = known.get(`${branch.line},${branch.address}`)
      const before = at === undefined ? undefined : into.branches[at]
      if (at === undefined || before === undefined) into.branches.push(branch)
      else into.branches[at] = { ...branch, taken: branch.taken + before.taken, passed: branch.passed + before.passed }
    }
  }
  return [...merged.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}
