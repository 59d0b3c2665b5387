// The text of modules, by their parts written out here (WebAssembly specification, 5.5).

import { expect, test } from 'vitest'
import { wasmText } from './wasmText.ts'

/** Magic and version; one type: i32, i32 to i32; one function of it; its code. */
const sum = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x09, 0x01, 0x07, 0x00, 0x20, 0x00, 0x20, 0x01, 0x6a, 0x0b],
])

test('a module is shown with its operators folded', async () => {
  expect(new WebAssembly.Module(sum)).toBeDefined()
  const text = await wasmText(sum)
  expect(text).toContain('(param $p0 i32) (param $p1 i32) (result i32)')
  expect(text.replace(/\s+/g, ' ')).toContain('(i32.add (local.get $p0) (local.get $p1))')
})

test('a module in the middle of a buffer', async () => {
  const bytes = Uint8Array.from([7, 7, ...sum, 7])
  expect(await wasmText(bytes.subarray(2, -1))).toBe(await wasmText(sum))
})

test('what is no module is an error', async () => {
  await expect(wasmText(sum.slice(0, -1))).rejects.toThrow()
})
