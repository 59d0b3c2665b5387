// What somebody may have meant who wrote a name that is none.

const MOST_MISTAKES = 2

/** The name most like `written`, where the two differ by no more than a slip or two of the keyboard. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let least = MOST_MISTAKES + 1
  for (const name of names) {
    const distance = distanceOf(written.toLowerCase(), name.toLowerCase())
    if (distance < least) [best, least] = [name, distance]
  }
  return best
}

/** How many letters are to be put in, taken out or replaced; Levenshtein's, row by row. */
function distanceOf(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_MISTAKES) return MOST_MISTAKES + 1
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + Number(a[i - 1] !== b[j - 1])
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1))
    }
    above = row
  }
  return above[b.length]!
}
