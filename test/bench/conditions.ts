// What a breakpoint costs whose condition is false: in our target, and in gdb at qemu-ppc, in one run. Microseconds of
// processor time for each time it is judged.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { buildWithSource } from './build.ts'
import { bundle, median, timed } from './measure.ts'

const ROUNDS = 1_000_000
/** gdb is asked so often, twice, and the difference counts: what it takes to start is none of it. */
const GDB_ROUNDS = [200, 1200] as const
const CONDITION = 'i == -1'

/** Both end when the program does. */
const GDB = `
qemu-ppc -g "$1" "$2" "$3" &
shift
gdb-multiarch -nx -batch -iex 'set tcp connect-timeout 30' -ex 'set sysroot /' -ex "target remote :$PORT" "\${@:3}" -ex continue "$1"
wait`

export function measureConditions(runs: number) {
  const { program, source } = buildWithSource('conditions')
  const text = readFileSync(source, 'utf8').split('\n')
  const lineOf = (name: string): number => text.findIndex(line => line.includes(`/* ${name} */`)) + 1
  const ours = bundle('conditionsOurs')
  return [['one'], ['one', 'two', 'three', 'four']].map(names => {
    const lines = names.map(lineOf)
    const rounds = Array.from({ length: runs }, () => ({
      ours: inOurs(ours, program, lines),
      gdb: inGdb(program, lines),
    }))
    const [us, gdb] = [median(rounds.map(each => each.ours)), median(rounds.map(each => each.gdb))]
    return { armed: names.length, ours: Number(us.toFixed(2)), gdb: Math.round(gdb), times: Math.round(gdb / us) }
  })
}

function inOurs(ours: string, program: string, lines: readonly number[]): number {
  const breakpoints = lines.map(line => `${line}:${CONDITION}`)
  const { stdout } = spawnSync(process.execPath, [ours, program, String(ROUNDS), ...breakpoints], { encoding: 'utf8' })
  return (JSON.parse(stdout) as { microseconds: number }).microseconds
}

function inGdb(program: string, lines: readonly number[]): number {
  const breaks = lines.flatMap(line => ['-ex', `break conditions.c:${line} if ${CONDITION}`])
  const seconds = GDB_ROUNDS.map(rounds => {
    const port = String(20_000 + (process.pid % 20_000))
    const { output, seconds } = timed([
      ...['env', `PORT=${port}`, 'bash', '-c', GDB, '-', port, program, String(rounds), ...breaks],
    ])
    if (!output.includes('exited normally')) throw new Error(`gdb: ${output}`)
    return seconds
  })
  return ((seconds[1]! - seconds[0]!) * 1e6) / ((GDB_ROUNDS[1] - GDB_ROUNDS[0]) * lines.length)
}
