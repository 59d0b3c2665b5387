// U-Boot for the Bamboo board, from ROM to its prompt.

import type { MachineRow } from './machine.ts'

const PROMPT = /\n=> $/

export const UBOOT_BAMBOO: MachineRow = {
  name: 'U-Boot on bamboo',
  files: [{ name: 'u-boot-bamboo', from: 'U-Boot v2016.11, bamboo_defconfig: the ELF file u-boot' }],
  ours: path => ['--machine', 'bamboo', '--reset', 'cold', path('u-boot-bamboo')],
  patience: 60,
  prompt: PROMPT,
  session: [{ type: 'version', says: /U-Boot 2016\.11/ }],
}
