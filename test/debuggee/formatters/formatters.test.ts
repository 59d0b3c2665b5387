import { beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/debuggee/evaluation.ts'
import { type Child, filteredChildren } from '../../../src/debuggee/tree.ts'
import { row, variableRow } from '../../../src/debuggee/values.ts'
import type { Context } from '../../../src/expr/context.ts'
import type { Formatter } from '../../../src/expr/formatters/formatter.ts'
import { createFormatters } from '../../../src/expr/formatters/formatters.ts'
import { sizeOf } from '../../../src/symbols/types.ts'
import { LinuxProgram } from '../../support/linuxProgram.ts'
import { Random } from '../../support/random.ts'
import { have } from '../../support/tools.ts'
import { bothViews, havePrinters, type Look, looks } from './seen.ts'

const skip = !have('powerpc-linux-gnu-g++')

const built = (level: string): string => new LinuxProgram('linux/containers.cc', '-std=c++20', level).path

let plain: string
beforeAll(() => {
  if (!skip) plain = built('-O0')
}, 60_000)

describe("the rows of libstdc++'s containers", () => {
  it.each(['-O0', '-O2'])(
    "built with %s are what gdb's printers show",
    { skip: skip || !havePrinters, timeout: 60_000 },
    level => {
      const stops = bothViews(level === '-O0' ? plain : built(level))
      expect(stops).toHaveLength(4)
      for (const { ours, theirs } of stops) {
        expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort())
        // gdb's printers show nothing of an object of which any part was optimized out.
        const whole = Object.keys(theirs).filter(name => theirs[name] !== '<optimized out>')
        for (const name of whole) expect([name, ours[name]]).toEqual([name, theirs[name]])
        expect(whole.length).toBeGreaterThan(level === '-O0' ? 13 : 6)
      }
    },
  )

  it('can be asked for again by the expressions they name', { skip, timeout: 60_000 }, () => {
    let checked = 0
    for (const { context, variables } of looks(plain)) {
      const check = (row: Child, depth: number) => {
        const name = row.evaluateName
        const again = name === undefined ? undefined : evaluate(context, name)
        expect([row.name, name, again?.value, again?.place]).toEqual([row.name, name ?? 'none', row.value, row.place])
        checked++
        if (depth > 0 && row.name !== '[raw]') for (const child of some(row)) check(child, depth - 1)
      }
      for (const variable of variables) check(variableRow(variable, { context }), 2)
    }
    expect(checked).toBeGreaterThan(700)
  })
})

describe('a large container', () => {
  it('is fetched in parts, its elements by number and what has a name for itself', { skip }, () => {
    const many = evaluate(stopIn('sequences').context, 'many')
    expect([many.indexedVariables, many.namedVariables]).toEqual([5000, 1])
    const names = (filter?: 'indexed' | 'named', start?: number, count?: number) =>
      filteredChildren(many.container!, filter, start, count).map(({ name }) => name)
    expect(names('named')).toEqual(['[raw]'])
    expect(names('indexed', 4998, 100)).toEqual(['[4998]', '[4999]'])
    expect(names()).toHaveLength(5001)
    expect(many.container!.child!('[4999]')?.value).toBe('1')
    expect(many.container!.child!('[5000]')).toBeUndefined()
  })

  it('of few elements is fetched at once', { skip }, () => {
    const { container, indexedVariables } = evaluate(stopIn('sequences').context, 'numbers')
    expect(indexedVariables).toBeUndefined()
    expect(container!.children().map(({ name }) => name)).toEqual(['[0]', '[1]', '[2]', '[raw]'])
  })
})

/** Its first rows and its last ones. */
function some({ container, indexedVariables = 0 }: Child): readonly Child[] {
  if (indexedVariables === 0) return container?.children().filter(isOwn) ?? []
  const ends = [container!.children(0, 30), container!.children(indexedVariables - 3, 30)]
  return [...ends.flat(), ...(container!.named?.() ?? [])]
}

/** A base class without members is no row to ask for. */
const isOwn = ({ name, value }: Child): boolean => !(value === '{}' && name.startsWith('std::'))

