// Composition root of the command line: `ppc440 COMMAND …`.

import { readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'

type Command = (argv: string[]) => Promise<number>

/** Each is loaded when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./cli/run.ts')).run,
  asm: async () => (await import('./cli/asm.ts')).asm,
  disasm: async () => (await import('./cli/disasm.ts')).disasm,
  symbols: async () => (await import('./cli/symbols.ts')).symbols,
  boards: async () => (await import('./cli/boards.ts')).boards,
  merge: async () => (await import('./cli/merge.ts')).merge,
  debug: async () => (await import('./cli/debug.ts')).debug,
  completion: async () => (await import('./cli/completion.ts')).completion,
  gdb: async () => (await import('./cli/gdb.ts')).gdb,
  dap: async () => (await import('./cli/dap.ts')).dap,
}

const USAGE = `usage: ppc440 COMMAND [options]

  run PROGRAM.elf    run a program to its end
  asm SOURCE.s       a source in assembly into a program
  disasm PROGRAM.elf [FUNCTION | ADDRESS | START-END]...
                     its instructions, with symbols and source lines
  symbols PROGRAM.elf [TEXT]...
                     its functions and variables
  boards [NAME | FILE]
                     the boards that are known, and what one has
  merge OUT.info IN.info...
                     the coverage of several runs as one
  debug PROGRAM.elf  a scripted session: breakpoints, expectations, JSON out
  gdb [--port N] PROGRAM.elf
                     a program for gdb, by its remote protocol
  dap [--port N]     the debug adapter, on standard input and output or on a TCP port
  completion SHELL   a script that completes all this in bash, zsh or fish

ppc440 COMMAND --help says more of each; ppc440 --version which one this is.
`

/** Failures of our own, as opposed to the program's (see \`run\`). */
const OWN_FAILURE = 125

async function main([name, ...argv]: string[]): Promise<number> {
  if (name === '--help' || name === 'help' || name === '-h') {
    process.stdout.write(USAGE)
    return 0
  }
  if (name === '--version') {
    process.stdout.write(`${await version()}\n`)
    return 0
  }
  const load = name === undefined ? undefined : commands[name]
  if (!load) {
    process.stderr.write(name === undefined ? USAGE : `ppc440: there is no command "${name}"\n\n${USAGE}`)
    return OWN_FAILURE
  }
  const command = await load()
  return command(argv)
}

/** That of the package that this file is in, wherever a link to it leads from. */
async function version(): Promise<string> {
  const path = join(dirname(await realpath(process.argv[1]!)), '../package.json')
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string }
  return version
}

main(process.argv.slice(2)).then(
  status => {
    // Lets what has been written get out, unlike process.exit(); standard input alone does not keep us.
    process.exitCode = status
    process.stdin.unref?.()
  },
  (error: unknown) => {
    process.stderr.write(`ppc440: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = OWN_FAILURE
  },
)
