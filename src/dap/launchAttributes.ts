// The launch attributes: what each may be, what it is when it is not given, and what people read about it. Launches are
// checked against this table; package.json and the table in README.md are made from it (scripts/launchTable.ts).

import { MACHINE_NAMES } from '../boards/chosen.ts'
import { CORE_NAMES, CORES } from '../boards/cores.ts'
import { DAC_SLOTS, IAC_SLOTS } from '../debuggee/slots.ts'
import { FORMATTER_MEMBERS } from './formatterRows.ts'
import type { Shape, ValueOf } from './shapes.ts'
import { SYMBOL_FILE_MEMBERS } from './symbolFileRows.ts'

export interface Attribute {
  readonly shape: Shape
  /** Absent: none. */
  readonly default?: unknown
  /** For README.md: a line. */
  readonly brief: string
  /** For the editor of launch.json: Markdown. */
  readonly text: string
  /** Of `oneOf`: what each choice means, in its order; of `offered`, too. */
  readonly choices?: readonly string[]
  /** Of `text`: what it may be, beside what fits `pattern`. */
  readonly offered?: readonly string[]
  /** Of `anything` that is no text: what JSON schema calls its types. */
  readonly types?: readonly string[]
  /** Of a list of objects: the members these may have. */
  readonly members?: Readonly<Record<string, Shape>>
  /** An item of such a list may be a text, too. */
  readonly hasTexts?: boolean
  /** More that the editor may hold a text against. */
  readonly pattern?: string
}

