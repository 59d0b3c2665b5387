// Containers of a user's own, by rows in launch.json.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseLaunch } from '../../src/dap/launchArguments.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const GXX = 'powerpc-linux-gnu-g++'
const FLAGS = ['-mcpu=440', '-g', '-O0', '-ffreestanding', '-fno-pic', '-fno-exceptions', '-fno-rtti', '-mno-sdata']
const LINK = ['-nostdlib', '-static', '-no-pie', '-fno-stack-protector', '-Wl,-Ttext-segment=0x100000', '-Wl,-e,main']

const SOURCE = `
template <typename T, int Size> struct Ring { T slots[Size]; int head, used; };
struct Job { int job; Job *next; };
struct queue { Job *head; };
struct Shared { int count, value; };
struct Counted { Shared *object; };
struct Node { Node *left, *right; int key; };
struct Bag { Node *root; int size; };
template <typename... Types> struct Either { int which; char bytes[8]; };
struct Fixed { int bits; };
struct Grown { int *first, *last; };
int numbers[] = { 7, 8, 9 };
Ring<int, 4> ring = { { 30, 0, 10, 20 }, 2, 3 };
Ring<char, 3> empty;
Job second = { 2, nullptr }, first = { 1, &second };
queue jobs = { &first };
Shared shared = { 2, 40 };
Counted counted = { &shared }, nobody;
Node one = { nullptr, nullptr, 1 }, three = { nullptr, nullptr, 3 }, two = { &one, &three, 2 };
Bag bag = { &two, 3 };
Either<int, short> either = { 1, { 0, 5 } };
Fixed fixed = { 384 };
Grown grown = { numbers, numbers + 3 }, wrong = { numbers + 1, numbers };
int main() { return ring.used + empty.used + jobs.head->job + counted.object->count + bag.size + either.which + fixed.bits + (int)(grown.last - wrong.first) + (nobody.object != nullptr); }
`

/** The rows that README.md shows, and others. */
const README = /"formatters": (\[[\s\S]*?\n\])/.exec(readFileSync('README.md', 'utf8'))![1]!
const ROWS = [
  ...(JSON.parse(README) as object[]),
  {
    type: 'Bag',
    show: 'tree',
    size: 'size',
    root: 'root',
    left: 'node->left',
    right: 'node->right',
    value: 'node->key',
  },
  { type: 'Either', show: 'variant', index: 'which', storage: 'bytes' },
  { type: 'Fixed', show: 'parts', parts: { whole: 'bits >> 8', half: 'bits & 255' } },
  {
    type: 'Grown',
    show: 'array',
    names: { length: 'last - first' },
    valid: { 'its end lies before its beginning': 'length >= 0' },
    first: 'first',
    size: 'length',
  },
]

describe.skipIf(!have(GXX))('formatters in launch.json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppc440-formatters-'))
  const program = join(folder, 'prog.elf')
  let dap: DapClient

  beforeAll(() => {
    writeFileSync(join(folder, 'prog.cc'), SOURCE)
    execFileSync(GXX, [...FLAGS, ...LINK, '-o', program, 'prog.cc'], { cwd: folder, stdio: 'ignore' })
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(() => dap?.session.dispose())

  async function stopped(formatters: readonly object[]): Promise<void> {
    dap = new DapClient()
    await dap.launch(program, { formatters, stopOnEntry: true })
    await dap.stopped()
  }

  // By what the source puts there.
  test.each([
    ['ring', 'size=3 {10, 20, 30}'],
    ['ring[1] + 1', '21'],
    ['ring,!', '{slots = {30, 0, 10, 20}, head = 2, used = 3}'],
    ['empty', 'size=0 {}'],
    ['jobs', 'size=2 {1, 2}'],
    ['jobs[1]', '2'],
    ['counted->value', '40'],
    ['bag', 'size=3 {1, 2, 3}'],
    ['bag[2]', '3'],
    ['either', '5'],
    ['fixed', '{whole = 1, half = 128}'],
    ['grown', 'size=3 {7, 8, 9}'],
    ['wrong', '<not initialized, or damaged: its end lies before its beginning>'],
  ])('show %s as its author sees it', async (expression, expected) => {
    await stopped(ROWS)
    const value = await dap.evaluate(expression).catch((error: Error) => error.message)
    expect(value).toContain(expected)
  })

  test('tell their notes with a pointer', async () => {
    await stopped(ROWS)
    expect(await dap.evaluate('counted')).toMatch(/^0x[0-9a-f]{8}.* \(count 2\)$/)
  })

  test('say with the number of the row what a type has not', async () => {
    await stopped([
      ROWS[0]!,
      { type: 'Ring', show: 'items', size: 'used', item: 'slots[i]' },
      { type: 'queue', show: 'as', value: 'tail' },
    ])
    expect(await dap.evaluate('ring')).toBe('size=3 {10, 20, 30}')
    expect(await dap.evaluate('jobs')).toMatch(/^<"formatters\[2\]" in launch\.json: queue has no tail: /)
    expect(await dap.evaluate('jobs.head->job')).toBe('1')
    dap.session.dispose()

    await stopped([{ ...(ROWS[1] as object), value: 'node->what' }])
    expect(await dap.evaluate('jobs')).toMatch(/^<"formatters\[0\]" in launch\.json: .* what/)
  })
})

describe('a row that is none', () => {
  test.each([
    [['Ring'], /"formatters\[0\]" is "Ring": it must be an object/],
    [[{ type: 'Ring' }], /"formatters\[0\]\.show" is missing: it must be one of "as", "parts"/],
    [[ROWS[0], { type: 'Ring', show: 'ring' }], /"formatters\[1\]\.show" is "ring": it must be one of/],
    [[{ show: 'as', value: 'x' }], /"formatters\[0\]\.type" is missing/],
    [[{ type: 'Ring', show: 'items', size: 'used' }], /"formatters\[0\]\.item" is missing: it must be a text/],
    [[{ type: 'Ring', show: 'items', size: 3, item: 'x' }], /"formatters\[0\]\.size" is 3: it must be a text/],
    [
      [{ type: 'Ring', show: 'items', size: 'u', itm: 'x', item: 'x' }],
      /"formatters\[0\]\.itm" is "x": it must be "item"/,
    ],
    [
      [{ type: 'Ring', show: 'as', value: 'x', colour: 'red' }],
      /formatters\[0\]\.colour" .* left out: a row that shows "as" has type, show, value/,
    ],
    [[{ type: 'Ring', show: 'parts', parts: { a: 1 } }], /"formatters\[0\]\.parts\["a"\]" is 1/],
  ])('is refused with its number: %j', (formatters, expected) => {
    expect(() => parseLaunch({ program: 'a.elf', formatters })).toThrow(expected)
  })
})