/** The first stop in a function's call, of a run of its own. */
const stops = new Map<string, Look>()
function stopIn(where: string): Look {
  let stop = stops.get(where)
  if (stop === undefined) {
    for (stop of looks(plain)) if (stop.caller.startsWith(where)) break
    stops.set(where, stop!)
  }
  return stop!
}

/** What an expression gives there. */
function at(where: string): (text: string, formatters?: Context['formatters']) => string {
  const { context } = stopIn(where)
  return (text, formatters = context.formatters!) => evaluate({ ...context, formatters }, text).value
}

/** The same, with what is assigned; and then all is as it was before. */
function damaged(where: string, damage: string, check: (value: (text: string) => string) => void): void {
  const { context } = stopIn(where)
  const undo: (() => void)[] = []
  const writeMemory: Context['writeMemory'] = (address, bytes) => {
    const before = context.readMemory(address, bytes.length)!
    undo.push(() => void context.writeMemory(address, before))
    return context.writeMemory(address, bytes)
  }
  try {
    evaluate({ ...context, writeMemory }, damage, { assignment: true })
    check(text => evaluate(context, text).value)
  } finally {
    for (const each of undo.reverse()) each()
  }
}

describe('expressions', () => {
  // What the program's own expressions would give (C++17, §26 and §23), by what it put there.
  it.each([
    ['sequences', { 'numbers[1]': '2', 'same[2]': '3', '(*pointer)[0]': '1', 'pointer->_M_impl._M_start[1]': '2' }],
    [
      'sequences',
      { 'queue[0]': '-149', 'queue[449]': '299', 'grid[1][0]': '3', 'bits[64]': 'true', 'bits[65]': 'false' },
    ],
    ['sequences', { 'items[0].name == "first"': '1', 'words[2][0] == "a"': '0', 'many[4999] > 0.5': '1' }],
    ['texts', { 'text[2]': "110 'n'", 'brief == "short"': '1', 'taken != brief': '1', 'view == "name"': '1' }],
    ['trees', { 'ages["Grace"]': '85', 'items[3].name': '"three"', 'colors[GREEN]': 'false', 'reals[1e30]': '2' }],
    ['trees', { 'points["unit"].y': '1', 'doubles[2]': '2.5', 'many[499]': String(many(499)) }],
    ['single', { '*some + 1': '2', 'item->key': '9', 'owned->name': '"owned"', 'shared->key + 1': '3' }],
    ['single', { 'block[2]': '3', '*pointers[0]': '5', 'item->sizes[1]': '9', '(*text)[1]': "101 'e'" }],
  ])('in %s index and follow containers as the source does', { skip }, (where, expected) => {
    const value = at(where)
    expect(Object.fromEntries(Object.keys(expected).map(text => [text, value(text)]))).toEqual(expected)
  })

  it('say what a container has not', { skip }, () => {
    const [sequences, trees, single] = ['sequences', 'trees', 'single'].map(at)
    expect(() => sequences!('numbers[3]')).toThrow('it has the elements 0 to 2, and none with number 3')
    expect(() => sequences!('none[0]')).toThrow('it has no elements')
    expect(() => trees!('ages["Bob"]')).toThrow('it has no such key')
    expect(() => trees!('ages[3]')).toThrow('its keys cannot be compared with that')
    expect(() => single!('*none')).toThrow('there is no object in it')
  })
})

/** `many[i * 7 % 500] = i`. */
function many(key: number): number {
  return Array.from({ length: 500 }, (_, i) => i).find(i => (i * 7) % 500 === key)!
}

