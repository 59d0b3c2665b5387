// A program in a ROM that resets its board: what stays and what does not (440x5 manual, p.85 to p.91: state after a reset).

import { describe, expect, test } from 'vitest'
import { programOf } from '../../src/asm/source.ts'
import { readBoard } from '../../src/boards/read.ts'
import type { EngineName } from '../../src/compiler/engines.ts'
import { Word } from '../../src/cpu/state.ts'
import { readElf } from '../../src/elf/elf.ts'
import type { ElfFile } from '../../src/elf/types.ts'
import { Machine, type MachineOptions } from '../../src/machine/machine.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'

const board = readBoard(
  `{ "name": "x", "core": "440ep", "ram": "1M",
     "roms": [{ "name": "FLASH", "base": "0xfff00000", "size": "1M" }],
     "devices": [
       { "name": "UIC0", "type": "uic", "dcr": "0x0c0", "interrupts": ["external", "critical"] },
       { "name": "IIC0", "type": "iic", "base": "0xef600700", "interrupts": ["UIC0:2"] },
       { "name": "EEPROM0", "type": "eeprom", "i2c": "IIC0:0x54" }
     ] }`,
  'x.json',
)

/** r20 to r29 say what each start has found; r30 counts the starts, of which the third is the last. */
const program = async (reset: string): Promise<ElfFile> => {
  const source = `
start:  mfspr   20, 304         # DBSR
        mfspr   21, 336         # TSR
        mfspr   22, 340         # TCR
        mfmsr   23
        mfspr   24, 63          # IVPR
        mfdcr   25, 0x0c2       # UIC0_ER
        li      6, 5
        tlbre   26, 6, 0
        mfspr   27, 22          # DEC
        addi    30, 30, 1
        cmpwi   30, 3
        bne     again
done:   b       done
again:  li      7, 0x210        # a page of 1 KB at 0, valid
        tlbwe   7, 6, 0
        mtspr   22, 7
        lis     10, 0x1234
        mtspr   63, 10
        mtdcr   0x0c2, 7
        li      8, 0x2000
        mtmsr   8
${reset}
        .org 0xffc
        b start
`
  const { file } = await programOf(
    new TextEncoder().encode(source),
    'x.s',
    () => Promise.reject(new Error('none')),
    0xfffff000,
  )
  return readElf(file)
}

const BY_DBCR0 = `
        lis     9, 0x3000       # RST: system
        mtspr   308, 9
never:  b       never
`
/** Three events of the shortest period: the last is a chip reset. */
const BY_WATCHDOG = `
        lis     9, 0x2000       # WP: 2 to the 21; WRC: chip
        mtspr   340, 9
wait:   b       wait
`

async function machineOf(reset: string, more: Partial<MachineOptions> = {}): Promise<Machine> {
  const options = { board, ramSize: board.ram, core: board.core, reset: 'cold', onReset: 'restart', ...more } as const
  return new Machine(options, await program(reset))
}

const found = ({ cpu }: Machine): readonly number[] => [...cpu.state.gpr.slice(20, 28)].map(value => value >>> 0)

describe.each<EngineName>(['interpreter', 'auto', 'compiler'])('with the engine %s', engine => {
  test('a reset by DBCR0[RST] starts the board again: registers, TLB and devices are as at first, RAM and counts go on', async () => {
    const machine = await machineOf(BY_DBCR0, { engine })
    machine.cpu.state.ramBytes[0x40] = 7
    machine.cpu.state.words[Word.RESERVED] = 1
    expect(machine.run({ budget: 1000 }).core.kind).toBe('idle')
    expect(found(machine)).toEqual([0x30000000, 0, 0, 0, 0, 0, 0, 0])
    expect(machine.cpu.state.gpr[30]).toBe(3)
    expect(machine.cpu.state.ramBytes[0x40]).toBe(7)
    expect(machine.cpu.state.words[Word.RESERVED]).toBe(0)
    expect(machine.retired).toBeGreaterThan(50)
    expect(machine.cpu.diagnostics.filter(({ text }) => text.includes('the board starts again'))).toHaveLength(2)
  })
})

test('one by the watchdog says so in TSR, too', async () => {
  const machine = await machineOf(BY_WATCHDOG)
  machine.run({ budget: 20_000_000 })
  expect(machine.cpu.state.gpr[30]).toBe(3)
  expect(found(machine).slice(0, 3)).toEqual([0x20000000, 0x20000000, 0])
})

test('what an EEPROM holds stays', async () => {
  const machine = await machineOf(BY_DBCR0)
  const eeprom = machine.devices.get('EEPROM0')!
  eeprom.restore({ pointer: 0, addressed: 0, changed: [[3, 0x42]] })
  machine.run({ budget: 1000 })
  expect(eeprom.save()).toMatchObject({ changed: [[3, 0x42]] })
})

test('where nothing is said the run ends', async () => {
  const machine = await machineOf(BY_DBCR0, { onReset: 'end' })
  expect(machine.run({ budget: 1000 }).core).toEqual({ kind: 'reset', type: 3, cause: 'DBCR0' })
})

test('cut at any instruction and gone on with from a snapshot, the run is the same', async () => {
  const whole = await machineOf(BY_DBCR0)
  whole.run({ budget: 60 })
  for (let cut = 1; cut < 60; cut++) {
    const [first, second] = [await machineOf(BY_DBCR0), await machineOf(BY_DBCR0)]
    first.run({ budget: cut })
    restoreSnapshot(second, takeSnapshot(first))
    second.run({ budget: 60 - cut })
    expect([cut, stateHash(second)]).toEqual([cut, stateHash(whole)])
  }
})
