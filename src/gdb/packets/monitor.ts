// qRcmd: what is typed after `monitor`. Commands of ours for what gdb has no words for.

import { slotsText, tlbText, translationText } from '../../debuggee/reports.ts'
import { SYSTEM_COMMANDS, systemCommand } from '../../debuggee/systems/systems.ts'
import { UserError } from '../../util/userError.ts'
import type { GdbSession, Reply } from '../session.ts'
import { textOfHex } from '../text.ts'

interface Command {
  readonly usage: string
  readonly does: string
  /** @returns what is shown */
  readonly run: (session: GdbSession, argument: string) => string
}

const COMMANDS: Readonly<Record<string, Command>> = {
  help: { usage: 'help', does: 'this list', run: help },
  slots: {
    usage: 'slots',
    does: 'who holds the comparators IAC1-IAC4, DAC1 and DAC2',
    run: ({ target, name }) => slotsText(target, name),
  },
  tlb: { usage: 'tlb [ADDRESS]', does: 'the valid entries of the TLB, or how an address is translated', run: tlb },
  uart: { usage: 'uart [TEXT]', does: 'type TEXT and Enter into UART0 or standard input', run: uart },
  reset: { usage: 'reset', does: 'begin the program anew', run: reset },
  exit: { usage: 'exit', does: 'end the program and the server', run: exit },
  trace: { usage: 'trace on|off', does: 'tell at every stop what the debug facility did', run: trace },
}

export function monitorCommand(session: GdbSession, text: string): Reply {
  const line = textOfHex(text.slice(1))?.trim()
  if (line === undefined) return 'E01'
  const [, name = '', argument = ''] = /^(\S*)\s*(.*)$/s.exec(line) ?? []
  const command = name === '' ? COMMANDS.help : Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  const said = command === undefined ? ofSystem(session, name) : command.run(session, argument)
  if (said !== '') session.console(said)
  return 'OK'
}

/** A command of the operating system that is the program. */
function ofSystem({ target }: GdbSession, name: string): string {
  try {
    return systemCommand(target, name) ?? `There is no command "${name}".\n${help()}`
  } catch (error) {
    if (error instanceof UserError) return `${error.message}\n`
    throw error
  }
}

function help(): string {
  const systems = SYSTEM_COMMANDS.map(({ name, does }) => ({ usage: name, does }))
  const rows = [...Object.values(COMMANDS), ...systems].map(
    ({ usage, does }) => `monitor ${usage.padEnd(14)} ${does}\n`,
  )
  return rows.join('')
}

function tlb({ target }: GdbSession, argument: string): string {
  if (argument === '') return tlbText(target)
  const address = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(argument) ? Number(argument) : Number.NaN
  if (!(address < 2 ** 32)) return 'Write "monitor tlb" or "monitor tlb 0x100000".\n'
  return translationText(target, address)
}

function uart({ target }: GdbSession, text: string): string {
  target.type(0, [...new TextEncoder().encode(`${text}\n`)])
  return `Typed: ${text}\n`
}

function reset(session: GdbSession): string {
  if (session.host.isShared) return 'The program belongs to the editor as well: begin it anew there.\n'
  session.restart()
  return 'The program stands at its first instruction. gdb remembers registers: "maintenance flush register-cache".\n'
}

function exit(session: GdbSession): string {
  if (session.host.isShared) return 'The program belongs to the editor as well: end it there.\n'
  session.afterReply(() => session.host.close())
  return ''
}

function trace({ target }: GdbSession, argument: string): string {
  if (argument !== 'on' && argument !== 'off') return 'Write "monitor trace on" or "monitor trace off".\n'
  target.trace(argument === 'on')
  return `The trace of the debug facility is ${argument}.\n`
}
