// What of a source is a name that a stopped program can be asked about.

import { describe, expect, test } from 'vitest'
import { beginningOf, expressionAt, namesIn, type SourceLanguage } from '../../src/views/models/sourceNames.ts'

const C = [
  '#include "order.h"',
  '/* how many order',
  '   are waiting */',
  'static int waiting(const struct queue *queue) {',
  '  int count = 0; // count of them',
  '  for (struct order *order = queue->first; order; order = order->next) count++;',
  '  puts("count and order");',
  "  return count + queue.length + 'count' + std::count;",
  '}',
]

const ASM = [
  'start:  lis     r4, table@ha    # r5 is free',
  'next:',
  '        lbzu    %r3, 1(r4)      /* r9 */',
  '        cmpwi   cr7, %r3, 0',
  '        .asciz  "r10"',
  '        mtspr   DBCR0, r3',
  '        b       next',
]

const texts = (lines: readonly string[], language: SourceLanguage, first: number, last: number) =>
  namesIn(lines, language, first, last).map(({ text }) => text)

describe('names', () => {
  test('of C are those outside of comments, texts, directives, members and other namespaces', () => {
    expect(texts(C, 'c', 0, 2)).toEqual([])
    expect(texts(C, 'c', 4, 4)).toEqual(['int', 'count'])
    expect(texts(C, 'c', 5, 5)).toEqual([...['for', 'struct', 'order', 'queue', 'order', 'order', 'order', 'count']])
    expect(texts(C, 'c', 6, 6)).toEqual(['puts'])
    expect(texts(C, 'c', 7, 7)).toEqual(['return', 'count', 'queue', 'std'])
  })

  test('of assembly are registers, with their place', () => {
    expect(texts(ASM, 'assembly', 0, 6)).toEqual(['r4', '%r3', 'r4', 'cr7', '%r3', 'r3'])
    expect(namesIn(ASM, 'assembly', 2, 2)[0]).toEqual({ text: '%r3', line: 2, column: 16 })
  })
})

test('the code around a line begins at its function, or at its label', () => {
  expect(beginningOf(C, 'c', 7)).toBe(3)
  expect(beginningOf(ASM, 'assembly', 5)).toBe(1)
  expect(beginningOf(ASM, 'assembly', 0)).toBe(0)
  // Labels of goto stand in the first column, too.
  expect(beginningOf(['void f(void) {', '  int x;', 'again:', '  x++;'], 'c', 3)).toBe(0)
  expect(beginningOf(['int A::f()', '{', '  x++;'], 'c', 2)).toBe(0)
})

describe('a hover asks for', () => {
  const at = (line: string, mark: string, language: SourceLanguage = 'c') =>
    expressionAt([line], language, line.indexOf(mark))?.expression

  test('what is written up to the name under the mouse', () => {
    expect(at('x = p->q[i].r + 1;', 'q[')).toBe('p->q')
    expect(at('x = p->q[i].r + 1;', 'r +')).toBe('p->q[i].r')
    expect(at('x = p->q[i].r + 1;', 'p->')).toBe('p')
    expect(at('x = p->q[i].r + 1;', 'i]')).toBe('i')
    expect(at('x = ns::color;', 'color')).toBe('ns::color')
    expect(at('case ESPRESSO: break;', 'SPR')).toBe('ESPRESSO')
  })
  test('a macro with its arguments, but no call of a function', () => {
    expect(at('x = REG(base + 4) | 1;', 'EG')).toBe('REG(base + 4)')
    expect(at('x = value(base) | 1;', 'alue')).toBe('value')
  })
  test('nothing in comments and texts', () => {
    expect(at('x = 1; // order', 'order')).toBeUndefined()
    expect(at('puts("order");', 'order')).toBeUndefined()
    expect(expressionAt(['/* the', 'order */ x'], 'c', 1)).toBeUndefined()
    expect(at('x = 12;', '12')).toBeUndefined()
  })
  test('registers and symbols of assembly, but no mnemonic', () => {
    expect(at('a: mtspr DBCR0, %r3', 'DBC', 'assembly')).toBe('$DBCR0')
    expect(at('a: mtspr DBCR0, %r3', '%r3', 'assembly')).toBe('$r3')
    expect(at('  bl  print', 'print', 'assembly')).toBe('print')
    expect(at('a: mtspr DBCR0, %r3', 'mts', 'assembly')).toBeUndefined()
    expect(at('  li r3, 0 # r4', 'r4', 'assembly')).toBeUndefined()
  })
})
