// `ppc440 completion`: scripts by which a shell completes commands and options, made from the tables of options.

import { MACHINE_NAMES } from '../boards/chosen.ts'
import { CORE_NAMES } from '../boards/cores.ts'
import { UserError } from '../util/userError.ts'
import { ASM_OPTIONS } from './asm.ts'
import { BOARDS_OPTIONS } from './boards.ts'
import { DEBUG_OPTIONS } from './debug.ts'
import { GDB_OPTIONS } from './gdb.ts'
import { MACHINE_OPTIONS } from './machineOptions.ts'
import { RUN_OPTIONS } from './runOptions.ts'

export const USAGE = `usage: ppc440 completion bash|zsh|fish

A script for the shell that completes commands and their options. For example, in ~/.bashrc:
  eval "$(ppc440 completion bash)"`

type Options = Readonly<Record<string, { readonly type: string }>>

const COMMANDS: Readonly<Record<string, Options>> = {
  run: { ...MACHINE_OPTIONS, ...RUN_OPTIONS },
  debug: { ...MACHINE_OPTIONS, ...DEBUG_OPTIONS },
  gdb: { ...MACHINE_OPTIONS, ...GDB_OPTIONS },
  asm: ASM_OPTIONS,
  boards: BOARDS_OPTIONS,
  merge: { help: { type: 'boolean' } },
  disasm: { help: { type: 'boolean' } },
  symbols: { help: { type: 'boolean' } },
  dap: { port: { type: 'string' }, help: { type: 'boolean' } },
  completion: {},
}

/** Options whose values are of a list. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  machine: MACHINE_NAMES,
  core: CORE_NAMES,
  engine: ['auto', 'compiler', 'interpreter'],
  pace: ['max', 'real'],
  trace: ['insns=', 'calls=', 'events='],
}

const flags = (options: Options): string =>
  Object.keys(options)
    .map(name => `--${name}`)
    .join(' ')

function bash(): string {
  const options = Object.entries(COMMANDS).map(([name, each]) => `    ${name}) words="${flags(each)}" ;;`)
  const values = Object.entries(VALUES).map(
    ([name, each]) =>
      `    --${name}) words="${each.join(' ')}"; COMPREPLY=($(compgen -W "$words" -- "$word")); return ;;`,
  )
  return `_ppc440() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${Object.keys(COMMANDS).join(' ')}" -- "$word"))
    return
  fi
  case "$before" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${options.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _ppc440 ppc440
`
}

const zsh = (): string => `autoload -U +X bashcompinit && bashcompinit
${bash()}`

function fish(): string {
  const rows = Object.entries(COMMANDS).flatMap(([name, options]) => [
    `complete -c ppc440 -n __fish_use_subcommand -a ${name}`,
    ...Object.entries(options).map(([option, { type }]) => {
      const values = VALUES[option]
      const takes = type === 'boolean' ? '' : values === undefined ? ' -r -F' : ` -x -a "${values.join(' ')}"`
      return `complete -c ppc440 -n "__fish_seen_subcommand_from ${name}" -l ${option}${takes}`
    }),
  ])
  return `${rows.join('\n')}\n`
}

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish }

export async function completion([shell = '--help']: string[]): Promise<number> {
  if (shell === '--help' || shell === '-h') {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (script === undefined)
    throw new UserError('no-shell', `there is no completion for ${shell}`, 'write bash, zsh or fish')
  process.stdout.write(script())
  return 0
}