describe('a damaged container', () => {
  it.each([
    [
      'sequences',
      'numbers',
      'numbers._M_impl._M_finish = numbers._M_impl._M_start - 3',
      'its end lies before its beginning',
    ],
    ['sequences', 'numbers', 'numbers._M_impl._M_end_of_storage = 0', 'its end lies before its beginning'],
    ['sequences', 'list', 'list._M_impl._M_node._M_next = 0x12345678', 'its nodes do not lead back to it'],
    ['sequences', 'queue', 'queue._M_impl._M_start._M_node = 4', 'are not all in memory'],
    ['texts', 'text', 'text._M_string_length = 0x80000000', 'its 2147483648 characters are not all in memory'],
    ['trees', 'ages', 'ages._M_t._M_impl._M_header._M_parent = 4', 'its nodes do not lead back to it'],
    ['trees', 'doubles', 'doubles._M_h._M_before_begin._M_nxt = 4', 'its 3 elements are not all in memory'],
  ])('in %s, %s after %s, is said to be one', { skip }, (where, name, damage, why) => {
    damaged(where, damage, value => {
      expect(value(name)).toContain('<not initialized, or damaged: ')
      expect(value(name)).toContain(why)
      expect(value(`${name},!`)).toMatch(/^{/)
    })
  })

  it.each([
    ['a list', 'sequences', 'list', 'list._M_impl._M_node._M_next->_M_next->_M_next = list._M_impl._M_node._M_next'],
    [
      'a list that does not say its length',
      'sequences',
      'forward',
      'forward._M_impl._M_head._M_next->_M_next = forward._M_impl._M_head._M_next',
    ],
    [
      'a tree',
      'trees',
      'letters',
      'letters._M_t._M_impl._M_header._M_parent->_M_left->_M_right = letters._M_t._M_impl._M_header._M_parent',
    ],
  ])('%s whose nodes form a ring shows each of them once', { skip }, (_what, where, name, damage) => {
    const before = at(where)(name)
    damaged(where, damage, value => {
      expect(value(name)).toContain('<its nodes form a ring>')
      expect(value(name).length).toBeLessThan(before.length + 50)
    })
  })

  it('of any contents has rows, for which little is read', { skip, timeout: 60_000 }, () => {
    const random = new Random(440)
    for (const { context, variables, target } of ['sequences', 'texts', 'trees', 'single'].map(stopIn)) {
      // What may look like a pointer, a small number or anything.
      const words = [0, 1, 4, 0x7fff_ffff, -1, Number(target.register('r1')), 0x1014_0000]
      for (const variable of variables) {
        const place = variable.locate(context.frame)
        const size = sizeOf(variable.typeIn(context.frame)) ?? 4
        if (place.kind !== 'memory') continue
        const before = context.readMemory(place.address, size)!
        for (let n = 0; n < 20; n++) {
          const view = new DataView(new ArrayBuffer(size + 3))
          const near = random.chance(50) ? place.address : random.pick(words)
          for (let at = 0; at < size; at += 4)
            view.setInt32(
              at,
              random.chance(70) ? near + 4 * random.below(16) : random.chance(50) ? random.pick(words) : random.word(),
            )
          context.writeMemory(place.address, new Uint8Array(view.buffer, 0, size))
          let reads = 0
          const readMemory: Context['readMemory'] = (address, length) => {
            reads++
            return context.readMemory(address, length)
          }
          const counting = { context: { ...context, readMemory } }
          const shown = row(variable.name, { type: variable.typeIn(context.frame), place }, counting)
          for (const child of some(shown)) some(child)
          expect([variable.name, reads < 300_000]).toEqual([variable.name, true])
        }
        context.writeMemory(place.address, before)
      }
    }
  })
})

describe('a table of formatters', () => {
  const rows: readonly Formatter[] = [
    { type: 'Point', show: 'parts', parts: { across: 'x', 'twice as high': '2 * y' } },
    { type: 'Item', show: 'as', value: 'sizes' },
    { type: 'std::vector', show: 'as', value: 'missing' },
    { type: 'std::vector<short, *>', show: 'as', value: '*this_is_no_member' },
    { type: 'std::vector', show: 'array', first: '_M_impl._M_start', size: '1' },
  ]

  it('has rows of the user, of which those that name no member of a type are not for it', { skip }, () => {
    const formatters = createFormatters(rows)
    const [sequences, trees] = [at('sequences'), at('trees')]
    expect(trees('*(Point *)&points._M_h', formatters)).toMatch(/^{across = -?\d+, twice as high = /)
    expect(sequences('numbers', formatters)).toBe('size=1 {1}')
    expect(sequences('items', formatters)).toBe('size=1 {size=1 {1}}')
  })

  it('whose rows lead to each other comes to an end', { skip }, () => {
    const formatters = createFormatters([{ type: 'Item', show: 'as', value: '(*(Item *)&key)' }])
    expect(at('sequences')('items._M_impl._M_start[0]', formatters)).toContain('its formatters lead to each other')
  })
})
