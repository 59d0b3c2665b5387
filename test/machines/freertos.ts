// FreeRTOS's demos for the ML507, without and with floating point. Two of their tasks send letters through the serial port
// and its plug and check what comes back; the task that checks all others says nothing, so that these letters tell.

import type { MachineRow } from './machine.ts'

/** What a serial test sends each time (comtest.c). */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWX'

const demo = (name: string, folder: string): MachineRow => ({
  name: `FreeRTOS on ML507, ${name}`,
  files: [{ name: folder, from: `FreeRTOS/Demo/${folder} with its own linker script: the ELF file RTOSDemo` }],
  ours: path => ['--machine', 'examples/boards/ml507-freertos.board.json', path(folder)],
  patience: 60,
  prompt: new RegExp(LETTERS),
  session: [{ says: new RegExp(`(${LETTERS}){20}`) }],
})

export const FREERTOS_DEMOS: readonly MachineRow[] = [
  demo('integers', 'PPC440_Xilinx_Virtex5_GCC'),
  demo('single precision', 'PPC440_SP_FPU_Xilinx_Virtex5_GCC'),
  demo('double precision', 'PPC440_DP_FPU_Xilinx_Virtex5_GCC'),
]
