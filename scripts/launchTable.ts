// Writes the launch attributes where the editor and people read them: package.json and the table in README.md, both from
// src/dap/launchAttributes.ts. `npm run generate` does it; a test compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Attribute, LAUNCH_ATTRIBUTES } from '../src/dap/launchAttributes.ts'
import type { Shape } from '../src/dap/shapes.ts'

const file = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const ROWS: readonly (readonly [name: string, Attribute])[] = Object.entries(LAUNCH_ATTRIBUTES)

/** `contributes.debuggers[].configurationAttributes.launch`: a JSON schema. */
export function launchSchema(): object {
  const properties = Object.fromEntries(ROWS.map(([name, attribute]) => [name, schemaOf(name, attribute)]))
  return { properties }
}

/** Its texts in English, by their keys in package.nls.json. */
export function launchTexts(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ROWS.flatMap(([name, attribute]) => [
      [keyOf(name), attribute.text],
      ...(attribute.choices ?? []).map((choice, i) => [keyOf(name, choiceNames(attribute)[i]!), choice]),
    ]),
  )
}

const PREFIX = 'launch.'
const keyOf = (...names: readonly string[]): string => PREFIX + names.join('.')
const choiceNames = ({ shape, offered = [] }: Attribute): readonly string[] =>
  typeof shape === 'object' && 'oneOf' in shape ? shape.oneOf : offered

/** Texts of package.nls.json with those of today. */
function withLaunchTexts(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const others = Object.entries(texts).filter(([key]) => !key.startsWith(PREFIX))
  return { ...Object.fromEntries(others), ...launchTexts() }
}

function schemaOf(name: string, attribute: Attribute): object {
  const { shape, types, default: standard, choices, offered, pattern, members, hasTexts } = attribute
  const enumDescriptions = choiceNames(attribute).map(choice => `%${keyOf(name, choice)}%`)
  const shown = { ...(standard !== undefined && { default: standard }), markdownDescription: `%${keyOf(name)}%` }
  if (offered !== undefined)
    return {
      anyOf: [
        { type: 'string', enum: offered, enumDescriptions },
        { type: 'string', pattern },
      ],
      ...shown,
    }
  return {
    ...(members !== undefined
      ? { type: 'array', items: hasTexts ? { anyOf: [{ type: 'string' }, objectOf(members)] } : objectOf(members) }
      : shape === 'anything'
        ? { type: types ?? 'string' }
        : typeOf(shape)),
    ...(pattern !== undefined && { pattern }),
    ...(choices !== undefined && { enumDescriptions }),
    ...shown,
  }
}

const objectOf = (members: Readonly<Record<string, Shape>>): object => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, typeOf(shape)])),
})

function typeOf(shape: Shape): object {
  if (shape === 'text') return { type: 'string' }
  if (shape === 'flag') return { type: 'boolean' }
  if (typeof shape === 'object' && 'oneOf' in shape) return { type: 'string', enum: shape.oneOf }
  if (typeof shape === 'object' && 'listOf' in shape) return { type: 'array', items: typeOf(shape.listOf) }
  if (typeof shape === 'object' && 'from' in shape) return { type: 'integer', minimum: shape.from, maximum: shape.to }
  if (typeof shape === 'object' && 'mapOf' in shape)
    return { type: 'object', additionalProperties: typeOf(shape.mapOf) }
  throw new Error(`a launch attribute cannot be ${JSON.stringify(shape)}`)
}

/** README.md with the table of today. */
export function withLaunchTable(readme: string): string {
  const cells = ROWS.map(([name, { default: standard, brief }]) => {
    const shown = typeof standard === 'string' ? standard : JSON.stringify(standard)
    return [`\`${name}\``, shown === undefined ? '' : `\`${shown}\``, brief]
  })
  return readme.replace(/(?<=## Launch attributes\n\n)(\|.*\n)+/, table([['attribute', 'default', ''], ...cells]))
}

function table(rows: readonly (readonly string[])[]): string {
  const [heading, ...body] = rows
  const widths = heading!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const line = (row: readonly string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |\n`
  return [heading!, widths.map(width => '-'.repeat(width)), ...body].map(line).join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = JSON.parse(readFileSync(file('package.json'), 'utf8'))
  manifest.contributes.debuggers[0].configurationAttributes.launch = launchSchema()
  writeFileSync(file('package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const texts = JSON.parse(readFileSync(file('package.nls.json'), 'utf8'))
  writeFileSync(file('package.nls.json'), `${JSON.stringify(withLaunchTexts(texts), null, 2)}\n`)
  writeFileSync(file('README.md'), withLaunchTable(readFileSync(file('README.md'), 'utf8')))
}
