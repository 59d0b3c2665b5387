// Writes src/dap/protocolShapes.generated.ts: what the arguments of each request must look like, read off the types that
// declare them, which are the debug adapter protocol's own. `npm run generate` writes it; a test compares.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Shape } from '../src/dap/shapes.ts'

const TYPES = fileURLToPath(new URL('../src/dap/types.ts', import.meta.url))
const OUTPUT = fileURLToPath(new URL('../src/dap/protocolShapes.generated.ts', import.meta.url))

/** What the declarations say in words only, by the name of the member. */
const RANGES: Readonly<Record<string, Shape>> = {
  ...Object.fromEntries(
    [
      ...['count', 'levels', 'start', 'startFrame', 'instructionCount', 'bytes'],
      ...['line', 'endLine', 'column', 'endColumn'],
    ].map(name => [name, { from: 0, to: Number.MAX_SAFE_INTEGER }]),
  ),
  threadId: { from: 1, to: Number.MAX_SAFE_INTEGER },
  data: { from: 0, to: 255 },
}

export function protocolShapes(): string {
  const program = ts.createProgram([TYPES], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(TYPES)!)!
  const requests = checker.getExportsOfModule(module).find(({ name }) => name === 'DapRequests')!
  const rows = checker
    .getDeclaredTypeOfSymbol(requests)
    .getProperties()
    .map((request): [string, Shape] => {
      const { args } = membersOf(checker, checker.getTypeOfSymbol(request))
      return [request.name, shapeOf(checker, args!.type, '', [])]
    })
  return `// Made by scripts/protocolShapes.ts. Do not edit: npm run generate

import type { Shape } from './shapes.ts'

export const PROTOCOL_SHAPES = {
${rows.map(([name, shape]) => `  ${JSON.stringify(name)}: ${JSON.stringify(shape)},`).join('\n')}
} as const satisfies Readonly<Record<string, Shape>>
`
}

type Members = Record<string, { readonly type: ts.Type; readonly isOptional: boolean }>

function membersOf(checker: ts.TypeChecker, type: ts.Type): Members {
  return Object.fromEntries(
    type.getProperties().map(member => {
      const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0
      return [member.name, { type: checker.getTypeOfSymbol(member), isOptional }]
    }),
  )
}

/** @param within the types around this one: one that contains itself is not followed for ever. */
function shapeOf(checker: ts.TypeChecker, declared: ts.Type, name: string, within: readonly ts.Type[]): Shape {
  if (declared.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'anything'
  const type = checker.getNonNullableType(declared)
  if (within.includes(type)) return 'anything'
  if (type.flags & ts.TypeFlags.String) return 'text'
  if (type.flags & ts.TypeFlags.Boolean) return 'flag'
  if (type.flags & ts.TypeFlags.Number) return RANGES[name] ?? 'integer'
  const inner = [...within, type]
  if (type.isUnion()) {
    if (type.types.every(each => each.isStringLiteral())) return { oneOf: type.types.map(each => each.value) }
    if (type.types.every(each => each.flags & ts.TypeFlags.Object)) return { mapOf: 'anything' }
    throw new Error(`no shape for ${checker.typeToString(type)}`)
  }
  // Of no arguments nothing is asked.
  if (type.flags & ts.TypeFlags.Never) return { required: {}, optional: {} }
  if (!(type.flags & ts.TypeFlags.Object)) throw new Error(`no shape for ${checker.typeToString(type)}`)
  const item = type.getNumberIndexType()
  if (item !== undefined && checker.isArrayLikeType(type)) return { listOf: shapeOf(checker, item, name, inner) }
  const value = type.getStringIndexType()
  if (value !== undefined) return { mapOf: shapeOf(checker, value, name, inner) }
  const members = Object.entries(membersOf(checker, type))
  const fields = (wanted: boolean): Record<string, Shape> =>
    Object.fromEntries(
      members
        .filter(([, { isOptional }]) => isOptional === wanted)
        .map(([member, { type: each }]) => [member, shapeOf(checker, each, member, inner)]),
    )
  return { required: fields(false), optional: fields(true) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OUTPUT, protocolShapes())
