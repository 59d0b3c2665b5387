// FreeRTOS's port for the 440 on the Bamboo board, and its demos for the ML507, without and with floating point. Two of their tasks send letters through the serial port
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

const KERNEL = 'freertos-bamboo'
const ALL_RUN = 'all 10 kinds of tasks run'

/** The tasks of the demos that need no device, with the decrementer of the core, and one that says what becomes of them. */
export const FREERTOS_ON_BAMBOO: MachineRow = {
  name: 'FreeRTOS on bamboo',
  files: [
    {
      name: KERNEL,
      from: `FreeRTOS's kernel with its port PPC440_Xilinx, the tasks of Demo/Common/Minimal, and one that asks them every 3 s and says "${ALL_RUN}"`,
    },
  ],
  ours: path => [path(KERNEL)],
  qemu: path => [
    ...['-M', 'bamboo', '-net', 'none', '-monitor', 'none', '-serial', 'stdio', '-no-reboot'],
    ...['-kernel', path(KERNEL)],
  ],
  patience: 60,
  prompt: /tasks start/,
  session: [{ says: new RegExp(`(${ALL_RUN}\\s+){2}`) }],
}

export const FREERTOS_DEMOS: readonly MachineRow[] = [
  demo('integers', 'PPC440_Xilinx_Virtex5_GCC'),
  demo('single precision', 'PPC440_SP_FPU_Xilinx_Virtex5_GCC'),
  demo('double precision', 'PPC440_DP_FPU_Xilinx_Virtex5_GCC'),
]
