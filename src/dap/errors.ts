// Every mistake a user of the adapter can make, by name: what happened, and what to do.

import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import { describe, type Misfit } from './shapes.ts'

export const noPorts = (): UserError =>
  new UserError(
    'no-ports',
    'there are no ports here at which gdb could be served: this is a browser',
    'use VS Code on a desktop or over a remote connection, or ppc440 gdb',
  )

export const noProgram = (): UserError =>
  new UserError(
    'no-program',
    'the launch configuration has no "program"',
    'set "program" to the ELF file to debug, for example "${workspaceFolder}/build/firmware.elf"',
  )

export const emptyCapsule = (name: string): UserError =>
  new UserError('no-program', `the capsule has no program in it`, `set "program" to the ${name} it was recorded with`)

export const badAttribute = (name: string, value: unknown, wanted: string): UserError =>
  new UserError('bad-attribute', `"${name}" is ${describe(value)}`, `it must be ${wanted}`)

export const badArgument = (command: string, { path, value, wanted }: Misfit): UserError =>
  new UserError('bad-argument', `${command}: "${path}" is ${describe(value)}`, `it must be ${wanted}`)

/** @param threads those there are */
export const noThread = (number: number, threads: readonly number[]): UserError =>
  new UserError('no-thread', `there is no thread ${number}`, `ask for ${threads.join(', ')}`)

export const noLine = (line: number, first: number): UserError =>
  new UserError('no-line', `there is no line ${line}`, `the first is ${first}`)

export const unreadable = (path: string, why: string): UserError =>
  new UserError(
    'unreadable',
    `cannot read ${path} (${why})`,
    'build the program first, or correct its path in launch.json',
  )

/** Instructions can be gone to from the beginning of the history to the end of the run. */
export const noSuchMoment = (instruction: number, first: number, last: number): UserError =>
  new UserError(
    'no-such-moment',
    `instruction ${instruction} is not in the history, which goes from ${first} to ${last}`,
    'go to one of these; "history" in launch.json says how much memory the history may take',
  )

export const noSuchCycle = (cycle: number, last: number): UserError =>
  new UserError('no-such-moment', `the run has not come to cycle ${cycle}: it is at ${last}`, 'go to one before that')

export const forgottenCycle = (cycle: number, first: number): UserError =>
  new UserError(
    'no-such-moment',
    `cycle ${cycle} is not kept any more: the history begins at ${first}`,
    'give it more memory with "history" in launch.json',
  )

/** @param why a sentence */
export const noPlaceToWatch = (why: string): UserError =>
  new UserError('no-place', why.replace(/\.$/, ''), 'ask for a variable in memory, an address, or a register')

export const running = (): UserError => new UserError('running', 'the program is running', 'pause it to look at this')

export const unknownRequest = (command: string): UserError =>
  new UserError(
    'unknown-request',
    `the adapter does not know the request ${describe(command)}`,
    'it is not needed for debugging here',
  )

export const stale = (): UserError => new UserError('stale', 'this was read at an earlier stop', 'expand it again')

export const badReference = (reference: string): UserError =>
  new UserError('bad-reference', `${describe(reference)} is not an address`, 'use a number such as 0x00100000')

export const readOnly = (name: string): UserError =>
  new UserError('read-only', `${name} cannot be changed`, 'only variables, members and registers can')

export const noMemory = (address: number): UserError =>
  new UserError('no-memory', `there is no memory at ${address}`, 'an address is from 0 to 0xffffffff')

/** `there` of the `wanted` bytes from `address` on are RAM. */
export const notAllMemory = (address: number, there: number, wanted: number): UserError =>
  there === 0
    ? new UserError('no-ram', `there is no RAM at ${hex32(address)}`, 'write where the program has memory')
    : new UserError(
        'not-all-ram',
        `only ${there} of the ${wanted} bytes at ${hex32(address)} are RAM; nothing was written`,
        'write fewer bytes, or ask with "allowPartial"',
      )

export const badData = (data: string): UserError =>
  new UserError('bad-data', `${describe(data)} is no base64`, 'send bytes as RFC 4648 has them')

export const tooMuch = (count: number, what: string, most: number): UserError =>
  new UserError('too-much', `${count} ${what} are too many for one request`, `ask for at most ${most} at once`)

export const noUart = (uart: number): UserError =>
  new UserError('no-uart', `the program has no UART${uart}`, 'type into UART0')

export const noTrapWord = (id: number): UserError =>
  new UserError(
    'no-trap-word',
    `there is no breakpoint ${id} on an instruction`,
    'only instructions can be replaced by a trap word',
  )

export const noLocation = (location: number): UserError =>
  new UserError('no-location', `there is no location ${location}`, 'ask for one that came with a variable')

export const noSource = (sourceReference: number): UserError =>
  new UserError('no-source', `there is no source ${sourceReference}`, 'open the file by its path')

/** @param why a sentence, with what to do */
export const noWay = (line: string, why: string): UserError => new UserError('no-way', `cannot run to ${line}`, why)

export const noRestart = (): UserError =>
  new UserError(
    'no-restart',
    'this frame cannot be begun again',
    'choose one with a function of its own, in a session with a "history"',
  )

export const noInterrupt = (name: string, names: readonly string[]): UserError =>
  new UserError('no-interrupt', `${describe(name)} is not the name of one interrupt`, `there are ${names.join(', ')}`)

export const noStepTarget = (): UserError =>
  new UserError(
    'no-step-target',
    'this line has no such call',
    'ask for the targets of the line where the program stands',
  )
