// gawk's own tests: what the rule of each in their makefile has gawk do, with its options, files and input.

import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from './compare.ts'

/**
 * What depends on when and where it runs, wants extensions, a network or the shell's own gawk, starts
 * itself again, or takes minutes.
 */
const NOT_HERE =
  /^(strftime.*|strftfld|time|rwarray.*|readfile.*|readdir.*|fork.*|filefuncs|fnmatch|inplace.*|ordchr.*|revout|revtwoway|testext|apiterm|getfile|inetecho|inetdayu|localenl|randtest|timeout|sleep|backsmalls?1?|clos1way\d*|getlnhd|pid|manyfiles|pty\d|nonfatal[13]|dbugeval4)$/

/** A test, as its rule has it. */
interface Rule {
  readonly args: readonly string[]
  /** A file that is its standard input. */
  readonly input: string | undefined
}

/** @param directory of the tests */
export function gawkTests(directory: string, program: string): ReadonlyMap<string, Case> {
  const entries = readdirSync(directory, { withFileTypes: true })
  const there = new Set(entries.filter(entry => entry.isFile()).map(({ name }) => name))
  const rules = new Map(['Makefile.am', 'Maketests'].flatMap(file => [...rulesIn(read(directory, file))]))
  const cases = [...there]
    .filter(file => file.endsWith('.awk'))
    .map(file => file.slice(0, -4))
    .filter(name => !NOT_HERE.test(name))
    .map((name): [string, Case] => {
      const { args, input } = rules.get(name) ?? { args: ['-f', `${name}.awk`], input: undefined }
      const files = filesOf(directory, there, [`${name}.awk`, ...args, ...(input === undefined ? [] : [input])])
      const wanted = there.has(`${name}.ok`) ? read(directory, `${name}.ok`) : undefined
      return [
        name,
        {
          ...{ program, shell: true, commands: [args] },
          input: input === undefined || !there.has(input) ? '' : read(directory, input),
          scratch(target) {
            for (const file of files) cpSync(join(directory, file), join(target, file))
          },
          ...(wanted === undefined ? {} : { isRight: ({ out, error }) => out === wanted || error + out === wanted }),
        },
      ]
    })
  return new Map(cases)
}

const read = (directory: string, file: string): string => readFileSync(join(directory, file), 'latin1')

/** The rules that have gawk do one thing, by their names. */
function rulesIn(makefile: string): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>()
  for (const rule of makefile.split(/\n(?=\w[\w-]*:)/)) {
    const name = /^([\w-]+):/.exec(rule)?.[1]
    const commands = rule.split('\n').filter(line => line.includes('$(AWK)'))
    const command = commands.length === 1 ? ruleOf(name ?? '', commands[0]!) : undefined
    if (name !== undefined && command !== undefined) rules.set(name, command)
  }
  return rules
}

/** The command `[VARIABLE=VALUE] $(AWK) arguments [< input] > output`; undefined where there is more to it. */
function ruleOf(name: string, line: string): Rule | undefined {
  const [, rest] = /^\s*@?-?(?:\w+="?[^"\s]*"?\s+)*\$\(AWK\)\s+(.*)$/.exec(line) ?? []
  if (rest === undefined || rest.endsWith('\\')) return undefined
  const plain = rest
    .replaceAll(/"\$\(srcdir\)"\/|\$\(srcdir\)\//g, '')
    .replaceAll(/"\$\(srcdir\)"|\$\(srcdir\)/g, '.')
    .replaceAll('$@', name)
    .replaceAll('$$', '$')
  const words: readonly string[] = plain.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  const end = words.findIndex(word => /^(\d?>|<|\|)/.test(word))
  const args = words.slice(0, end < 0 ? undefined : end).map(word => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'))
  if (plain.includes('$(') || args.some(word => word.endsWith(';'))) return undefined
  return { args, input: words[words.indexOf('<') + 1 || words.length] }
}

/** The files among those there that are named, or that a script which is named names. */
function filesOf(directory: string, there: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (word: string): void => {
    const name = word.replace(/^.*=/, '').replace(/^\.\//, '')
    for (const file of [name, `${name}.awk`]) {
      if (!there.has(file) || found.has(file)) continue
      found.add(file)
      if (file.endsWith('.awk')) for (const each of read(directory, file).match(/[\w.-]+/g) ?? []) add(each)
    }
  }
  for (const name of names) add(name)
  return found
}
