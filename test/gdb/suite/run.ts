// `npm run test:gdb:suite [TEST…]`: gdb's own tests (gdb.base, from Debian's source package, by DejaGnu) at our server of
// Linux processes and at the stub of QEMU's qemu-ppc: how many pass at each, and which pass at QEMU's alone. About an hour
// for both, side by side; `--resume` goes on where a run was ended, `--report` says how far it is. Run by hand, as root
// the first time: it installs DejaGnu and fetches the tests.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildSync } from 'esbuild'
import { have } from '../../support/tools.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const here = join(root, 'test/gdb/suite')
const cache = join(root, '.cache/guests')
const suite = join(cache, 'src/gdb/gdb/testsuite')

const STUBS = ['ppc440', 'qemu'] as const
type Stub = (typeof STUBS)[number]

/** A server may still hold its port when the next is begun: each test at each stub has ports of its own. */
const FIRST_PORT: Readonly<Record<Stub, number>> = { ppc440: 10_000, qemu: 20_000 }
const PORTS = 25

/** A test that starts no program says nothing of a stub. */
const STARTS = /\brunto|gdb_run_cmd|start_cmd|gdbserver/

/** By name: what is none of a stub for one statically linked process. */
const OTHERS: Readonly<Record<string, RegExp>> = {
  'shared libraries and their loader':
    /solib|^shlib|^so-|dlopen|^dlmopen|^dso2dso|^unload|^rtld|^shreloc|^prelink|^global-var-nested|^symtab-search|^jit|^info-shared|^break-(interp|probes)|^print-symbol-loading|-pie\b|^catch-load|^stap|^gnu-ifunc|^gdb1090/,
  'processes beside it, and attaching':
    /^attach|fork|exec[l-]|^foll|^checkpoint|^catch-follow|daemon|^(run|kill)-.*attach|^run-after|^inferior-died|^kill-detach|^siginfo-thread/,
  'files of the host, or of other tools':
    /^fileio|corefile|^coredump|^bigcore|^gcore-|^info-os|^valgrind|^ctf-|^chng-syms|^sepsymtab|^dup-sect|^relocate|^auto-load|^share-env|^term\b/,
  'other processors': /^all-arch|^mips|^memtag|^float128|^step-indirect|^libsegfault|^morestack|^offsets/,
}

const isFit = (file: string): boolean =>
  !Object.values(OTHERS).some(names => names.test(file)) &&
  STARTS.test(readFileSync(join(suite, 'gdb.base', file), 'latin1'))

