// How text is set off for a client that draws the control sequences of ECMA-48 (SGR): what is bold, and what recedes.

const sgr = (on: number, text: string): string => `\u001b[${on}m${text}\u001b[22m`
export const bold = (text: string): string => sgr(1, text)
const faint = (text: string): string => sgr(2, text)

/** `<optimized out>` is no value, but what there is to say in its place. */
export const withRemarks = (value: string): string => value.replace(/^<[^<>"']+>$/, faint)