export const LAUNCH_ATTRIBUTES = {
  program: {
    shape: 'text',
    brief: 'the ELF file: 32-bit, big-endian, PowerPC; or a source in assembly (`.s`), assembled at the start',
    text: 'The ELF file to debug: 32-bit big-endian PowerPC, linked for bare metal. Build it with `-g` so that lines and variables are known. A source in assembly (`.s`, `.S` without C preprocessor) may be given instead: it is assembled as the session begins; or the image of a boot ROM (`.bin`), whose last byte is at 0xffffffff.',
  },
  capsule: {
    shape: 'text',
    brief: 'a run in one file, to be gone through as it was recorded; `program` where it has none in it',
    text: 'A capsule: the file of a run that _Save the Run as a Capsule_ or `ppc440 run --record` has written. The session begins where it was saved, with all that went before. `program` is needed where the capsule has no program in it; beside it sources are looked for.',
  },
  machine: {
    shape: 'text',
    offered: MACHINE_NAMES,
    pattern: '\\.(json|jsonc|dtb)$',
    default: 'bamboo',
    brief:
      'the board, by name or by its file (`.json`, or `.dtb`, a device tree: docs/boards.md); or `linux-user`, to debug a static Linux executable with its threads and processes',
    text: 'What the program runs on: a board by its name, the file that describes one (`.json`, or its device tree, `.dtb`), or `linux-user`.',
    choices: [
      '440EP reference board: RAM from 0, four 16550 UARTs, interrupt controllers, PCI without cards',
      'Xilinx ML507, a 440x5 in a Virtex-5 FXT: interrupt controller, timer, 16550 UART, GPIO, flash',
      'ACube Sam460ex, a 460EX: four UICs, UARTs, IIC, OHCI, EHCI, PCI-X without cards',
      'A static Linux executable, its system calls served by the debugger',
    ],
  },
  args: {
    shape: { listOf: 'text' },
    default: [],
    brief: 'of a Linux executable',
    text: 'Arguments of the program. Only for `"machine": "linux-user"`.',
  },
  env: {
    shape: { mapOf: 'text' },
    default: {},
    brief: 'the environment of a Linux executable, which has no other',
    text: 'Variables of the environment, by name: `{ "LANG": "C" }`. There are no others: a run is the same on every computer. Only for `"machine": "linux-user"`.',
  },
  root: {
    shape: 'text',
    brief: 'the folder that is `/` for a Linux executable, instead of its own folder',
    text: 'The folder that is `/` for the program. Without it the program sees the folder it is in, where that is, and nothing else. What it writes lives in memory and changes nothing here, but for `writable`. Only for `"machine": "linux-user"`.',
  },
  writable: {
    shape: 'text',
    brief: 'a folder that gets what a Linux executable has changed below it, when that has ended',
    text: 'A folder that the program sees. What the program has changed below it is brought there when it has ended, and the Debug Console says what; a session that is stopped before changes nothing. Without it all that the program writes lives in memory. Only for `"machine": "linux-user"`.',
  },
  memory: {
    shape: 'anything',
    brief: 'RAM from address 0; otherwise as much as the board has, `128M`',
    text: 'Size of RAM, from address 0: `64M`, `128M`, `1G` … Without it the board has what its description says, the bamboo `128M`.',
    pattern: '^[0-9]+[KMG]?$',
  },
  stopOnEntry: {
    shape: 'anything',
    types: ['boolean', 'string'],
    default: false,
    brief: 'stop before the first instruction; `"main"`: where `main` begins',
    text: 'Stop before the first instruction; or, with the name of a function such as `"main"`, where that begins.',
  },
  console: {
    shape: { oneOf: ['debugConsole', 'terminal'] },
    default: 'debugConsole',
    brief: '`terminal` gives the first UART, or stdin, a terminal that takes input',
    text: "Where the first UART of the board (or the program's standard output) goes.",
    choices: ['Output of the program appears in the Debug Console', 'A terminal of its own, which also takes input'],
  },
  sourceMap: {
    shape: { mapOf: 'text' },
    default: {},
    brief: 'where sources are now, by where they were when compiled',
    text: 'Where sources are now, by where they were when they were compiled: `{ "/build/firmware": "${workspaceFolder}" }`. Not needed when a source lies beside the ELF file or at the path the compiler noted.',
  },
  formatters: {
    shape: { listOf: 'anything' },
    default: [],
    members: FORMATTER_MEMBERS,
    brief: 'how your own containers are shown: below',
    text: 'How containers of your own are shown: rows of a `type` (a class or template; `*` stands for any text), of what it is to `show` as, and of expressions over its members. In them `T1`, `T2` are the template\'s arguments that are types, `N1`, `N2` those that are numbers, `i` is the number of an element and `node` the node of a list or tree. `{ "type": "Ring", "show": "items", "size": "used", "item": "slots[(head + i) % N1]" }`',
  },
  symbolFiles: {
    shape: { listOf: 'anything' },
    default: [],
    members: SYMBOL_FILE_MEMBERS,
    hasTexts: true,
    brief: 'ELF files with debug information that was split off, or of other code in memory: `{ "file", "address" }`',
    text: 'Where the program\'s debug information is, if it was split off (`objcopy --only-keep-debug`). A file that the program names itself (`.gnu_debuglink`) is found beside it without this. Of code that lies in memory beside the program, or of the program where it moves itself to, the file and where its `.text` begins, as with gdb\'s `add-symbol-file`, or by how much further on it lies than it is linked: `{ "file": "u-boot", "address": "0x0ff9b000" }`, `{ "file": "second.elf", "offset": "0x100000" }`, `{ "file": "kernel.elf" }`.',
  },
  dtb: {
    shape: 'text',
    brief: 'of a kernel: its device tree; with `initrd` and `append` as with QEMU',
    text: "The program is a kernel (`vmlinux`): the device tree it is handed in r3, as U-Boot's `bootm` does.",
  },
  initrd: { shape: 'text', brief: 'of a kernel: its initial RAM disk', text: 'Initial RAM disk of a kernel.' },
  append: {
    shape: 'text',
    brief: 'of a kernel: its command line',
    text: 'Command line of a kernel, for example `console=ttyS0,115200`.',
  },
  systemRoot: {
    shape: 'text',
    brief: 'of a kernel: a folder below which its modules (`.ko`) and shared libraries are found',
    text: 'Of a Linux kernel: the folder that holds what is `/` in the system that it runs. Modules (`.ko`) and shared libraries (`.so`, `.so.6`) are found anywhere below it: their lines, variables and breakpoints are known once the kernel has loaded them, and breakpoints wait for that.',
  },
  programs: {
    shape: { mapOf: 'text' },
    default: {},
    brief: 'of a kernel: the programs of its processes, by their paths in its system',
    text: 'Of a Linux kernel: the files of programs that its processes execute, by their paths in its system: `{ "/bin/busybox": "${workspaceFolder}/busybox" }`. Where the process on the core executes one of them it has functions, lines and variables, and breakpoints in it stop in its processes alone. Position-independent ones, and shared libraries, are known where each process has them mapped.',
  },
  core: {
    shape: { oneOf: CORE_NAMES },
    brief:
      'another core than the board has: `440-nofpu`, without floating point, `440epx`, `440gx`, `460ex`, `440x5` …',
    text: 'Which 440 core, where it is not the one of the board: they differ in PVR and floating point.',
    choices: CORE_NAMES.map(name => CORES[name].text),
  },
  reset: {
    shape: { oneOf: ['boot', 'cold'] },
    default: 'boot',
    brief: '`cold`: the true state after reset',
    text: 'The state the program starts in.',
    choices: [
      'As a boot loader leaves the core: memory mapped one to one, a stack, `MSR[ME]` on',
      'The true state after reset',
    ],
  },
  onReset: {
    shape: { oneOf: ['end', 'restart'] },
    default: 'end',
    brief: '`restart`: a reset by the program starts the board again from its ROM, with `"reset": "cold"`',
    text: 'What follows when the program resets its board, by `DBCR0[RST]` or the watchdog.',
    choices: [
      'The session ends.',
      'With `"reset": "cold"` the board starts again at 0xfffffffc. RAM, flash, EEPROMs and clocks stay as they are; breakpoints stay, and one can go back to before.',
    ],
  },
  pace: {
    shape: { oneOf: ['max', 'real'] },
    default: 'max',
    brief: '`real`: never ahead of the clock on the wall',
    text: 'Whether the program runs as fast as it goes, or no faster than time passes (400 MHz). Results are the same.',
    choices: [
      'As fast as it goes; waiting costs no time.',
      'Never ahead of the clock on the wall: a second the program waits is a second.',
    ],
  },
  engine: {
    shape: { oneOf: ['auto', 'compiler', 'interpreter'] },
    default: 'auto',
    brief: '`interpreter`: nothing is compiled',
    text: 'What executes the instructions. Results are the same, at every instruction.',
    choices: [
      'Interprets, and compiles to WebAssembly what is hot.',
      'Compiles whatever is executed a second time.',
      'Interprets: to settle a doubt about compiled code.',
    ],
  },
  strict: {
    shape: 'flag',
    default: false,
    brief: 'changed code is seen after `icbi` only, as on the part',
    text: 'Changed code takes effect only after `icbi` and `isync`, as on the part.',
  },
  softBreakpoints: {
    shape: 'flag',
    default: false,
    brief: 'trap words for breakpoints that find no comparator free',
    text: 'When IAC1–IAC4 are all taken, use trap words in memory for further breakpoints instead of refusing them.',
  },
  history: {
    shape: 'anything',
    default: '256M',
    brief: 'memory for what it takes to go back; `0`: none is kept',
    text: 'How much memory the history of the run may take, through which one can step back and run backwards: `64M`, `256M`, `1G` … `0`: none is kept, and the program runs a little faster.',
    pattern: '^[0-9]+[KMG]?$',
  },
  measure: {
    shape: { listOf: { oneOf: ['coverage', 'profile'] } },
    default: [],
    brief: 'what is told when the run is over: `["coverage", "profile"]`; no history is kept then',
    text: 'What is measured, exactly and without changing the program: `"coverage"` (lines, functions, both ways of branches), `"profile"` (instructions by function and caller). _Run with Coverage_ and _Run with Profile_ set it. No history is kept meanwhile.',
  },
  gdbPort: {
    shape: { from: 0, to: 65535 },
    brief: 'a port of this machine at which gdb can debug the same program: `3333`; `0`: any that is free',
    text: 'A port of this machine at which gdb can debug the same program beside the editor: `target remote :3333`. `0` is any that is free; the Debug Console says which.',
  },
  reserveSlots: {
    shape: { listOf: { oneOf: [...IAC_SLOTS, ...DAC_SLOTS] } },
    default: [],
    brief: 'comparators left to the program: `["IAC4"]`',
    text: 'Comparators the debugger does not take: `["IAC4"]`.',
  },
} as const satisfies Readonly<Record<string, Attribute>>

type AttributeName = keyof typeof LAUNCH_ATTRIBUTES
type AttributeRow<N extends AttributeName> = (typeof LAUNCH_ATTRIBUTES)[N]

/** Every attribute with the value given or its default. */
export type LaunchValues = {
  readonly [N in AttributeName]:
    | ValueOf<AttributeRow<N>['shape']>
    | (AttributeRow<N> extends { default: unknown } ? never : undefined)
}
