// What the adapter and our views say to each other beyond DAP. Shared by both sides; types and names only.

import type { DeviceRegister } from '../bus/registerTable.ts'

/** Custom event: pushed at every stop and whenever the slots change hands (running or stopped). Body: `Snapshot`. */
export const SNAPSHOT_EVENT = 'ppc440/snapshot'
/** Custom request without arguments: the current `Snapshot`. For a view that becomes visible late. */
export const SNAPSHOT_REQUEST = 'ppc440/snapshot'
/** Custom request without arguments: the devices of the board with their registers. Body: `ShownDevices`. */
export const DEVICES_REQUEST = 'ppc440/devices'
/** Custom request: a stretch of memory as a view shows it. Arguments: `MemoryArguments`; body: `MemoryContents`. */
export const MEMORY_REQUEST = 'ppc440/memory'
/** Custom request: what an expression leads to. Arguments: `AddressArguments`; body: `AddressAnswer`. */
export const ADDRESS_REQUEST = 'ppc440/address'
/**
 * Custom request: starts or ends the trace of the debug facility, which every stop writes to the console. Arguments:
 * `TraceSwitch`.
 */
export const TRACE_REQUEST = 'ppc440/trace'
/** Custom event: what the debug facility has done since the last stop, while it is traced. Body: `TracedRows`. */
export const TRACED_EVENT = 'ppc440/traced'
/** Custom request: a breakpoint gets a trap word and no comparator from now on. Arguments: `TrapWordArguments`. */
export const TRAP_WORD_REQUEST = 'ppc440/trapWord'
/** Custom request: runs to a line without a comparator. Arguments: `RunTo`. An error says why it cannot. */
export const RUN_TO_REQUEST = 'ppc440/runTo'
/** Custom request: goes to a moment of the run, back or forward. Arguments: `GoToArguments`. */
export const GO_TO_REQUEST = 'ppc440/goTo'
/** Custom request: goes back further than `stepBack` of DAP can say. Arguments: `BackArguments`. */
export const BACK_REQUEST = 'ppc440/back'
/** Custom event: the breakpoints of the capsule that is opened, for the editor to set. Body: `OfferedBreakpoints`. */
export const BREAKPOINTS_EVENT = 'ppc440/breakpoints'
/** Custom request: the run up to now in one file. Arguments: `CapsuleArguments`; body: `CapsuleAnswer`. */
export const CAPSULE_REQUEST = 'ppc440/capsule'
/** Custom request: goes back to who wrote something last. Arguments: `LastWriteArguments`. */
export const LAST_WRITE_REQUEST = 'ppc440/lastWrite'
/** Custom request: what has happened in a stretch of the run. Arguments: `TimelineArguments`; body: `Timeline`. */
export const TIMELINE_REQUEST = 'ppc440/timeline'
/** Custom request: opens a port for gdb, or tells the one that is open. Arguments: `GdbPortRequest`; body: `GdbPortAnswer`. */
export const GDB_REQUEST = 'ppc440/gdb'
/** Custom event: what was measured of the run that is over. Body: `MeasuredRun`. Only sent where `measure` asks for it. */
export const MEASURED_EVENT = 'ppc440/measured'
/** Custom event: bytes a UART of the board sent. Body: `UartOutput`. Only sent with `"console": "terminal"`. */
export const UART_EVENT = 'ppc440/uart'
/** Custom request: bytes typed into a UART. Arguments: `UartInput`. */
export const UART_INPUT_REQUEST = 'ppc440/uartInput'

/** Everything our views draw, taken in one go, so that no view ever reads the emulator. */
export interface Snapshot {
  /** Counts up with every snapshot of a session. */
  readonly version: number
  /** Number of the stop this belongs to; "changed" in a view means: since the previous stop. */
  readonly stop: number
  readonly running: boolean
  /**
   * Registers by the manual's name (`DBCR0`, `IAC1`, `MSR`, `r3` ...), and those of devices that can be read now
   * (`UIC0_SR`), as unsigned 32-bit values.
   */
  readonly registers: Readonly<Record<string, number>>
  /** Of registers that hold an address of the program: `main+0x10 main.c:12`. */
  readonly places: Readonly<Record<string, string>>
  /** The comparators, in the order IAC1-4, DAC1-2. */
  readonly slots: readonly SlotRow[]
  /** All that were asked for, whether they hold a comparator or not. */
  readonly breakpoints: readonly BreakpointRow[]
  readonly tlb: TlbState
  readonly timers: TimerState
  /** The registers of the debug facility as each party sees them. */
  readonly parties: readonly Party[]
}

