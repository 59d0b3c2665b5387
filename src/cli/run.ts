// `ppc440 run`: a program from its entry to its end, UART0 on stdin and stdout.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { memory } from '../dap/launchArguments.ts'
import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import { Machine } from '../machine/machine.ts'
import { Program } from '../target/program.ts'
import { judgeFinalExit } from '../target/verdicts.ts'
import { UserError } from '../util/userError.ts'

export const USAGE = `usage: ppc440 run [options] program.elf

  --memory SIZE     RAM, for example 64M (default 128M)
  --core NAME       440ep (default) or 440-nofpu
  --max-insns N     stop after N instructions
  --stats           print one line of JSON on stderr at the end

Exit status: the low byte of r3 after a reset through DBCR0[RST] or the watchdog; 0 when the program is idle
forever; 124 when --max-insns ran out; 126 when the core cannot go on; 125 for our own failures.`

const EXIT = { budget: 124, ours: 125, stuck: 126 } as const
const SLICE = 5_000_000

/** @returns the exit status. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    return await runProgram(argv)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const known = error instanceof UserError || error instanceof ElfError || 'code' in error
    process.stderr.write(`ppc440: ${known ? error.message : (error.stack ?? error.message)}\n`)
    return EXIT.ours
  }
}

async function runProgram(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      memory: { type: 'string', default: '128M' },
      core: { type: 'string', default: '440ep' },
      'max-insns': { type: 'string' },
      stats: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const path = positionals[0]
  if (values.help || path === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return values.help ? 0 : EXIT.ours
  }
  const core = values.core
  if (core !== '440ep' && core !== '440-nofpu')
    throw new UserError('bad-option', `--core is ${core}`, 'it must be 440ep or 440-nofpu')
  const most = values['max-insns'] === undefined ? Number.POSITIVE_INFINITY : Number(values['max-insns'])
  if (Number.isNaN(most) || most < 0)
    throw new UserError('bad-option', `--max-insns is ${values['max-insns']}`, 'it must be a number of instructions')

  const elf = readElf(readFileSync(path), path)
  const machine = new Machine({ ramSize: memory(values.memory), core, reset: 'boot' }, elf)
  const program = new Program(elf, name => name)
  connect(machine)
  const started = performance.now()
  const status = await runToEnd(machine, program, most)
  if (values.stats) printStats(machine, (performance.now() - started) / 1000)
  process.stdin.pause()
  return status
}

/** UART0: what the guest sends goes to stdout, what is typed goes to it. */
function connect(machine: Machine): void {
  machine.uarts[0]!.onTransmit = byte => process.stdout.write(Uint8Array.of(byte))
  process.stdin.on('data', (data: Buffer) => machine.uartInput(0, [...data]))
}

async function runToEnd(machine: Machine, program: Program, most: number): Promise<number> {
  for (;;) {
    const left = most - machine.retired
    if (left <= 0) {
      process.stderr.write(`ppc440: stopped after ${machine.retired} instructions\n`)
      return EXIT.budget
    }
    const exit = machine.run(Math.min(left, SLICE)).core
    printDiagnostics(machine, program)
    if (exit?.kind === 'idle' || exit?.kind === 'reset' || exit?.kind === 'stuck') {
      const verdict = judgeFinalExit(exit, machine, program)
      if (verdict.kind === 'end') {
        if (exit.kind === 'idle') process.stderr.write(`ppc440: ${verdict.end.text}\n`)
        return verdict.end.exitCode
      }
      if (verdict.kind === 'stop')
        process.stderr.write(`ppc440: ${verdict.stop.description}. ${verdict.stop.text ?? ''}\n`)
      return EXIT.stuck
    }
    // Typed bytes arrive between slices.
    await new Promise(resume => setImmediate(resume))
  }
}

function printDiagnostics(machine: Machine, program: Program): void {
  for (const { pc, text } of machine.cpu.diagnostics.splice(0))
    process.stderr.write(`ppc440: ${program.describe(pc >>> 0)}: ${text}\n`)
}

function printStats(machine: Machine, seconds: number): void {
  const instructions = machine.retired
  const mips = Number((instructions / seconds / 1e6).toFixed(1))
  process.stderr.write(
    `${JSON.stringify({ instructions, seconds: Number(seconds.toFixed(3)), mips, engine: 'interp' })}\n`,
  )
}
