// `ppc440 debug`: a debug session without a screen, for scripts and for tests.

import { readFileSync } from 'node:fs'
import { createDebuggee } from '../debuggee/launch.ts'
import { Target } from '../debuggee/target.ts'
import { nodeTiming } from '../host/node.ts'
import { COMMANDS_HELP, parseExpectation, parseLine, parseScript, type ScriptLine } from '../script/parse.ts'
import { type ScriptRecord, ScriptSession } from '../script/session.ts'
import { matchPath } from '../util/paths.ts'
import { UserError } from '../util/userError.ts'
import { machineOf, processFilesOf } from './machineOf.ts'
import { MACHINE_USAGE, type OwnValues, parseMachineOptions, readFiles } from './machineOptions.ts'
import { readWhole } from './program.ts'

export const USAGE = `usage: ppc440 debug [options] program.elf [arguments]

  --script FILE      commands, one in each line; # begins a comment
  --do COMMAND       one command; may be given several times
  --expect TEXT      LOCATION [with EXPRESSION] [within N]: the program comes there; may be given several times
  --soft             breakpoints that find no comparator free get a trap word
${MACHINE_USAGE}

For example: ppc440 debug --expect 'main.c:40 with count == 3 within 2M' program.elf

Commands of a script, in which expressions are those of Watch:
${COMMANDS_HELP}

What happens is written on standard output as JSON, a line for each thing (docs/cli.md). Without any command the program
runs to its end. Exit status: 0 when all expectations were met; 1 when one was not; 124 when "within" ran out; 125 for a
script that cannot be carried out, and for our own failures.`

export const DEBUG_OPTIONS = {
  script: { type: 'string' },
  do: { type: 'string', multiple: true },
  expect: { type: 'string', multiple: true },
  soft: { type: 'boolean', default: false },
} as const

export async function debug(
  argv: readonly string[],
  write: (line: string) => void = line => void process.stdout.write(`${line}\n`),
): Promise<number> {
  const parsed = parseMachineOptions('debug', argv, DEBUG_OPTIONS)
  if (parsed === undefined) {
    write(USAGE)
    return 0
  }
  const { choice, values } = parsed
  const lines = linesOf(values)
  const files = await readFiles(choice)
  const elf = await readWhole(files.program, choice.program)
  const directory = process.cwd()
  const decoder = new TextDecoder()
  let text = ''
  const debuggee = createDebuggee(elf, {
    ...machineOf(choice, files, directory),
    interactive: false,
    pace: choice.pace,
    filesMeant: path => ({ files: [...matchPath(path, paths())] }),
    onTransmit(_, output) {
      text += decoder.decode(typeof output === 'number' ? Uint8Array.of(output) : output, { stream: true })
    },
  })
  const paths = (): string[] => debuggee.program.symbols.files().map(({ path }) => path)
  const processFiles = processFilesOf(choice, directory)
  const flush = (): void => {
    const written = text
    text = ''
    if (written !== '') session.wrote(written)
  }
  const target = new Target(debuggee, {
    now: nodeTiming.now,
    schedule: (task, ms) =>
      nodeTiming.schedule(() => {
        flush()
        session.beforeSlice()
        task()
      }, ms),
    answer: request => processFiles.answer(request),
    outputWait: () => 0,
  })
  target.breakpoints.reserves = { reserved: [], softAllowed: values.soft === true }
  const session: ScriptSession = new ScriptSession(target, (record: ScriptRecord) => {
    // What the program has written comes before what is said about it.
    if (record.event !== 'output') flush()
    write(JSON.stringify(record))
  })
  return await session.run(lines)
}

/** @throws UserError */
function linesOf({ script, do: commands, expect }: OwnValues): readonly ScriptLine[] {
  const list = (value: OwnValues[string]): readonly string[] => (Array.isArray(value) ? value : [])
  const lines = [
    ...(typeof script === 'string' ? parseScript(readScript(script), script) : []),
    ...list(commands).map(text => parseLine(text, '--do')),
    ...list(expect).flatMap(text => parseExpectation(text, '--expect')),
  ]
  return lines.length > 0 ? lines : [parseLine('continue', '')]
}

function readScript(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError('unreadable', `cannot read ${path}: ${why}`, 'give the path of a script')
  }
}
