// Launch configurations: attributes right, nearly right and wild, and whatever else a file by hand may hold.

import { type Attribute, LAUNCH_ATTRIBUTES } from '../../../src/dap/launchAttributes.ts'
import { Session } from '../../../src/dap/session.ts'
import { UserError } from '../../../src/util/userError.ts'
import { bytesOf, writeElf } from '../../support/elf.ts'
import type { Random } from '../../support/random.ts'
import { InMemory } from '../inMemory.ts'
import { mutate } from '../mutate.ts'
import type { Surface } from '../surface.ts'
import { valueFor, wild } from '../values.ts'

const PROGRAM = writeElf(0x1000, [{ address: 0x1000, bytes: bytesOf([0x4800_0000]) }])
const FILES = new Map([
  ['/folder/good.elf', PROGRAM],
  ['/folder/empty', new Uint8Array()],
  ['/folder/text', new TextEncoder().encode('all: program.elf\n')],
  ['/folder/large', writeElf(0x1000, [{ address: 0x1000, bytes: new Uint8Array(1 << 17) }])],
])
const PATHS = [
  ...FILES.keys(),
  ...[
    '/nothing',
    '',
    '.',
    '/',
    '/folder',
    '../../../../etc/passwd',
    'C:\\a\\b',
    'vscode-vfs://github/a/b',
    '/folder/..',
  ],
  ...['/folder/good.elf/', '\u0000', '[x](command:y)', '/'.repeat(2000), 'a/'.repeat(2000), '\n'.repeat(2000)],
]
const SIZES = [
  '64K',
  '128K',
  '1M',
  '63K',
  '1025M',
  '0x10000',
  '1e3',
  '-1',
  '99999999999999999999G',
  65536,
  0,
  1.5,
  ' 64k ',
]
const ROWS: readonly (readonly [string, Attribute])[] = Object.entries(LAUNCH_ATTRIBUTES)
/** As a slip of the hand writes them, and what nobody knows. */
const OTHERS = [
  'stoponentry',
  'porgram',
  'Memory',
  'cwd',
  '__proto__',
  'constructor',
  'type',
  'name',
  '',
  'x'.repeat(3000),
]
const NOTHING_SEEN = { frames: [1], references: [1], names: ['x'] }

function attribute(name: string, { shape }: Attribute, random: Random): unknown {
  if (random.chance(10)) return wild(random)
  if (name === 'memory') return random.pick(SIZES)
  if (shape === 'text') return random.pick(PATHS)
  if (name === 'symbolFiles') return Array.from({ length: random.below(3) }, () => random.pick(PATHS))
  if (name === 'sourceMap')
    return Object.fromEntries(Array.from({ length: random.below(5) }, () => [random.pick(PATHS), random.pick(PATHS)]))
  return valueFor(shape, name, random, NOTHING_SEEN)
}

function configuration(random: Random): unknown {
  if (random.chance(2)) return wild(random)
  const given = ROWS.filter(([name]) => random.chance(name === 'program' ? 98 : 20))
  const entries = given.map(([name, row]): [string, unknown] => [name, attribute(name, row, random)])
  if (random.chance(25)) entries.push(['program', '/folder/good.elf'], ['memory', random.pick(['64K', '1M'])])
  for (let i = random.below(3); i > 0; i--) entries.push([random.pick(OTHERS), wild(random)])
  return Object.fromEntries(entries)
}

/** The program itself is damaged now and then: the launch has to say so. */
function files(random: Random): ReadonlyMap<string, Uint8Array> {
  if (!random.chance(20)) return FILES
  const bytes = PROGRAM.slice()
  for (let i = 1 + random.below(4); i > 0; i--) mutate(bytes, 0, bytes.length, random)
  return new Map([...FILES, ['/folder/good.elf', bytes]])
}

async function launch(random: Random): Promise<void> {
  const host = new InMemory(files(random))
  const session = new Session(host)
  const args = configuration(random)
  const ask = async (command: string, given: unknown): Promise<void> => {
    try {
      await session.request(command, given)
    } catch (error) {
      if (!(error instanceof UserError))
        throw new Error(`${command} ${JSON.stringify(given)}`.slice(0, 1000), { cause: error })
    }
  }
  await ask('launch', args)
  await ask('configurationDone', {})
  for (let i = 0; i < 3; i++) host.turn()
  await ask('stackTrace', { threadId: 1 })
  for (const { body } of host.events) JSON.stringify(body)
  await ask('disconnect', {})
  host.turn()
  if (host.waiting > 0) throw new Error('something goes on after the client has left')
}

export const surface: Surface = { small: 3000, run: launch }
