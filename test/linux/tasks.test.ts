// Threads and processes: a run of them is the same however it is cut, on every engine, from any snapshot and in its
// history; what becomes of a program in the place of another; a deadlock has a name.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { EngineName } from '../../src/compiler/engines.ts'
import { ProcessFiles } from '../../src/dap/processFiles.ts'
import { readElf } from '../../src/elf/elf.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import type { Input } from '../../src/machine/inputs.ts'
import { Machine, type MachineExit } from '../../src/machine/machine.ts'
import { type Moment, momentOf } from '../../src/machine/moment.ts'
import { replay, runTo } from '../../src/machine/replay.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'
import { buildGuest, GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const MB = 2 ** 20
const PROGRAMS = ['threads', 'processes', 'signalKinds', 'ipc', 'handedLocks']

describe.skipIf(!have(GCC))('threads and processes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tasks-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const build = (name: string): string => buildGuest(`linux/${name}`, join(directory, name))

  const create = (program: string, engine: EngineName = 'interpreter') => {
    const process = { executable: program, args: [program], environment: [], directory }
    const machine = new Machine({ ramSize: 16 * MB, core: '440ep', reset: 'boot', engine, process }, elfOf(program))
    const output = { text: '' }
    machine.linux!.onOutput = (_, bytes) => (output.text += new TextDecoder().decode(bytes))
    return { machine, output }
  }
  const elfOf = (program: string) => readElf(readFileSync(program))

  /** To the end, in runs of `budget` instructions. */
  const finish = (first: Machine, budget: number, meanwhile = (machine: Machine): Machine => machine) => {
    let machine = first
    for (let runs = 0; runs < 100_000; runs++) {
      const { core } = machine.run({ budget })
      if (core.kind !== 'budget') return { machine, core }
      machine = meanwhile(machine)
    }
    throw new Error('it does not end')
  }

  const endingOf = ({ machine, core }: { machine: Machine; core: MachineExit }, { text }: { text: string }) => ({
    ...{ core, text, state: stateHash(machine), moment: momentOf(machine) },
  })

  test.each(PROGRAMS)('%s: the same however the run is cut, and on each engine', name => {
    const program = build(name)
    const whole = create(program)
    const ending = endingOf(finish(whole.machine, 100_000_000), whole.output)
    expect(ending.text).not.toBe('')
    for (const [engine, budget] of [
      ['interpreter', 1777],
      ['compiler', 100_000_000],
      ['auto', 999],
    ] as const) {
      const other = create(program, engine)
      expect(endingOf(finish(other.machine, budget), other.output)).toEqual(ending)
    }
  })

  test.each(PROGRAMS)('%s: the same from any snapshot, in another machine', name => {
    const program = build(name)
    const whole = create(program)
    const ending = endingOf(finish(whole.machine, 100_000_000), whole.output)
    const [a, b] = [create(program), create(program)]
    const end = finish(a.machine, Math.ceil(ending.moment.retired / 30), machine => {
      const other = machine === a.machine ? b.machine : a.machine
      restoreSnapshot(other, structuredClone(takeSnapshot(machine)))
      return other
    })
    expect(stateHash(end.machine)).toBe(ending.state)
  })

  test.each(['mapped', 'locks', 'past'])(
    '%s: what files are to several processes is the same from any snapshot',
    async name => {
      const program = build(name)
      writeFileSync(join(directory, 'data.txt'), 'alpha\n')
      const files = new ProcessFiles(nodeFiles, directory, program)
      const run = async (budget: number, meanwhile: (machine: Machine) => Machine) => {
        let { machine } = create(program)
        for (;;) {
          const { core } = machine.run({ budget })
          if (core.kind === 'exit') return stateHash(machine)
          if (core.kind === 'wants' && core.request.wants !== 'stdin') machine.accept(await files.answer(core.request))
          machine = meanwhile(machine)
        }
      }
      const whole = await run(100_000_000, machine => machine)
      const pieces = await run(5000, machine => {
        const other = create(program).machine
        restoreSnapshot(other, structuredClone(takeSnapshot(machine)))
        return other
      })
      expect(pieces).toBe(whole)
    },
  )

  test.each(PROGRAMS)('%s: each moment at which a run has stood is come to again', name => {
    const program = build(name)
    const { machine } = create(program)
    const stood: { moment: Moment; thread: number; pc: number }[] = []
    for (let runs = 0; runs < 4000; runs++) {
      const { core } = machine.run({ budget: 1 + ((runs * 7) % 400), stopAtSwitch: true, stopAtHandler: true })
      if (!['budget', 'switched', 'handler'].includes(core.kind)) break
      if (core.kind === 'handler')
        expect([machine.cpu.state.gpr[3], momentOf(machine).turns]).toEqual([core.signal, expect.any(Number)])
      if (core.kind !== 'budget' || runs % 50 === 0) stood.push(where(machine))
    }
    const again = create(program).machine
    for (const place of stood) {
      runTo(again, place.moment)
      expect(where(again)).toEqual(place)
    }
  })

  const where = (machine: Machine) => ({
    ...{ moment: momentOf(machine), thread: machine.linux!.current.id, pc: machine.cpu.pc },
  })

  test('what a debugger has done to a run is repeated with it', () => {
    const program = build('signalKinds')
    const wanted = new Set([10])
    const debugged = create(program)
    let core: MachineExit = { kind: 'budget' }
    for (let stops = 0; core.kind === 'budget' || core.kind === 'signalDue'; stops++) {
      core = debugged.machine.run({ budget: 1_000_000, stopBeforeSignals: wanted }).core
      if (core.kind === 'signalDue' && stops === 1) debugged.machine.accept({ kind: 'signal', signal: 0 })
    }
    const plain = create(program)
    finish(plain.machine, 1_000_000)
    const again = create(program)
    replay(again.machine, debugged.machine.inputs as readonly Input[])
    finish(again.machine, 1_000_000)
    // The second raise(SIGUSR1) did not come to its handler.
    const lost = plain.output.text.split('\n').filter(line => !debugged.output.text.split('\n').includes(line))
    expect([again.output.text, lost]).toEqual([debugged.output.text, ['sig 10 code -6 pid 1 uid 1 value -1']])
  })

  test('another program in the place of one', async () => {
    mkdirSync(join(directory, 'sub'))
    writeFileSync(join(directory, 'data.txt'), 'no program\n')
    writeFileSync(join(directory, 'script'), `#!${join(directory, 'exec')} child\n`, { mode: 0o755 })
    const program = build('exec')
    const { out, status } = await runCommand(['--machine', 'linux-user', program, program], { directory })
    const same = 'handler 0, ignored 1, blocked 1, descriptors -1 1, leader 1'
    expect(out.split('\n')).toEqual([
      `3 arguments, the last of vfork, MARK none, ${same}`,
      'vfork: 42',
      `3 arguments, the last spawned, MARK set, ${same}`,
      'posix_spawn 0',
      'posix_spawn: 42',
      `4 arguments, the last of a script, MARK none, ${same}`,
      'script: 42',
      `3 arguments, the last from a thread, MARK none, ${same}`,
      "a thread's: 42",
      '-1 1 -1 1 -1 1',
      '',
    ])
    expect(status).toBe(0)
  })

  test('a deadlock says who waits for what', async () => {
    const { error, status } = await runCommand(['--machine', 'linux-user', build('deadlock')], { directory })
    expect(error).toMatch(
      /nothing can go on: process 1000 waits for the futex at 0x[0-9a-f]{8}, thread 1001 waits for the futex at 0x[0-9a-f]{8}\n/,
    )
    expect(status).toBe(126)
  })

  test('a lock whose holder has ended says so', async () => {
    const { out } = await runCommand(['--machine', 'linux-user', build('robust')], { directory })
    expect(out).toBe('owner died: 1, consistent: 1\n')
  })

  // qemu-ppc has the bits of these words in the order of its host.
  test('locks that the kernel hands over, as futex(2) has them', async () => {
    const { out } = await runCommand(['--machine', 'linux-user', build('handedLocks')], { directory })
    const [EPERM, ESRCH, EAGAIN, EDEADLK, ETIMEDOUT] = [1, 3, 11, 35, 110]
    expect(out.split('\n')).toEqual([
      `free 0, held 1, again ${EDEADLK}, free again 0, 0, nobody's ${ESRCH}`,
      `not ours: try ${EAGAIN}, unlock ${EPERM}`,
      `for each other ${EDEADLK}`,
      'waited for 1',
      'got it: 0, held 1',
      `too late ${ETIMEDOUT}`,
      'its holder ends: 0, died 1',
      '',
    ])
  })

  test('files are asked for while threads wait', async () => {
    const program = build('exec')
    const files = new ProcessFiles(nodeFiles, directory, program)
    const { machine } = create(program)
    for (let runs = 0; runs < 1000; runs++) {
      const { core } = machine.run({ budget: 10_000 })
      if (core.kind === 'exit') return expect(core.status).toBe(0)
      if (core.kind === 'wants' && core.request.wants !== 'stdin') machine.accept(await files.answer(core.request))
    }
    throw new Error('it does not end')
  })
})
