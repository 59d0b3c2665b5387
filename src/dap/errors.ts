// Every mistake a user of the adapter can make, by name: what happened, and what to do.

import { UserError } from '../util/userError.ts'

export const noProgram = (): UserError =>
  new UserError(
    'no-program',
    'the launch configuration has no "program"',
    'set "program" to the ELF file to debug, for example "${workspaceFolder}/build/firmware.elf"',
  )

export const badAttribute = (name: string, value: unknown, wanted: string): UserError =>
  new UserError('bad-attribute', `"${name}" is ${JSON.stringify(value)}`, `it must be ${wanted}`)

export const unreadable = (path: string, why: string): UserError =>
  new UserError(
    'unreadable',
    `cannot read ${path} (${why})`,
    'build the program first, or correct its path in launch.json',
  )

export const notLaunched = (): UserError =>
  new UserError('not-launched', 'no program has been launched', 'send "launch" first')

export const running = (): UserError => new UserError('running', 'the program is running', 'pause it to look at this')

export const unknownRequest = (command: string): UserError =>
  new UserError(
    'unknown-request',
    `the adapter does not know the request "${command}"`,
    'it is not needed for debugging here',
  )

export const stale = (): UserError => new UserError('stale', 'this was read at an earlier stop', 'expand it again')

export const badReference = (reference: string): UserError =>
  new UserError('bad-reference', `"${reference}" is not an address`, 'use a number such as 0x00100000')

export const readOnly = (name: string): UserError =>
  new UserError('read-only', `${name} cannot be changed`, 'only variables, members and registers can')
