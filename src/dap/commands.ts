// What can be typed in the Debug Console beside expressions. A command is no expression of C, so that none is in the way.

import { engineText, memoryText, slotsText, tlbText, translationText } from '../debuggee/reports.ts'
import { SYSTEM_COMMANDS, systemCommand } from '../debuggee/systems/systems.ts'
import { INTERRUPTS, interruptName } from '../isa/interrupts.ts'
import { takeInterrupt } from '../machine/takeInterrupt.ts'
import { hex32 } from '../util/hex.ts'
import { noInterrupt } from './errors.ts'
import { addressMeant } from './expressionAddress.ts'
import { reportJump } from './handlers/execution.ts'
import { back, goTo, goToCycle, lastTrue, lastWrite } from './handlers/past.ts'
import type { SessionState } from './sessionState.ts'
import { bold } from './styling.ts'

interface Command {
  /** As it is typed. */
  readonly usage: string
  readonly does: string
  readonly pattern: RegExp
  /** @param words what the groups of the pattern have found @returns what the console shows */
  run(state: SessionState, words: readonly string[], frameId: number | undefined): string
}

const GOING = 'Going back …'

const COMMANDS: readonly Command[] = [
  {
    usage: 'last write x · last read x · last change x',
    does: 'go back to who wrote, read or changed a variable, a register or an address last',
    pattern: /^last\s+(write|read|change)\s+(?:of\s+|to\s+)?(\S.*)$/,
    run(state, [what, name], frameId) {
      const asAddress = /^0x[0-9a-f]+$/i.test(name!)
      const place = { name: name!, ...(asAddress && { asAddress }), ...(frameId !== undefined && { frameId }) }
      lastWrite(state, { ...place, what: what as 'write' | 'read' | 'change' })
      return GOING
    },
  },
  {
    usage: 'last true x > 5',
    does: 'go back to where an expression over variables became true last',
    pattern: /^last\s+true\s+(\S.*)$/,
    run(state, [text]) {
      lastTrue(state, text!)
      return GOING
    },
  },
  {
    usage: 'go to cycle 1000000',
    does: 'go to that cycle of the core, or to the first moment after it',
    pattern: /^go\s+to\s+cycle\s+(\d{1,15})$/,
    run(state, [cycle]) {
      goToCycle(state, Number(cycle))
      return 'Going there …'
    },
  },
  {
    usage: 'go to 1000000',
    does: 'go to where so many instructions have been executed, back or forward',
    pattern: /^go\s+to\s+(\d{1,15})$/,
    run(state, [instruction]) {
      goTo(state, { instruction: Number(instruction) })
      return 'Going there …'
    },
  },
  {
    usage: 'back to caller · back to beginning · back to present',
    does: 'go to the call of this function, to the first moment that is known, to the end of the run',
    pattern: /^back\s+to\s+(?:the\s+)?(caller|beginning|present)$/,
    run(state, [to]) {
      back(state, { to: to as 'caller' | 'beginning' | 'present' })
      return GOING
    },
  },
  {
    usage: 'slots',
    does: 'who has IAC1 to IAC4, DAC1 and DAC2',
    pattern: /^slots$/,
    run: ({ target, frontEnd }) => slotsText(target, frontEnd.name),
  },
  {
    usage: 'tlb · tlb 0xc0001000',
    does: 'the valid entries of the TLB; how an address is translated, or which interrupt comes',
    pattern: /^tlb(?:\s+(\S.*))?$/,
    run(state, [text], frameId) {
      const { stoppedTarget: target } = state
      return text === undefined ? tlbText(target) : translationText(target, addressMeant(state, text, frameId))
    },
  },
  {
    usage: 'x/8i $pc · x/16x buffer',
    does: 'instructions or words of memory from there on',
    pattern: /^x\/(\d{0,4})([ix])\s+(\S.*)$/,
    run(state, [count, letter, text], frameId) {
      const address = addressMeant(state, text!, frameId) & ~3
      const kind = letter === 'i' ? 'instructions' : 'words'
      const said = memoryText(state.stoppedTarget, address, Number(count || 1), kind)
      return state.hasStyling ? said.replace(/^=> .*$/m, bold) : said
    },
  },
  {
    usage: 'info line 0x100200',
    does: 'which function and line an address belongs to',
    pattern: /^info\s+line\s+(\S.*)$/,
    run: (state, [text], frameId) => `${state.target.program.describe(addressMeant(state, text!, frameId))}\n`,
  },
  {
    usage: 'interrupt decrementer · interrupt external input · interrupt ivor0',
    does: 'have the core take an interrupt here, as if it had come; its handler finds no cause in a device',
    pattern: /^interrupt\s+(\S.*)$/,
    run(state, [name]) {
      const { stoppedTarget: target } = state
      const ivor = interruptNamed(name!)
      const from = target.program.describe(target.pc)
      target.writing(() => takeInterrupt(target.machine, ivor))
      reportJump(state, `Took the ${interruptName(ivor)} interrupt`, `It came before ${from}.`)
      return `The core stands at the handler of the ${interruptName(ivor)} interrupt.`
    },
  },
  {
    usage: 'engine',
    does: 'what executes the instructions, and how many were executed as compiled code',
    pattern: /^engine$/,
    run: ({ target }) => engineText(target),
  },
  {
    usage: 'where',
    does: 'say which instruction of the run this is',
    pattern: /^where$/,
    run({ stoppedTarget: target }) {
      const { retired } = target.machine
      const place = `instruction ${retired}, ${hex32(target.pc)}`
      if (!target.hasHistory) return `At ${place}.`
      const { first, last } = target.reach
      return `At ${place}; the history goes from ${first} to ${last}${target.isInPast ? ', so this is the past' : ''}.`
    },
  },
  {
    usage: 'save flash',
    does: 'write what was programmed into flash to its file, where the board says "keep"',
    pattern: /^save\s+flash$/,
    run(state) {
      if (state.keptFlash === undefined) return 'No flash of this board is kept in a file: "keep" of its ROM says so.'
      void state.keepFlash()
      return 'Writing what is new …'
    },
  },
  {
    usage: 'help',
    does: 'this list',
    pattern: /^help$/,
    run: ({ hasStyling }) =>
      [
        ...[...COMMANDS, ...SYSTEM_COMMANDS.map(({ name, does }) => ({ usage: name, does }))].map(
          ({ usage, does }) => `${hasStyling ? bold(usage) : usage}\n    ${does}`,
        ),
        'Everything else is an expression of C over the program: variables, $r3, dbcr0.IDM, *(int *)0x100000, x = 5.',
      ].join('\n'),
  },
]

