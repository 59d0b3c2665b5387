// What comes from a program, a path or a launch file is text and nothing else, wherever it is shown.

/** No file name or message of a program says more to a person; longer ones freeze what draws them. */
const LONGEST = 4000

/**
 * For a notification of VS Code, which makes a live link of `[words](address)`, commands among the addresses, and knows
 * no escapes: with a space between the two they stay text.
 */
export function forNotification(text: string): string {
  return shortened(withoutControls(text)).replaceAll('](', '] (')
}

/** For Markdown: every character that could begin something is escaped; a line break is a space. */
export function forMarkdown(text: string): string {
  return shortened(withoutControls(text))
    .replace(/[\\`*_{}[\]()#+\-.!|<>&~$:@^="'/]/g, '\\$&')
    .replace(/\s+/g, ' ')
}

/** One line, for the name of a session, a terminal or a row; it may come to stand in a notification. */
export function forTitle(text: string): string {
  return forNotification(text).replace(/\s+/g, ' ')
}

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

/** Neither terminal sequences nor marks that turn the direction of writing around; line breaks and tabs stay. */
export function withoutControls(text: string): string {
  return text.replace(/(?![\t\r\n])[\p{Cc}\p{Bidi_Control}]/gu, '')
}

const STYLING = new RegExp(`${String.fromCharCode(27)}\\[\\d*m`, 'g')

/** What the adapter has styled for the client's own views, for one that draws plain text. */
export const withoutStyling = (text: string): string => text.replace(STYLING, '')