export interface ShownDevices {
  readonly devices: readonly ShownDevice[]
}

/** A device of the board: they are the same for the whole of a session. */
export interface ShownDevice {
  readonly name: string
  /** What it is: `16550 serial port`. */
  readonly text: string
  /** `0xef600300`, a real address, or `DCR 0x0c0`. */
  readonly where: string
  /** By their full names: `UART0_LSR`. */
  readonly registers: readonly DeviceRegister[]
}

/** When the timers of the core are due, in timer clocks from now. */
export interface TimerState {
  /** Timer clocks in a second. */
  readonly frequency: number
  /** Absent: it stands still. */
  readonly decrementer?: number
  readonly fixedInterval: number
  readonly watchdog: number
}

/** The TLB: what of it is valid. */
export interface TlbState {
  readonly entries: readonly TlbRow[]
  /** How many entries there are, valid or not. */
  readonly size: number
  /** The entry through which the next instruction is fetched; absent: there is none, or it does not permit that. */
  readonly fetch?: number
}

export interface TlbRow {
  readonly index: number
  /** Effective address, unsigned. */
  readonly ea: number
  /** Real address: 36 bits. */
  readonly real: number
  /** `256 MB` */
  readonly size: string
  readonly space: number
  /** 0: of every process. */
  readonly pid: number
  /** Names of the attributes and permissions that are set: `I`, `G`, `SX` … */
  readonly attributes: readonly string[]
}

/** One register of the debug facility, unsigned. */
export interface Party {
  readonly name: string
  /** What the program reads. */
  readonly guest: number
  /** What the debugger asked for; absent while the program owns the facility. */
  readonly debugger?: number | undefined
  /** What the comparators hold while the program runs. */
  readonly running: number
  /** What the host kernel has there. */
  readonly host: number
}

export interface MemoryArguments {
  readonly address: number
  /** Bytes; no more than there are up to the end of the address space, nor than 64 K, are told. */
  readonly count: number
}

export interface MemoryContents {
  /** As in `Snapshot`: bytes of an earlier stop may have been others. */
  readonly stop: number
  readonly address: number
  readonly count: number
  readonly pieces: readonly { readonly address: number; readonly base64: string }[]
  /** What cannot be read, and why. */
  readonly gaps: readonly { readonly address: number; readonly count: number; readonly why: string }[]
  /** By address. The first may begin before the stretch and reach into it. */
  readonly symbols: readonly { readonly address: number; readonly name: string }[]
}

export interface AddressArguments {
  /** As in Watch: `buffer`, `&machine`, `$r1 + 8`, `0x00100000`. */
  readonly expression: string
  readonly frameId?: number
}

export interface AddressAnswer {
  readonly address: number
}

export interface RunToArguments {
  /** As in the sources of DAP's requests. */
  readonly path: string
  /** As the client counts them. */
  readonly line: number
}

export interface GoToArguments {
  /** So many instructions have been executed there. */
  readonly instruction: number
  /** And so many interrupts taken since the last of them; without: none. */
  readonly interrupts?: number
}

/** A stretch of the run by instruction numbers; without an end, to the end of the run. */
export interface TimelineArguments {
  readonly from?: number
  readonly to?: number
  /** Into so many columns of it events of a kind are gathered, where there are more. */
  readonly columns?: number
}

export interface Timeline {
  /** Whether a history is kept; without one nothing is known but where the program stands. */
  readonly isKept: boolean
  readonly running: boolean
  /** The first moment that can be gone to, the end of the run, and where the program stands, by instruction numbers. */
  readonly beginning: number
  readonly present: number
  readonly position: number
  /** The stretch that was asked for. */
  readonly from: number
  readonly to: number
  /** Of each kind the oldest first. */
  readonly events: readonly TimelineEvent[]
  /** The nearest outside of the stretch. */
  readonly before?: TimelineEvent
  readonly after?: TimelineEvent
}

export type TimelineKind = 'stop' | 'future' | 'access' | 'interrupt' | 'debug' | 'line'

export interface TimelineEvent {
  readonly kind: TimelineKind
  readonly instruction: number
  /** Of an interrupt: as in `GoToArguments`. */
  readonly interrupts?: number
  /** It stands for so many, from `instruction` to `last`. */
  readonly count: number
  readonly last: number
  /** What it is; of many, which they are or what the first is. */
  readonly text: string
  /** `orders.c:38`; of one only */
  readonly where?: string
}

export interface BackArguments {
  /** The call that led into this function, the first instruction there is, or the end of the run. */
  readonly to: 'caller' | 'beginning' | 'present'
}

