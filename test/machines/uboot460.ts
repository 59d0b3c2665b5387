// U-Boot for the Sam460ex, from its ROM to its prompt and through its commands, here and in QEMU, and Linux by it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SAM460EX } from '../../src/boards/builtIn.ts'
import { writeBoard } from '../../src/boards/write.ts'
import type { MachineRow } from './machine.ts'

const PROMPT = /\n\] $/
const [UBOOT, KERNEL, TREE] = ['u-boot-sam460.bin', 'uImage-canyonlands', 'canyonlands.dtb'] as const
/** What QEMU asks of its firmware's folder. */
const FOLDER = 'sam460ex'
const IMAGE = `${FOLDER}/u-boot-sam460-20100605.bin`

const typed = (command: string, says: RegExp) => [{ type: command, says }, { says: PROMPT }]

/** Variables of the environment that lead to the screen, to disks and to AmigaOS. */
const LEFT_OUT = /^(ide_|menu|boot|os4_|video_|usb_retry|scan_usb|stdin|stdout)/

/** U-Boot with its console on the serial port and nothing to boot by itself; `more` are variables beside those it has. */
function image(from: string, to: string, more: readonly string[]): string {
  const bytes = readFileSync(from)
  const begin = bytes.indexOf('stdout=vga\0')
  const end = bytes.indexOf('\0\0', begin)
  const kept = bytes.toString('latin1', begin, end).split('\0')
  const variables = [...kept.filter(each => !LEFT_OUT.test(each)), 'stdout=serial', 'stdin=serial', ...more]
  bytes.fill(0, begin, end)
  bytes.write(`${variables.join('\0')}\0`, begin, 'latin1')
  mkdirSync(dirname(to), { recursive: true })
  writeFileSync(to, bytes)
  return to
}

/** Where the kernel and its tree are: here in ROMs of the PCI memory that U-Boot maps, in QEMU in RAM. */
const HERE = ['kernel=88000000', 'tree=88800000'] as const
const QEMU = ['kernel=2000000', 'tree=3000000'] as const

function board(path: string): string {
  const rom = (name: string, base: number, size: number, file: string) => ({
    name,
    base,
    size,
    file,
    isWritable: false,
  })
  const more = [rom('KERNEL', 0xc88000000, 8 << 20, KERNEL), rom('TREE', 0xc88800000, 64 << 10, TREE)]
  writeFileSync(path, writeBoard({ ...SAM460EX, memories: [...SAM460EX.memories, ...more] }))
  return path
}

export const UBOOT_SAM460EX: MachineRow = {
  name: 'U-Boot on sam460ex',
  files: [
    {
      name: UBOOT,
      from: 'QEMU’s pc-bios: u-boot-sam460-20100605.bin, of github.com/zbalaton/u-boot-sam460ex',
    },
    { name: KERNEL, from: 'Linux, canyonlands_defconfig, as a uImage: gzip, load address and entry 0' },
    { name: TREE, from: 'its device tree: QEMU’s canyonlands.dtb' },
  ],
  ours: path => [
    ...['--machine', board(path('sam460ex.board.json')), '--reset', 'cold'],
    image(path(UBOOT), path(`${FOLDER}/ours.bin`), HERE),
  ],
  qemu: path => [
    ...['-L', dirname(image(path(UBOOT), path(IMAGE), QEMU)), '-M', 'sam460ex', '-nic', 'none', '-monitor', 'none'],
    ...['-serial', 'stdio', '-device', `loader,file=${path(KERNEL)},addr=0x2000000,force-raw=on`],
    ...['-device', `loader,file=${path(TREE)},addr=0x3000000,force-raw=on`],
  ],
  patience: 120,
  begins: [
    { says: /CPU: {3}AMCC PowerPC 460EX Rev\. B at 1150 MHz \(PLB=230 OPB=115 EBC=115\)/ },
    { says: /512 MiB \(ECC not enabled, 460 MHz, CL/ },
    { says: /PCIE1: successfully set as root-complex/ },
  ],
  prompt: PROMPT,
  session: [
    ...typed('version', /U-Boot 2010\.06\.05/),
    ...typed('bdinfo', /memsize {5}= 0x20000000/),
    ...typed('i2c probe', /Valid chip addresses:.* 50 (54 55 56 57 )?68/),
    ...typed('date', /Date: 20\d\d-\d\d-\d\d/),
    ...typed('mw 100000 12345678 40; crc32 100000 100', /001000ff ==> 0c1db04d/),
    ...typed('mtest 100000 101000 5aa5 1', /with 0 errors/),
    ...typed('mw 100000 3860002a; mw 100004 4e800020; go 100000', /Application terminated, rc = 0x2A/),
    ...typed('setenv bootargs console=ttyS0,115200', /115200/),
    { type: 'bootm ${kernel} - ${tree}', says: /Uncompressing Kernel Image \.\.\. OK/ },
    { says: /Linux version [\s\S]*Hardware name: amcc,canyonlands 460EX/ },
    { says: /Kernel panic - not syncing/ },
  ],
}
