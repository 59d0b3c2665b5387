// `ppc440 boards`: the boards that are known by name, and what a file describes.

import { parseArgs } from 'node:util'
import { buildBoard } from '../boards/build.ts'
import { BUILT_IN_BOARDS } from '../boards/builtIn.ts'
import { chooseMachine, LINUX_USER } from '../boards/chosen.ts'
import { CORES } from '../boards/cores.ts'
import type { BoardDescription } from '../boards/description.ts'
import { DEVICE_KINDS } from '../boards/deviceKinds.ts'
import { writeBoard } from '../boards/write.ts'
import { FLASH_CHIPS } from '../devices/flashChips.ts'
import { devicesOf } from '../machine/devices.ts'
import { UserError } from '../util/userError.ts'
import { readFile } from './program.ts'

export const USAGE = `usage: ppc440 boards [NAME | FILE.json | FILE.dtb]
       ppc440 boards --kinds

Without an argument: the boards that --machine knows by name. With one: the description of that board, which may be the
beginning of one of your own. A file is checked; what of a device tree is not known becomes a stub.

  --kinds    what devices and cores a board may have (docs/boards.md says how)

For example: ppc440 boards board.dtb > mine.json`

export const BOARDS_OPTIONS = {
  kinds: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export async function boards(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv)
  if (values.help) say(USAGE)
  else if (values.kinds) say(kinds())
  else if (positionals.length > 1) throw new UserError('bad-option', `${positionals[1]} is one too many`, ADVICE)
  else if (positionals[0] !== undefined) say(await described(positionals[0]))
  else say(BUILT_IN_BOARDS.flatMap(builtIn).join('\n'))
  return 0
}

const ADVICE = 'see ppc440 boards --help'

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, allowPositionals: true, options: BOARDS_OPTIONS })
  } catch (error) {
    throw new UserError('bad-option', (error as Error).message, ADVICE)
  }
}

const say = (text: string): void => void process.stdout.write(`${text.trimEnd()}\n`)
const row = (name: string, text: string): string => `${name.padEnd(14)} ${text}`

/** What it is, and how much of it is modelled. */
function builtIn(board: BoardDescription): string[] {
  const { name, core, text } = board
  // What is in its memories does not matter, nor how large they are.
  const bare = { ...board, memories: [], aliases: [] }
  const all = devicesOf(buildBoard(bare, { ramSize: 1 << 20, core, cached: false, engine: 'interpreter' }).cpu)
  const modelled = all.filter(({ registers }) => registers.length > 0)
  const registers = modelled.reduce((sum, each) => sum + each.registers.length, 0)
  const stubs = board.devices.filter(({ type }) => type === 'stub').length
  return [
    row(name, `${text} (${CORES[core].text})`),
    row('', `  ${modelled.length} devices with ${registers} registers; ${stubs} stubs`),
  ]
}

async function described(machine: string): Promise<string> {
  const { board } = await chooseMachine({ machine, ramSize: undefined, core: undefined }, readFile)
  if (board === undefined) throw new UserError('board', `${LINUX_USER} has no board`, ADVICE)
  return writeBoard(board)
}

function kinds(): string {
  const devices = Object.entries(DEVICE_KINDS).flatMap(([name, { text, outputs, options }]) => [
    row(name, text),
    ...(outputs.length > 0 ? [row('', `  interrupts: ${outputs.join(', ')}`)] : []),
    ...Object.entries(options).map(([option, { text, isRequired }]) =>
      row('', `  ${option}${isRequired === true ? '' : ' (or not)'}: ${text}`),
    ),
  ])
  const cores = Object.entries(CORES).map(([name, { text }]) => row(name, text))
  const chips = Object.values(FLASH_CHIPS).map(({ name, text }) => row(name, text))
  return ['devices', ...devices, '', 'cores', ...cores, '', 'flash chips', ...chips].join('\n')
}
