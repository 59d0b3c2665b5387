// Linux for the Bamboo board as Debian has its source, with the board's own configuration and device tree unedited, to a shell
// with BusyBox and back: scripts/guests/bamboo.sh builds it.

import type { MachineRow } from './machine.ts'

const PROMPT = /\n# $/

function linuxOnBamboo(version: string): MachineRow {
  const from = `bash scripts/guests/bamboo.sh ${version}`
  const file = (name: string): string => `../guests/linux-${version}/${name}`
  const names = ['vmlinux', 'board.dtb', 'console.cpio.gz'].map(file)
  const [kernel, tree, disk] = names as [string, string, string]
  const append = 'console=ttyS0,115200'
  const typed = (command: string, says: RegExp) => [{ type: command, says }, { says: PROMPT }]
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
      { type: 'reboot -f', says: /reboot: Restarting system/ },
    ],
  }
}

export const LINUX_ON_BAMBOO: readonly MachineRow[] = ['6.1', '6.12'].map(linuxOnBamboo)
