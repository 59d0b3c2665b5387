// Makes media/debugging.gif of the pictures that test/e2e/browser/pictures.test.ts has taken. Only what changes from one
// to the next is written; colours are those of the picture, at most 255.
import { readFileSync, writeFileSync } from 'node:fs'
import gifenc from 'gifenc'
import { PNG } from 'pngjs'

const { GIFEncoder, quantize, applyPalette } = gifenc
const OUTPUT = 'media/debugging.gif'
const MOST_KB = 400
/** Milliseconds that each is shown. */
const DELAY = 1800
const UNCHANGED = 255

const pictures = [1, 2, 3, 4, 5, 6].map(n => PNG.sync.read(readFileSync(`test/e2e/shots/readme-${n}.png`)))
const { width, height } = pictures[0]
const all = Buffer.concat(pictures.map(({ data }) => data))
const palette = quantize(all, UNCHANGED, { format: 'rgb444' })
while (palette.length <= UNCHANGED) palette.push([0, 0, 0])

const gif = GIFEncoder()
let before
for (const { data } of pictures) {
  const shown = applyPalette(data, palette.slice(0, UNCHANGED), 'rgb444')
  const index = before === undefined ? shown : shown.map((colour, at) => (colour === before[at] ? UNCHANGED : colour))
  gif.writeFrame(index, width, height, {
    ...(before === undefined ? { palette, repeat: 0 } : { transparent: true, transparentIndex: UNCHANGED, dispose: 1 }),
    delay: DELAY,
  })
  before = shown
}
gif.finish()
writeFileSync(OUTPUT, gif.bytes())
const kilobytes = gif.bytes().length / 1000
console.log(`${OUTPUT}: ${kilobytes.toFixed(0)} kB`)
if (kilobytes > MOST_KB) process.exitCode = 1
