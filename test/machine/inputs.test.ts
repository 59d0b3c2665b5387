// Runs that repeat: the log of inputs, snapshots, and the hash that compares them, on the board and for a process.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import type { HostEntry } from '../../src/linux/host.ts'
import type { Input } from '../../src/machine/inputs.ts'
import { Machine } from '../../src/machine/machine.ts'
import { replay } from '../../src/machine/replay.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'
import { encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { have } from '../support/tools.ts'

const MB = 1 << 20
const ENTRY = 0x1000

/** Reads UART0 for ever and adds what comes, with the time at which it came. */
function echo(): Machine {
  const words = [
    (15 << 26) | (9 << 21) | 0xef60,
    (24 << 26) | (9 << 21) | (9 << 16) | 0x300,
    e.lbz(4, 5, 9),
    (28 << 26) | (4 << 21) | (4 << 16) | 1,
    (16 << 26) | (12 << 21) | (2 << 16) | (-8 & 0xfffc),
    e.lbz(4, 0, 9),
    e.mfspr(5, 268),
    (31 << 26) | (6 << 21) | (6 << 16) | (4 << 11) | (266 << 1),
    (31 << 26) | (6 << 21) | (6 << 16) | (5 << 11) | (266 << 1),
    e.stb(4, 0, 9),
    e.b(-32),
  ]
  return new Machine(
    { ramSize: MB, core: '440ep', reset: 'boot' },
    readElf(writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf(words) }])),
  )
}

describe('on the board', () => {
  const typed = () => {
    const machine = echo()
    for (const [run, character] of [
      [137, 0x61],
      [1, 0x62],
      [5000, 0x63],
    ] as const) {
      machine.run({ budget: run })
      machine.uartInput(0, [character])
    }
    machine.run({ budget: 3000 })
    return machine
  }

  test('the log of inputs gives the same run again', () => {
    const first = typed()
    const second = echo()
    replay(second, structuredClone(first.inputs))
    second.run({ budget: first.retired - second.retired })
    expect(stateHash(second)).toBe(stateHash(first))
    expect(second.inputs).toEqual(first.inputs)
  })

  test('an input one instruction later gives another run', () => {
    const first = typed()
    const second = echo()
    const late = first.inputs.map((input): Input => ({ ...input, retired: input.retired + 4, cycle: input.cycle + 4 }))
    replay(second, late)
    second.run({ budget: first.retired - second.retired })
    expect(stateHash(second)).not.toBe(stateHash(first))
  })

  test('a log of another run is noticed', () => {
    const machine = echo()
    const input = { kind: 'uart', uart: 0, data: [1], retired: 10, cycle: 12 } as const
    expect(() => replay(machine, [input])).toThrow('not the run the log was written in')
  })

  test('a debugger writes a register and memory: inputs like any other', () => {
    const first = echo()
    first.run({ budget: 100 })
    first.accept({ kind: 'register', name: 'r7', value: 42 })
    first.accept({ kind: 'memory', ea: 0x4000, data: [1, 2, 3] })
    first.run({ budget: 100 })
    const second = echo()
    replay(second, first.inputs)
    second.run({ budget: 100 })
    expect([second.cpu.state.gpr[7], stateHash(second)]).toEqual([42, stateHash(first)])
  })

  test('a snapshot in one machine, restored in another, runs on the same', () => {
    const first = typed()
    const second = echo()
    restoreSnapshot(second, takeSnapshot(first))
    expect(stateHash(second)).toBe(stateHash(first))
    for (const machine of [first, second]) {
      machine.uartInput(0, [0x64])
      machine.run({ budget: 2000 })
    }
    expect(stateHash(second)).toBe(stateHash(first))
  })

  test('a log of more bytes than the machine has memory is begun anew, and says so', () => {
    const machine = echo()
    const data = new Uint8Array(10)
    for (let i = 0; i < 10; i++) machine.accept({ kind: 'memory', ea: 0x4000, data })
    expect([machine.inputs.length, machine.isLogWhole]).toEqual([10, true])
    for (let i = 0; i < 40; i++) machine.accept({ kind: 'path', path: '/x'.repeat(400_000), entry: { kind: 'none' } })
    expect(machine.isLogWhole).toBe(false)
    expect(machine.inputs.length).toBeLessThan(21)
  })

  test('looking at a machine does not change its hash', () => {
    const machine = typed()
    const before = stateHash(machine)
    takeSnapshot(machine)
    machine.cpu.mmu.peek(0x4000)
    expect(stateHash(machine)).toBe(before)
  })
})

const GCC = 'powerpc-linux-gnu-gcc'

describe.skipIf(!have(GCC))('for a Linux process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'inputs-'))
  const source = fileURLToPath(new URL('../guest/linux/files.c', import.meta.url))
  const program = join(directory, 'files')
  spawnSync(GCC, ['-mcpu=440fp', '-O1', '-w', '-static', '-fno-pie', '-no-pie', source, '-o', program])
  const elf = readElf(readFileSync(program))
  rmSync(directory, { recursive: true })

  const create = (): { machine: Machine; output: string[] } => {
    const process = { executable: '/home/files', args: ['files'], environment: [], directory: '/home' }
    const machine = new Machine({ ramSize: 32 * MB, core: '440ep', reset: 'boot', process }, elf)
    const output: string[] = []
    machine.linux!.onOutput = (stream, bytes) => void output.push(`${stream}${new TextDecoder().decode(bytes)}`)
    return { machine, output }
  }

  const bytes = new TextEncoder().encode('first\nsecond\n')
  const entries: Readonly<Record<string, HostEntry>> = {
    '/home': { kind: 'directory', names: ['data.txt'] },
    '/home/data.txt': { kind: 'file', size: bytes.length },
  }

  /** Runs to the end; what it asks for is answered. */
  const finish = (machine: Machine, budget: number, meanwhile: (machine: Machine) => Machine = same => same) => {
    let typed = 0
    for (;;) {
      const exit = machine.run({ budget: budget }).core
      if (exit.kind === 'exit') return { machine, status: exit.status }
      if (exit.kind === 'wants' && exit.request.wants !== 'stdin') {
        const { path, wants } = exit.request
        if (wants === 'path') machine.accept({ kind: 'path', path, entry: entries[path] ?? { kind: 'none' } })
        else machine.accept({ kind: 'piece', path, offset: 0, bytes })
      } else if (exit.kind === 'wants') {
        machine.accept(typed++ === 0 ? { kind: 'stdin', data: [0x61, 0x0a] } : { kind: 'stdinEnd' })
      }
      machine = meanwhile(machine)
    }
  }

  test('how its run is cut does not matter, and the log repeats it', () => {
    const [whole, cut, again] = [create(), create(), create()]
    const { status } = finish(whole.machine, 10_000_000)
    finish(cut.machine, 1777)
    expect(stateHash(cut.machine)).toBe(stateHash(whole.machine))
    replay(again.machine, whole.machine.inputs)
    again.machine.run({ budget: 10_000_000 })
    expect([stateHash(again.machine), again.output, status]).toEqual([stateHash(whole.machine), whole.output, 3])
  })

  test('restored at any moment, also while it waits for the host, it runs on the same', () => {
    const whole = create()
    finish(whole.machine, 10_000_000)
    const [a, b] = [create(), create()]
    const end = finish(a.machine, 900, machine => {
      const other = machine === a.machine ? b.machine : a.machine
      restoreSnapshot(other, structuredClone(takeSnapshot(machine)))
      return other
    })
    expect(stateHash(end.machine)).toBe(stateHash(whole.machine))
  })
})