/** What a command says; undefined for what is none, or the name of something of the program. */
export function commanded(state: SessionState, text: string, frameId: number | undefined): string | undefined {
  const typed = text.trim()
  if (isName(state, typed, frameId)) return undefined
  for (const { pattern, run } of COMMANDS) {
    const words = pattern.exec(typed)
    if (words !== null) return run(state, words.slice(1), frameId)
  }
  return SYSTEM_COMMANDS.some(({ name }) => name === typed) ? systemCommand(state.stoppedTarget, typed) : undefined
}

/** By the manual's name, or by its beginning where that is enough; or by its number. @throws UserError */
function interruptNamed(text: string): number {
  const number = /^ivor(\d{1,2})$/i.exec(text)?.[1]
  const wanted = text.toLowerCase().replaceAll('-', ' ')
  const found = INTERRUPTS.filter(ivor =>
    number === undefined
      ? interruptName(ivor).toLowerCase().replaceAll('-', ' ').startsWith(wanted)
      : ivor === Number(number),
  )
  if (found.length !== 1) throw noInterrupt(text, INTERRUPTS.map(interruptName))
  return found[0]!
}

function isName(state: SessionState, text: string, frameId: number | undefined): boolean {
  if (!/^\w+$/.test(text)) return false
  try {
    state.evaluate(text, frameId)
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}
