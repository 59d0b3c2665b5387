// A program for the ML507, on ours and on QEMU's: its timer interrupts through the controller, and the console shows it.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { programOf } from '../../src/asm/source.ts'
import { chooseMachine } from '../../src/boards/chosen.ts'
import type { EngineName } from '../../src/compiler/engines.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { readRegister } from '../../src/machine/registers.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'
import { QEMU } from '../support/qtest.ts'
import { have } from '../support/tools.ts'

/** Three ticks of a counter that counts down and loads itself, waited for with MSR[WE]; then one that ends and holds. */
const SOURCE = `
        .set    INTC, 0x81800000
        .set    TIMER, 0x83c00000
        .set    UART, 0x83e01003
        .globl  _start
_start: lis     3, 0x8000       # 256 MB of devices, below anything that is there
        ori     4, 3, 0x290
        li      5, 0x507        # I, G; SX SW SR
        li      6, 5
        tlbwe   3, 6, 1
        tlbwe   5, 6, 2
        tlbwe   4, 6, 0
        isync
        lis     4, handler@ha
        addi    4, 4, handler@l
        mtspr   63, 4           # IVPR
        andi.   4, 4, 0xffff
        mtspr   404, 4          # IVOR4
        lis     30, UART@ha
        addi    30, 30, UART@l
        lis     29, TIMER@h
        lis     28, INTC@h
        li      4, 8
        stw     4, 0x08(28)     # IER: source 3
        li      4, 3
        stw     4, 0x1c(28)     # MER
        li      4, 5000
        stw     4, 4(29)        # TLR0
        li      4, 0x20
        stw     4, 0(29)        # LOAD
        li      4, 0xd2         # ENT ENIT ARHT UDT
        stw     4, 0(29)
        li      31, 0
ticks:  bl      wait
        cmpwi   31, 3
        blt     ticks
        li      4, 0x20
        stw     4, 0(29)
        li      4, 0xc2         # without ARHT: once
        stw     4, 0(29)
        bl      wait
        lwz     5, 0(29)        # ENT stays
        andi.   5, 5, 0x80
        addi    5, 5, 'A' - 0x80
        stb     5, 0(30)
        li      4, 10
        stb     4, 0(30)
done:   b       done
wait:   lis     7, 0x0004       # WE
        ori     7, 7, 0x9000    # EE ME
        mfmsr   8
        mtmsr   7
        isync
        mtmsr   8
        blr
        .balign 16
handler:
        addi    31, 31, 1
        addi    9, 31, '0'
        stb     9, 0(30)
        lwz     9, 0(29)
        stw     9, 0(29)        # TINT is written back
        li      9, 8
        stw     9, 0x0c(28)
        mfsrr1  9
        rlwinm  9, 9, 0, 14, 12 # no longer waiting
        mtsrr1  9
        rfi
`
const EXPECTED = '1234A\n'

const { board, ramSize, core } = await chooseMachine(
  { machine: 'virtex-ml507', ramSize: 16 << 20, core: undefined },
  () => Promise.reject(new Error('no file')),
)
const { file } = await programOf(new TextEncoder().encode(SOURCE), 'x.s', () => Promise.reject(new Error('none')))

function create(engine: EngineName): { readonly machine: Machine; readonly out: () => string } {
  const machine = new Machine({ board: board!, ramSize, core, reset: 'boot', engine }, readElf(file))
  let out = ''
  machine.uarts[0]!.onTransmit = byte => (out += String.fromCharCode(byte))
  return { machine, out: () => out }
}

test.each(['interpreter', 'compiler'] as const)('the timer interrupts, and wakes who waits: %s', engine => {
  const { machine, out } = create(engine)
  const { core } = machine.run({ budget: 100_000 })
  expect([out(), core]).toEqual([EXPECTED, expect.objectContaining({ kind: 'idle' })])
  // At its end it holds.
  expect(readRegister(machine.vcpu, 'TIMER_TCR0')).toBe(0xffffffff)
  // Three times 5001 counts of the bus, of 6 cycles each (62 MHz beside 400), and once more.
  expect(machine.cpu.now).toBeGreaterThan(4 * 5001 * 6)
  expect(machine.cpu.now).toBeLessThan(4 * 5100 * 6)
})

test('cut at any instruction and gone on with from a snapshot, the run is the same', () => {
  const whole = create('interpreter')
  whole.machine.run({ budget: 100_000 })
  for (let budget = 1; budget < 160; budget += 13) {
    const first = create('interpreter')
    first.machine.run({ budget })
    const second = create('interpreter')
    restoreSnapshot(second.machine, structuredClone(takeSnapshot(first.machine)))
    second.machine.run({ budget: 100_000 })
    expect([budget, stateHash(second.machine)]).toEqual([budget, stateHash(whole.machine)])
  }
})

describe.skipIf(!have(QEMU))('beside QEMU', () => {
  test('the same is on the console', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ml507-'))
    writeFileSync(join(folder, 'x.elf'), file)
    const quiet = ['-display', 'none', '-monitor', 'none', '-serial', 'stdio', '-nic', 'none']
    const qemu = spawn(QEMU, ['-M', 'virtex-ml507', ...quiet, '-kernel', join(folder, 'x.elf')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      let out = ''
      for await (const data of qemu.stdout) if ((out += data).includes('\n')) break
      expect(out).toBe(EXPECTED)
    } finally {
      qemu.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    }
  })
})
