// `npm run test:gdb:suite [TEST…]`: gdb's own tests (gdb.base, from Debian's source package, by DejaGnu) at our server of
// Linux processes and at the stub of QEMU's qemu-ppc: how many pass at each, and which pass at QEMU's alone. About half an
// hour for each. Run by hand, as root the first time: it installs DejaGnu and fetches the tests.

import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { have } from '../../support/tools.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const here = join(root, 'test/gdb/suite')
const cache = join(root, '.cache/guests')
const suite = join(cache, 'src/gdb/gdb/testsuite')

const STUBS = ['ppc440', 'qemu'] as const
type Stub = (typeof STUBS)[number]

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
    text.replace(/(\nproc gdbserver_exit[\s\S]*?\n\t +expect \{\n\t\t)(?!-timeout)/, '$1-timeout 1 '),
  )
}

/** Runs the tests at one stub. @returns DejaGnu's summary */
async function run(stub: Stub, tests: readonly string[], cli: string): Promise<string> {
  const folder = join(cache, 'gdb-suite', stub)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const host = 'x86_64-pc-linux-gnu'
  const site = [
    ...[`set host_triplet ${host}`, `set build_triplet ${host}`, 'set target_triplet powerpc-unknown-linux-gnu'],
    ...[
      `set srcdir ${suite}`,
      'set tool gdb',
      'set enable_libctf no',
      'source ${srcdir}/lib/append_gdb_boards_dir.exp',
    ],
    ...[`lappend boards_dir ${here}`, 'set GDB gdb-multiarch', 'set GDB_DATA_DIRECTORY /usr/share/gdb', ''],
  ]
  writeFileSync(join(folder, 'site.exp'), site.join('\n'))
  const child = spawn('runtest', ['--target_board=ppc440', ...tests.map(test => `gdb.base/${test}`)], {
    cwd: folder,
    env: { ...process.env, PPC440_SERVER: join(here, 'server.sh'), PPC440_STUB: stub, PPC440_CLI: cli },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (data: Buffer) => {
    for (const [, test] of String(data).matchAll(/Running .*\/(\S+\.exp) /g)) process.stderr.write(`${stub} ${test}\n`)
    said += data
  })
  await new Promise(done => child.on('exit', done))
  if (!said.includes('=== gdb Summary ===')) throw new Error(`runtest failed:\n${said.slice(-2000)}`)
  return readFileSync(join(folder, 'gdb.sum'), 'latin1')
}

/** By test and then by what is checked in it: PASS, FAIL and what else DejaGnu says. */
function outcomes(summary: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>()
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

const count = (all: Map<string, Map<string, string>>, outcome: string): number =>
  [...all.values()].reduce((sum, checks) => sum + [...checks.values()].filter(each => each === outcome).length, 0)

async function main(): Promise<void> {
  prepare()
  const asked = process.argv.slice(2).map(name => (name.endsWith('.exp') ? name : `${name}.exp`))
  const tests =
    asked.length > 0 ? asked : readdirSync(join(suite, 'gdb.base')).filter(name => name.endsWith('.exp') && isFit(name))
  const cli = join(cache, 'gdb-suite', 'cli.cjs')
  buildSync({ entryPoints: [join(root, 'src/cli.ts')], outfile: cli, bundle: true, platform: 'node', format: 'cjs' })
  const results = new Map<Stub, Map<string, Map<string, string>>>()
  for (const stub of STUBS) results.set(stub, outcomes(await run(stub, tests, cli)))
  for (const [stub, all] of results)
    console.log(`${stub.padEnd(8)} ${count(all, 'PASS')} pass, ${count(all, 'FAIL')} fail, of ${all.size} tests`)
  const [ours, theirs] = STUBS.map(stub => results.get(stub)!) as [
    Map<string, Map<string, string>>,
    Map<string, Map<string, string>>,
  ]
  for (const [test, checks] of theirs) {
    const alone = [...checks].filter(([name, outcome]) => outcome === 'PASS' && ours.get(test)?.get(name) !== 'PASS')
    if (alone.length > 0) console.log(`${basename(test)}: ${alone.length} pass at QEMU's alone`)
    for (const [name] of alone.slice(0, 5))
      console.log(`    ${ours.get(test)?.get(name) ?? 'not reached'}  ${name.slice(test.length + 2)}`)
  }
}

void main()