function prepare(): void {
  if (!have('runtest')) {
    const install = ['-o', 'DPkg::Lock::Timeout=900', '-qq', 'install', '-y', '--no-install-recommends', 'dejagnu']
    if (spawnSync('apt-get', install, { stdio: 'inherit' }).status !== 0) throw new Error('no DejaGnu')
  }
  const fetched = spawnSync('bash', [join(root, 'scripts/guests/sources.sh'), 'gdb'], { stdio: 'inherit' })
  if (fetched.status !== 0) throw new Error('the tests could not be fetched')
  // A stub that knows no "monitor exit" is waited for in vain, ten seconds at the end of every test.
  const support = join(suite, 'lib/gdbserver-support.exp')
  const text = readFileSync(support, 'utf8')
  writeFileSync(
    support,
    text
      .replace('set portnum "2345"', 'set portnum $::env(PPC440_PORT)')
      .replace(/(\nproc gdbserver_exit[\s\S]*?\n\t +expect \{\n\t\t)(?!-timeout)/, '$1-timeout 1 '),
  )
}

/** What of a run is at one place. */
interface Run {
  readonly folder: string
  /** The command line program, as it is when the run begins. */
  readonly cli: string
  readonly tests: readonly string[]
}

/** The summary of a test at a stub, once it has come to its end. */
const summaryOf = ({ folder }: Run, stub: Stub, test: string): string => join(folder, stub, test, 'gdb.sum')

function begin(run: Run, stub: Stub): void {
  const host = 'x86_64-pc-linux-gnu'
  const site = [
    ...[`set host_triplet ${host}`, `set build_triplet ${host}`, 'set target_triplet powerpc-unknown-linux-gnu'],
    ...[`set srcdir ${suite}`, 'set tool gdb', 'set enable_libctf no'],
    ...['source ${srcdir}/lib/append_gdb_boards_dir.exp', `lappend boards_dir ${here}`],
    ...['set GDB gdb-multiarch', 'set GDB_DATA_DIRECTORY /usr/share/gdb', ''],
  ]
  mkdirSync(join(run.folder, stub), { recursive: true })
  writeFileSync(join(run.folder, stub, 'site.exp'), site.join('\n'))
}

/** Runs those of the tests that have no result yet, one after the other: what is done stays done. */
async function go(run: Run, stub: Stub): Promise<void> {
  begin(run, stub)
  for (const [i, test] of run.tests.entries()) {
    if (existsSync(summaryOf(run, stub, test))) continue
    process.stderr.write(`${stub} ${test} (${i + 1} of ${run.tests.length})\n`)
    const results = `${test}.begun`
    const child = spawn(
      'runtest',
      ['--target_board=ppc440', `--outdir=${results}`, 'GDB_PARALLEL=yes', `gdb.base/${test}`],
      {
        cwd: join(run.folder, stub),
        env: {
          ...process.env,
          ...{ PPC440_SERVER: join(here, 'server.sh'), PPC440_STUB: stub, PPC440_CLI: run.cli },
          PPC440_PORT: String(FIRST_PORT[stub] + i * PORTS),
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    let said = ''
    child.stdout.on('data', data => (said += data))
    mkdirSync(join(run.folder, stub, results), { recursive: true })
    await new Promise(done => child.on('exit', done))
    if (!said.includes('=== gdb Summary ==='))
      console.log(`${stub} ${test} has not come to its end: ${said.slice(-2000)}`)
    else renameSync(join(run.folder, stub, results), join(run.folder, stub, test))
  }
}

/** By test and then by what is checked in it: PASS, FAIL and what else DejaGnu says. */
type Outcomes = Map<string, Map<string, string>>

function outcomes(summary: string): Outcomes {
  const found: Outcomes = new Map()
  let test = new Map<string, string>()
  for (const line of summary.split('\n')) {
    const [, file] = /^Running .*\/(gdb\.base\/\S+\.exp) /.exec(line) ?? []
    if (file !== undefined) found.set(file, (test = new Map()))
    const [, outcome, name] =
      /^([A-Z]+): (gdb\.base.*?)( \((timeout|the program .*|eof|got interactive prompt)\))?$/.exec(line) ?? []
    if (outcome !== undefined && name !== undefined && !test.has(name)) test.set(name, outcome)
  }
  return found
}

const count = (all: Outcomes, outcome: string): number =>
  [...all.values()].reduce((sum, checks) => sum + [...checks.values()].filter(each => each === outcome).length, 0)

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { resume: { type: 'boolean' }, report: { type: 'boolean' } },
    allowPositionals: true,
  })
  prepare()
  const asked = positionals.map(name => (name.endsWith('.exp') ? name : `${name}.exp`))
  const folder = join(cache, 'gdb-suite', asked.length > 0 ? 'some' : 'all')
  const tests =
    asked.length > 0 ? asked : readdirSync(join(suite, 'gdb.base')).filter(name => name.endsWith('.exp') && isFit(name))
  const run = { folder, tests, cli: join(folder, 'cli.cjs') }
  if (values.report !== true) {
    if (values.resume !== true) rmSync(folder, { recursive: true, force: true })
    const whole = { bundle: true, platform: 'node', format: 'cjs' } as const
    buildSync({ entryPoints: [join(root, 'src/cli.ts')], outfile: run.cli, ...whole })
    await Promise.all(STUBS.map(stub => go(run, stub)))
  }
  report(run)
}

/** Of the tests that have come to their end at both. */
function report(run: Run): void {
  const done = run.tests.filter(test => STUBS.every(stub => existsSync(summaryOf(run, stub, test))))
  const all = (stub: Stub): Outcomes =>
    outcomes(done.map(test => readFileSync(summaryOf(run, stub, test), 'latin1')).join('\n'))
  const [ours, theirs] = [all('ppc440'), all('qemu')]
  for (const [stub, found] of [
    ['ppc440', ours],
    ['qemu', theirs],
  ] as const)
    console.log(`${stub.padEnd(8)} ${count(found, 'PASS')} pass, ${count(found, 'FAIL')} fail, of ${found.size} tests`)
  for (const [test, checks] of theirs) {
    const alone = [...checks].filter(([name, outcome]) => outcome === 'PASS' && ours.get(test)?.get(name) !== 'PASS')
    if (alone.length > 0) console.log(`${basename(test)}: ${alone.length} pass at QEMU's alone`)
    for (const [name] of alone.slice(0, 5))
      console.log(`    ${ours.get(test)?.get(name) ?? 'not reached'}  ${name.slice(test.length + 2)}`)
  }
}

void main()
