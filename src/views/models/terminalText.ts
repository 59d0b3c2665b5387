// What a program writes to a terminal, without what a terminal of the editor must not be told by a program.
//
// Passed are text and what draws: colours, cursor, erasing, scrolling, character sets, the second screen. Left out are
// strings to the terminal itself (OSC, DCS, APC, PM, SOS: title, clipboard, links, the editor's own commands), whatever
// makes it answer by itself (status and device reports, mouse and focus reports, ENQ), and numbers so large that drawing
// them takes for ever (`CSI 2147483647 S`). Names as in xterm's "Control Sequences".

/** BEL, BS, HT, LF, VT, FF, CR, SO, SI. */
const CONTROLS = new Set([...'\u0007\b\t\n\u000b\f\r\u000e\u000f'])
/** DECSC, DECRC, IND, NEL, HTS, RI, RIS, DECKPAM, DECKPNM. */
const SINGLES = new Set([...'78DEHMc=>'])
const STRINGS = new Set([...']PX^_'])
/** BEL, CAN, SUB, ST. */
const STRING_ENDS = new Set([...'\u0007\u0018\u001a\u009c'])
const CHARACTER_SETS = new Set([...'()*+-./'])

/** Moves, erases, inserts, deletes, scrolls, repeats, colours, tabs, region; cursor shape and soft reset. */
const DRAWS = /^(?:[\d;:]*[@A-HJKLMPSTXZ`abdefgmrsu]|\d* q|!p)$/
/** Of modes: insert, new line; cursor keys, origin, wrap, blink, cursor, second screen, bracketed paste. */
const MODES = /^(?:(?:4|20)|\?(?:(?:1|6|7|12|25|47|1047|1048|1049|2004);?)+)[hl]$/
const LARGE_NUMBER = /\d{5}/

const LONGEST_SEQUENCE = 64
const LONGEST_STRING = 1024

type TextState = 'text' | 'escape' | 'skip' | 'csi' | 'string' | 'string escape'

/** One for each stream: sequences may arrive in pieces. Holds back no more than one sequence. */
export class TerminalText {
  #state: TextState = 'text'
  #sequence = ''
  #left = 0

  /** What of `text` may be drawn. */
  pass(text: string): string {
    let out = ''
    for (const character of text) out += this.#take(character)
    return out
  }

  #take(character: string): string {
    switch (this.#state) {
      case 'text':
        return this.#text(character)
      case 'escape':
        return this.#escape(character)
      case 'skip':
        this.#state = 'text'
        return CHARACTER_SETS.has(this.#sequence) && /[0-~]/.test(character)
          ? `\u001b${this.#sequence}${character}`
          : ''
      case 'csi':
        return this.#csi(character)
      case 'string':
      case 'string escape':
        return this.#string(character)
    }
  }

  #text(character: string): string {
    if (character === '\u001b') this.#state = 'escape'
    const isControl = character < ' ' || (character >= '\u007f' && character <= '\u009f')
    return isControl && !CONTROLS.has(character) ? '' : character
  }

  #escape(character: string): string {
    if (character === '\u001b') return ''
    this.#state = 'text'
    if (SINGLES.has(character)) return `\u001b${character}`
    this.#sequence = ''
    if (character === '[') this.#state = 'csi'
    else if (STRINGS.has(character)) {
      this.#state = 'string'
      this.#left = LONGEST_STRING
    } else if (CHARACTER_SETS.has(character) || /[ #%]/.test(character)) {
      this.#state = 'skip'
      this.#sequence = character
    } else if (character < ' ') return this.#text(character)
    return ''
  }

  #csi(character: string): string {
    if (!/[ -~]/.test(character) || this.#sequence.length === LONGEST_SEQUENCE) {
      this.#state = 'text'
      return this.#text(character)
    }
    this.#sequence += character
    if (!/[@-~]/.test(character)) return ''
    this.#state = 'text'
    const draws = DRAWS.test(this.#sequence) || MODES.test(this.#sequence)
    return draws && !LARGE_NUMBER.test(this.#sequence) ? `\u001b[${this.#sequence}` : ''
  }

  /** Nothing of it is passed; one that never ends is given up, so that the terminal does not stay silent. */
  #string(character: string): string {
    const isEnd = STRING_ENDS.has(character) || --this.#left === 0
    if (isEnd || (this.#state === 'string escape' && character === '\\')) this.#state = 'text'
    else this.#state = character === '\u001b' ? 'string escape' : 'string'
    return ''
  }
}
