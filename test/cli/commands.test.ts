// The command line as it is installed and as docs/cli.md describes it.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Keys } from '../../src/cli/typedKeys.ts'
import { parseLcov } from '../../src/measure/lcov.ts'
import { until } from '../e2e/support/until.ts'
import { GDB, gdb } from '../support/gdb.ts'
import { buildGuest, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'ppc440-cli-'))
const bin = join(folder, 'bin/ppc440')
const docs = readFileSync('docs/cli.md', 'utf8')

beforeAll(() => {
  execFileSync(process.execPath, ['esbuild.js', '--minify'])
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      encoding: 'utf8',
    }),
  ) as [{ filename: string }]
  execFileSync('npm', ['install', '--global', '--offline', '--silent', '--prefix', folder, join(folder, filename)])
}, 120_000)

function ppc440(args: readonly string[], options: object = {}) {
  const { status, stdout, stderr } = spawnSync(bin, args, { encoding: 'utf8', timeout: 60_000, input: '', ...options })
  return { status, stdout, stderr }
}

describe('installed from its tarball', () => {
  test('the command is there, and every command has help with an example', () => {
    const { status, stdout } = ppc440(['--help'])
    expect(status).toBe(0)
    const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!)
    expect(names).toEqual(['run', 'asm', 'disasm', 'symbols', 'boards', 'merge', 'debug', 'gdb', 'dap', 'completion'])
    for (const name of names) {
      const help = ppc440([name, '--help'])
      expect([name, help.status, help.stderr]).toEqual([name, 0, ''])
      expect(help.stdout).toMatch(/^usage: ppc440 /)
      expect(help.stdout).toMatch(/For example/i)
    }
  })

  test('boards says how much of each is modelled', () => {
    // Counted by hand in the guides of the ML507's parts: 6 registers of the timer (DS573), 8 of the interrupt controller
    // (DS572), 12 of a 16550 with its divisor, 2 and 2, 5 and 5 of GPIO without interrupts and with (DS569).
    const { status, stdout } = ppc440(['boards'])
    expect([status, ...[...stdout.matchAll(/^(\S+)/gm)].map(([name]) => name)]).toEqual([
      ...[0, 'bamboo', 'virtex-ml507', 'sam460ex'],
    ])
    expect(stdout).toMatch(/\nvirtex-ml507 .*\n +7 devices with 40 registers; 3 stubs\n/)
  })

  test('it says which version it is', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(ppc440(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  test.each([
    ['run'],
    ['gdb'],
    ['debug'],
    ['merge'],
    ['run', '--nonsense', 'x.elf'],
    ['run', 'missing.elf'],
    ['completion', 'tcsh'],
  ])('what is wrong is said on standard error, with status 125: %s %s', (...args) => {
    const { status, stdout, stderr } = ppc440(args)
    expect([status, stdout]).toEqual([125, ''])
    expect(stderr).toMatch(/^ppc440: \S/)
    expect(stderr).not.toMatch(/ at .*:\d+:\d+/)
  })

  test('a shell completes commands, options and their values', () => {
    const script = join(folder, 'completion.bash')
    writeFileSync(script, ppc440(['completion', 'bash']).stdout)
    const complete = (...words: readonly string[]) => {
      const list = ['ppc440', ...words].map(word => `'${word}'`).join(' ')
      const text = `source ${script}; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _ppc440; echo "\${COMPREPLY[@]}"`
      return execFileSync('bash', ['-c', text], { encoding: 'utf8' }).trim()
    }
    expect(complete('de')).toBe('debug')
    expect(complete('run', '--cov')).toBe('--coverage')
    expect(complete('gdb', '--machine', 'lin')).toBe('linux-user')
    expect(ppc440(['completion', 'fish']).stdout).toMatch(/__fish_seen_subcommand_from debug.* -l expect/)
    expect(ppc440(['completion', 'zsh']).stdout).toMatch(/bashcompinit/)
  })
})

describe('docs/cli.md', () => {
  const commands = [...docs.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n'))

  test.each(commands.filter(line => !/ gdb /.test(line)))('%s', line => {
    const inFolder = line.replace(/((?<=-o )\S+|\S+\.(?:info|cpuprofile|folded|txt))/g, name =>
      name.replace(/[^=]+$/, last => join(folder, last)),
    )
    const { status, stderr } = spawnSync('bash', ['-c', inFolder], {
      ...{ encoding: 'utf8', input: '', timeout: 60_000 },
      env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    })
    expect([status, stderr.replace(/ppc440: Idle forever.*\n|\{"instructions.*\n/g, '')]).toEqual([0, ''])
  })

  test('leaves what it says it does', () => {
    const all = parseLcov(readFileSync(join(folder, 'all.info'), 'utf8'), 'all.info')
    const one = parseLcov(readFileSync(join(folder, 'out.info'), 'utf8'), 'out.info')
    const main = (files: typeof all) => files.flatMap(({ functions }) => functions.get('main')?.count ?? [])
    expect(main(all)).toEqual(main(one).map(count => 2 * count))
    expect(existsSync(join(folder, 'out.cpuprofile'))).toBe(true)
    expect(readFileSync(join(folder, 'calls.txt'), 'utf8')).toMatch(/> main from/)
  })

  test('knows every option that its examples use', () => {
    const used = new Set(
      [...docs.matchAll(/ppc440 (run|debug|gdb|merge)([^\n]*)/g)].flatMap(([, name, rest]) =>
        [...rest!.matchAll(/(?<= )--([a-z-]+)/g)].map(([, option]) => `${name} ${option}`),
      ),
    )
    for (const each of used) {
      const [name, option] = each.split(' ') as [string, string]
      if (name === 'merge' || option === 'help') continue
      expect(ppc440([name, '--help']).stdout, each).toContain(`--${option}`)
    }
  })
})

test.skipIf(!have(GDB) || !have(GCC))('a Linux process under gdb reads what comes in, up to its end', async () => {
  const program = buildGuest('hello', join(folder, 'hello'))
  const server = spawn(bin, ['gdb', '--machine', 'linux-user', '--port', '0', program, 'docs/cli.md'])
  const ended = new Promise(done => server.on('exit', done))
  let written = ''
  server.stdout.on('data', (data: Buffer) => (written += data))
  const port = await until('the port', () => /listening on .*:(\d+)/.exec(written)?.[1])
  const commands = [`target extended-remote :${port}`, 'continue', 'set args docs/cli.md', 'run', 'monitor exit']
  server.stdin.end('one two three\n')
  const said = await gdb(program, commands)
  await ended
  expect(said.match(/exited with code \d+/g)).toEqual(['exited with code 07', 'exited with code 03'])
  expect(written).toMatch(/3 words[\s\S]*no input/)
})

test('keys: Ctrl-C and Ctrl-A x end it, Ctrl-A gives any other key to the program', () => {
  const typed = (...pieces: readonly string[]) => {
    const keys = new Keys()
    return pieces.map(piece => {
      const taken = keys.take(Uint8Array.from(piece, c => c.charCodeAt(0)))
      return taken === 'quit' ? taken : String.fromCharCode(...taken)
    })
  }
  expect(typed('ab', '\x03')).toEqual(['ab', 'quit'])
  expect(typed('a\x01', 'x')).toEqual(['a', 'quit'])
  expect(typed('\x01\x01\x01\x03x\x01ax')).toEqual(['\x01\x03xax'])
})
