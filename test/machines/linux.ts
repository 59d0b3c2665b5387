// Linux with the board's own configuration and device tree unedited, to a shell with BusyBox and back: for the Bamboo board as
// Debian has its source, which scripts/guests/bamboo.sh builds; for the ML507 Linux 4.19, since later ones do not know it.

import type { MachineRow } from './machine.ts'

const PROMPT = /\n# $/

const typed = (command: string, says: RegExp) => [{ type: command, says }, { says: PROMPT }]
const REBOOT = { type: 'reboot -f', says: /reboot: Restarting system/ }

function linuxOnBamboo(version: string): MachineRow {
  const from = `bash scripts/guests/bamboo.sh ${version}`
  const file = (name: string): string => `../guests/linux-${version}/${name}`
  const names = ['vmlinux', 'board.dtb', 'console.cpio.gz'].map(file)
  const [kernel, tree, disk] = names as [string, string, string]
  const append = 'console=ttyS0,115200'
  return {
    name: `Linux ${version} on bamboo`,
    files: names.map(name => ({ name, from })),
    ours: path => ['--dtb', path(tree), '--initrd', path(disk), '--append', append, path(kernel)],
    // It takes a tree of its own, in which the Ethernet controllers and two of the serial ports are missing.
    qemu: path => [
      ...['-M', 'bamboo', '-net', 'none', '-monitor', 'none', '-serial', 'stdio', '-no-reboot'],
      ...['-kernel', path(kernel), '-initrd', path(disk), '-append', append],
    ],
    patience: 40,
    prompt: PROMPT,
    session: [
      ...typed('cat /proc/cpuinfo', /model\s+: amcc,bamboo/),
      ...typed('dmesg | tail -3', /TERM=linux/),
      ...typed('ls /sys/bus', /platform/),
      ...typed('insmod /modules/counted.ko; cat /proc/counted /proc/counted', /read 1 times\s+read 2 times/),
      ...typed('ps | wc -l', /\n2\d\r/),
      REBOOT,
    ],
  }
}

export const LINUX_ON_BAMBOO: readonly MachineRow[] = ['6.1', '6.12'].map(linuxOnBamboo)

const ML507_FILES = {
  vmlinux: 'make 44x/virtex5_defconfig vmlinux of Linux 4.19',
  'board.dtb': 'dtc of its arch/powerpc/boot/dts/virtex440-ml507.dts',
  'console.cpio.gz': 'BusyBox and an /init, as scripts/guests/bamboo.sh has them',
}
const onMl507 = (name: string): string => `linux-ml507/${name}`
const APPEND = 'console=ttyS0,115200'

export const LINUX_ON_ML507: MachineRow = {
  name: 'Linux 4.19 on virtex-ml507',
  files: Object.entries(ML507_FILES).map(([name, from]) => ({ name: onMl507(name), from })),
  ours: path => [
    ...['--machine', 'virtex-ml507', '--dtb', path(onMl507('board.dtb')), '--initrd', path(onMl507('console.cpio.gz'))],
    ...['--append', APPEND, path(onMl507('vmlinux'))],
  ],
  qemu: path => [
    ...['-M', 'virtex-ml507', '-m', '256', '-monitor', 'none', '-serial', 'stdio', '-no-reboot'],
    ...['-kernel', path(onMl507('vmlinux')), '-dtb', path(onMl507('board.dtb'))],
    ...['-initrd', path(onMl507('console.cpio.gz')), '-append', APPEND],
  ],
  patience: 40,
  prompt: PROMPT,
  session: [
    ...typed('cat /proc/cpuinfo', /cpu\s+: 440 in Virtex-5 FXT\s/),
    ...typed('cat /proc/interrupts', /Xilinx INTC\s+9 \S+\s+-level\s+ttyS0/),
    ...typed('dmesg | grep num_irq', /interrupt-controller@81800000: num_irq=12, edge=0x0/),
    ...typed('ps | wc -l', /\n\d\d\r/),
    REBOOT,
  ],
}
