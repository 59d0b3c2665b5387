// A tree of calls as others read it: the .cpuprofile of Chrome and VS Code, and stacks folded into lines.
// A microsecond there is an instruction here.

import type { Program } from '../debuggee/program.ts'
import { hex32 } from '../util/hex.ts'
import type { CallNode, CallTree } from './callTree.ts'

interface Source {
  readonly name: string
  readonly path: string
  /** 1-based; 0 where nothing tells. */
  readonly line: number
}

/** A function along one path, inlined ones too. */
interface ProfileNode {
  readonly source: Source
  self: number
  /** Instructions of its own by line. */
  readonly ticks: Map<number, number>
  readonly children: Map<string, ProfileNode>
}

const newNode = (source: Source): ProfileNode => ({ source, self: 0, ticks: new Map(), children: new Map() })

function childOf(node: ProfileNode, key: string, source: () => Source): ProfileNode {
  let child = node.children.get(key)
  if (child === undefined) node.children.set(key, (child = newNode(source())))
  return child
}

/** With a node of its own for each function that was inlined. */
export function profileOf(tree: CallTree, program: Program): ProfileNode {
  const root = newNode({ name: '(root)', path: '', line: 0 })
  // A list instead of recursion: programs recurse deeper than we may.
  const waiting: (readonly [CallNode, ProfileNode])[] = [[tree.root, root]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, into] = next
    for (const [address, count] of node.counts()) {
      const at = inlinedInto(into, address, program)
      at.self += count
      const line = program.lineAt(address)?.line ?? 0
      at.ticks.set(line, (at.ticks.get(line) ?? 0) + count)
    }
    for (const child of node.children.values())
      waiting.push([child, childOf(into, `call ${child.entry}`, () => functionSource(child.entry, program))])
  }
  return root
}

/** The innermost of what is inlined at `address`. */
function inlinedInto(node: ProfileNode, address: number, program: Program): ProfileNode {
  let at = node
  for (const { name, die, ranges } of [...program.symbols.inlineChainAt(address)].reverse())
    at = childOf(at, `inlined ${die.offset}`, () => ({ ...sourceAt(ranges[0]?.low ?? address, program), name }))
  return at
}

function functionSource(entry: number, program: Program): Source {
  const address = entry >>> 0
  const name = program.symbols.functionAt(address)?.name ?? program.symbols.symbolAt(address)?.name ?? hex32(address)
  return { ...sourceAt(address, program), name }
}

function sourceAt(address: number, program: Program): Omit<Source, 'name'> {
  const info = program.symbols.functionAt(address)
  if (info?.low === address && info.path !== undefined && info.line !== undefined)
    return { path: info.path, line: info.line }
  const place = program.lineAt(address)
  return { path: place?.path ?? '', line: place?.line ?? 0 }
}

/** `main;fill;square 123`: a line for each path with instructions of its own. */
export function foldedStacks(root: ProfileNode): string {
  const lines: string[] = []
  const waiting: (readonly [ProfileNode, string])[] = [[root, '']]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, path] = next
    if (node.self > 0 && path !== '') lines.push(`${path} ${node.self}`)
    for (const child of node.children.values()) {
      const name = child.source.name.replaceAll(';', ':')
      waiting.push([child, path === '' ? name : `${path};${name}`])
    }
  }
  return `${lines.sort().join('\n')}\n`
}

interface CpuProfileNode {
  readonly id: number
  readonly callFrame: object
  readonly hitCount: number
  readonly children: readonly number[]
  readonly positionTicks: readonly { readonly line: number; readonly ticks: number }[]
}

/** The type Profiler.Profile of the Chrome DevTools Protocol, as JSON. */
export function cpuProfile(root: ProfileNode, placeOf: (path: string) => string = path => path): string {
  const nodes: CpuProfileNode[] = []
  const samples: number[] = []
  const timeDeltas: number[] = [0]
  const ids = new Map<ProfileNode, number>([[root, 1]])
  let time = 0
  for (const waiting = [root]; waiting.length > 0; ) {
    const node = waiting.shift()!
    const { source, self, ticks, children } = node
    for (const child of children.values()) {
      ids.set(child, ids.size + 1)
      waiting.push(child)
    }
    const id = ids.get(node)!
    const { name: functionName, path, line } = source
    nodes.push({
      id,
      // Lines are 0-based in a frame, 1-based in the ticks.
      callFrame: {
        functionName,
        scriptId: '0',
        url: placeOf(path),
        lineNumber: Math.max(0, line - 1),
        columnNumber: 0,
      },
      hitCount: self,
      children: [...children.values()].map(child => ids.get(child)!),
      positionTicks: [...ticks].filter(([at]) => at > 0).map(([at, count]) => ({ line: at, ticks: count })),
    })
    if (self === 0) continue
    samples.push(id)
    timeDeltas.push(self)
    time += self
  }
  // One more sample ends the last one.
  samples.push(1)
  return JSON.stringify({ nodes, startTime: 0, endTime: time, samples, timeDeltas })
}
