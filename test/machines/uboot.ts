// U-Boot for the Bamboo board, from its ROM to its prompt, and Linux by it: kernel and device tree are in the large flash.

import { writeFileSync } from 'node:fs'
import { BAMBOO } from '../../src/boards/builtIn.ts'
import { writeBoard } from '../../src/boards/write.ts'
import type { MachineRow } from './machine.ts'

const PROMPT = /\n=> $/
const [UBOOT, KERNEL, TREE, BOARD] = ['u-boot-bamboo', 'uImage-bamboo', 'bamboo.dtb', 'uboot.board.json'] as const

/** The bamboo with a kernel in its large flash, and a device tree in a ROM before it. */
function board(path: string): string {
  const memories = BAMBOO.memories.map(each => (each.name === 'LARGE' ? { ...each, file: KERNEL } : each))
  const tree = { name: 'TREE', base: 0x87800000, size: 64 << 10, isWritable: false, file: TREE }
  writeFileSync(path, writeBoard({ ...BAMBOO, memories: [...memories, tree] }))
  return path
}

export const UBOOT_BAMBOO: MachineRow = {
  name: 'U-Boot on bamboo',
  files: [
    { name: UBOOT, from: 'U-Boot v2016.11, bamboo_defconfig: the ELF file u-boot' },
    { name: KERNEL, from: 'Linux for the bamboo as a uImage, as `make uImage` makes it' },
    { name: TREE, from: 'its device tree, compiled' },
  ],
  ours: path => ['--machine', board(path(BOARD)), '--reset', 'cold', '--on-reset', 'restart', path(UBOOT)],
  patience: 60,
  begins: [
    { says: /CPU: {3}AMCC PowerPC 440EP Rev\. B at 400 MHz \(PLB=133 OPB=66 EBC=33 PCI=33 MHz\)/ },
    { says: /DRAM: {2}128 MiB/ },
    { says: /Flash: 5 MiB/ },
    { says: /Hit any key to stop autoboot/, answer: '' },
  ],
  prompt: PROMPT,
  session: [
    { type: 'version', says: /U-Boot 2016\.11/ },
    { type: 'bdinfo', says: /memsize {5}= 0x08000000\s[\s\S]*procfreq {4}= {4}400 MHz/ },
    { type: 'i2c probe', says: /Valid chip addresses: 50 54 55/ },
    { type: 'date', says: /Date: 2000-01-01 .* Time: {2}0:00:\d\d/ },
    { type: 'md.b fff00000 4', says: /fff00000: ff ff ff ff/ },
    { type: 'flinfo 1', says: /AM29LV320B[\s\S]*Size: 4096 KB in 71 Sectors/ },
    {
      type: 'protect off all; erase fff00000 fff0ffff; cp.b 0 fff00000 100; cmp.b 0 fff00000 100',
      says: /Total of 256 byte\(s\) were the same/,
    },
    { type: 'reset', says: /CPU: {3}AMCC PowerPC 440EP[\s\S]*Hit any key to stop autoboot/ },
    { type: '', says: PROMPT },
    { type: 'setenv bootargs console=ttyS0,115200', says: PROMPT },
    { type: 'bootm 87c00000 - 87800000', says: /Uncompressing Kernel Image \.\.\. OK/ },
    { says: /Linux version [\s\S]*phys_mem_size {5}= 0x8000000/ },
    { says: /Kernel panic - not syncing: VFS|Please press Enter|Run \/init/ },
  ],
  // Before it moves itself to the end of RAM, across that, and there.
  debugged: [
    'break relocate_code',
    'break board_r.c:118',
    'break do_bdinfo',
    'continue within 200M',
    'expect at relocate_code',
    'continue within 200M',
    'expect at initr_reloc',
    'expect gd->flags % 2 == 0',
    'step',
    'finish',
    'expect at initcall_run_list',
    'expect gd->flags % 2 == 1',
    'input  ',
    'input bdinfo',
    'continue within 2000M',
    'expect at do_bdinfo',
    'expect argc == 1',
    'expect cmdtp->cmd == do_bdinfo',
    'expect gd->bd->bi_memsize == 0x8000000',
    'expect (unsigned)do_bdinfo > gd->relocaddr && (unsigned)do_bdinfo < gd->ram_top',
    'break i2c_probe',
    'input i2c probe',
    'continue within 2000M',
    'expect at i2c_probe',
  ],
}
