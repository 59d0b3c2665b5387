// GNU C's `scalar_storage_order`: the numbers are those of the initializer in the source; where GCC says DW_AT_endianity
// (DWARF 3 and later), gdb 13 shows them too.

import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/debuggee/evaluation.ts'
import { staticContext } from '../symbols/context.ts'
import { build, haveGcc } from '../symbols/guest.ts'

const values: readonly [string, string][] = [
  ['vendor', '4660'],
  ['length', '3735928559'],
  ['neg', '-3'],
  ['rest', '1365'],
  ['ratio', '1.25'],
  ['wide', '-2.5'],
  ['list', '{1, -2}'],
  ['part.inner', '7'],
  ['letter', "120 'x'"],
  ['address', '1234605616436508552'],
  ['low', '703710'],
  ['high', '291'],
  ['turn', '1 + 2i'],
]

describe.each(['-gdwarf-3', '-gdwarf-4', '-gdwarf-5'])(
  'a little-endian structure, built with %s',
  { skip: !haveGcc },
  version => {
    const context = haveGcc ? staticContext(build(['start.S', 'storage.c'], '-O0', version)) : undefined!

    it.each(values)('%s is %s', (member, value) => {
      expect(evaluate(context, `first.${member}`).value).toBe(value)
    })

    it('takes values in its order, each bit-field beside the others', () => {
      const assignments = [
        'vendor = 0x1234',
        'length = 0xdeadbeef',
        'neg = -3',
        'rest = 0x555',
        'ratio = 1.25f',
        'wide = -2.5',
      ]
      const more = ['list[0] = 1', 'list[1] = -2', 'part.inner = 7', "letter = 'x'", 'address = 0x1122334455667788']
      for (const each of [...assignments, ...more, 'high = 0x123', 'low = 0xabcde', 'turn = first.turn'])
        evaluate(context, `second.${each}`, { assignment: true })
      const address = (name: string) => evaluate(context, name).address!
      const size = Number(evaluate(context, 'sizeof first').value)
      expect(context.readMemory(address('second'), size)).toEqual(context.readMemory(address('first'), size))
      expect(evaluate(context, 'second.length == 0xdeadbeef && second.length + 1 == 0xdeadbef0').value).toBe('1')
    })
  },
)