export interface OfferedBreakpoints {
  readonly breakpoints: readonly OfferedBreakpoint[]
}

/** On a line (from 1) of a file by the client's path, or on a function by its name. */
export interface OfferedBreakpoint {
  readonly path?: string
  readonly line?: number
  readonly name?: string
  readonly condition?: string
  readonly hitCondition?: string
  readonly logMessage?: string
}

export interface CapsuleArguments {
  /** The ELF file is put into it, too. */
  readonly withProgram: boolean
}

export interface CapsuleAnswer {
  /** The program's. */
  readonly name: string
  readonly base64: string
}

/** What was written, as in DAP's request `dataBreakpointInfo`; or a register by name. */
export interface LastWriteArguments {
  readonly variablesReference?: number
  readonly name: string
  readonly frameId?: number
  readonly bytes?: number
  readonly asAddress?: boolean
  /** `change`: to behind the last write by which it got another value. */
  readonly what?: 'write' | 'read' | 'change'
}

export interface GdbPortRequest {
  /** 0: any that is free. */
  readonly port: number
}

export interface GdbPortAnswer {
  /** `127.0.0.1:3333` */
  readonly address: string
}

export interface TraceSwitch {
  readonly on: boolean
}

export interface TracedRows {
  /** The oldest first. */
  readonly rows: readonly TracedRow[]
}

export interface TracedRow {
  /** So many instructions had been executed. */
  readonly instruction: number
  readonly address: number
  /** On whose behalf the facility acted. */
  readonly owner: 'guest' | 'debugger' | 'host'
  /** `IAC1 latched` */
  readonly what: string
  /** `DBSR 0x00000000 -> 0x00800000` */
  readonly change: string
  /** `0x00100234 <main+0x10> main.c:12` */
  readonly place: string
  /** The file by the client's path and the line, from 1, where they are known. */
  readonly path?: string
  readonly line?: number
}

/** One address comparator of the debug facility and who has it. */
export interface SlotRow {
  readonly name: 'IAC1' | 'IAC2' | 'IAC3' | 'IAC4' | 'DAC1' | 'DAC2'
  /** What holds it, as a person would say it: `main.c:12`, `function main`, `0x00100000`; absent: free. */
  readonly heldBy?: string
  /** The armed address; absent: free. */
  readonly address?: number
  /** Of a pair that is set to a range: its first holds the first address, its second the first address behind it. */
  readonly mode?: 'exact' | 'range'
  /** Left to the program by the launch attribute `reserveSlots`. */
  readonly isReserved?: boolean
  /** Ids of the breakpoints that share it. */
  readonly holders: readonly number[]
}

/** A breakpoint of any kind, and what has become of it. */
export interface BreakpointRow {
  readonly id: number
  readonly kind: 'source' | 'function' | 'instruction' | 'data'
  /** As a person would name it: `main.c:12`, `function main`, `0x00100000`. */
  readonly label: string
  /** Where it was set from: `the editor`, `gdb`. */
  readonly owner: string
  /** `comparator`, `trapWord`, `refused`, or `nowhere`: there is no such place in the program. */
  readonly state: 'comparator' | 'trapWord' | 'refused' | 'nowhere'
  /** What its hover says: where it is, or who has what it would need. */
  readonly message: string
  /** How often it was reached with its condition true. */
  readonly hits: number
  readonly addresses: readonly number[]
  /** On a line: the file by the client's path, the line that was asked for, and the one it is on, from 1. */
  readonly path?: string
  readonly askedLine?: number
  readonly line?: number
  readonly condition?: string
  readonly hitCondition?: string
  readonly logMessage?: string
}

export interface MeasuredRun {
  /** Of `coverage`. */
  readonly files?: readonly MeasuredFile[]
  /** Of `profile`: the text of a .cpuprofile, in which a microsecond is an instruction. */
  readonly profile?: string
}

/** Lines are counted from 1. */
export interface MeasuredFile {
  /** The client's. */
  readonly path: string
  readonly lines: readonly (readonly [line: number, count: number])[]
  /** How often each conditional branch was taken, and passed by. */
  readonly branches: readonly {
    readonly line: number
    readonly address: number
    readonly taken: number
    readonly passed: number
  }[]
  readonly functions: readonly { readonly name: string; readonly line: number; readonly count: number }[]
}

export interface TrapWordArguments {
  /** Of the breakpoint, as in `Snapshot`. */
  readonly id: number
}

export interface UartOutputEvent {
  readonly uart: number
  readonly data: readonly number[]
}

export interface UartInput {
  readonly uart: number
  readonly data: readonly number[]
}
