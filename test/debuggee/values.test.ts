import { describe, expect, it } from 'vitest'
import type { Child } from '../../src/debuggee/tree.ts'
import { floatText, integerText } from '../../src/debuggee/values/numbers.ts'
import { characterText, stringText } from '../../src/debuggee/values/strings.ts'
import { row } from '../../src/debuggee/values.ts'
import { compile } from '../../src/expr/compile.ts'
import type { Context } from '../../src/expr/context.ts'
import { UserError } from '../../src/util/userError.ts'
import { have } from '../support/tools.ts'
import { staticContext } from '../symbols/context.ts'
import { gdb } from '../symbols/gdb.ts'
import { build, cSources, haveGcc } from '../symbols/guest.ts'

const skip = !haveGcc

function rowOf(text: string, context: Context): Child {
  const expression = compile(text, { types: context.symbols })
  return row(text, expression.evaluate(context), { context, format: expression.format }, text.replace(/,.*/, ''))
}

const children = ({ container }: Child, start?: number, count?: number) => container?.children(start, count) ?? []
const texts = (rows: readonly Child[]) => rows.map(({ name, value }) => `${name} = ${value}`)

const guest = () => staticContext(build(cSources, '-O0', '-g'))
const cxxGuest = () => staticContext(build(['start.S', 'classes.cc'], '-O0', '-g'))

describe('rows', () => {
  it('have the types gdb gives them', { skip: skip || !have('gdb-multiarch') }, () => {
    const context = guest()
    const names = [
      'ticks',
      'bits',
      'big',
      'letter',
      'bytes',
      'message',
      'handler',
      'matrix',
      'nowhere',
      'limit',
      'nodes',
    ]
    const types = gdb(
      build(cSources, '-O0', '-g'),
      names.map(name => `whatis ${name}`),
    ).map(answer => answer.replace('type = ', '').trim())
    expect(names.map(name => rowOf(name, context).type)).toEqual(types)
  })

  it('of a structure are its members, bit-fields with their width', { skip }, () => {
    const bits = rowOf('bits', guest())
    expect(bits.value).toBe('{ready = 1, mode = 5, level = -7, wide = 78187493530, tail = 48879}')
    expect(children(bits).map(({ name, value, type }) => [name, value, type])).toEqual([
      ['ready', '1', 'unsigned int : 1'],
      ['mode', '5', 'unsigned int : 3'],
      ['level', '-7', 'int : 5'],
      ['wide', '78187493530', 'long long unsigned int : 37'],
      ['tail', '48879', 'u16'],
    ])
  })

  it('can be asked for again by the expressions they name', { skip }, () => {
    const context = guest()
    const check = (parent: Child, depth: number) => {
      for (const child of children(parent)) {
        if (child.evaluateName === undefined) continue
        const again = rowOf(child.evaluateName, context)
        expect([child.evaluateName, again.value, again.type?.replace(/ : \d+$/, '')]).toEqual([
          child.evaluateName,
          child.value,
          child.type?.replace(/ : \d+$/, ''),
        ])
        if (depth > 0) check(child, depth - 1)
      }
    }
    for (const name of ['nodes', 'bits', 'matrix', 'secret', 'message', 'handler']) check(rowOf(name, context), 3)
  })

  it('show a pointer with its symbol or text, and behind it what it points to', { skip }, () => {
    const context = guest()
    const at = (symbol: string, offset = 0) =>
      `0x${(context.symbols.symbolNamed(symbol)!.value + offset).toString(16).padStart(8, '0')}`
    const first = rowOf('nodes[0]', context)
    const node = context.symbols.symbolNamed('nodes')!.size / 3
    const byName = new Map(children(first).map(child => [child.name, child]))
    expect(byName.get('next')!.value).toBe(`${at('nodes', node)} <nodes+0x${node.toString(16)}>`)
    expect(byName.get('name')!.value).toMatch(/^0x[0-9a-f]{8} "first"$/)
    expect(byName.get('compare')!.value).toBe(`${at('compare')} <compare>`)
    expect(texts(children(byName.get('next')!)).slice(2, 3)).toEqual(['at = {x = 3, y = 4}'])
    expect(byName.get('next')!.address).toBe(context.symbols.symbolNamed('nodes')!.value + node)
    expect(byName.get('compare')!.container).toBeUndefined()
    expect(rowOf('nodes[2].next', context)).toMatchObject({ value: '0x00000000' })
    expect(rowOf('nodes[2].next', context).container).toBeUndefined()
    expect(rowOf('(struct point *)0xf0000000', context).value).toBe('0xf0000000')
    expect(rowOf('*(struct point *)0xf0000000', context).value).toBe('<cannot read memory at 0xf0000000>')
  })

  it('page the elements of an array', { skip }, () => {
    const bytes = rowOf('bytes', guest())
    expect(bytes.indexedVariables).toBe(40)
    expect(bytes.value).toBe(String.raw`"hello\n\"quoted\""`)
    expect(texts(children(bytes, 4, 3))).toEqual(["[4] = 111 'o'", String.raw`[5] = 10 '\n'`, `[6] = 34 '"'`])
    expect(children(bytes, 38, 10)).toHaveLength(2)
  })

  it('obey the suffix, all the way down', { skip }, () => {
    const context = guest()
    expect(rowOf('nodes[0].at,x', context).value).toBe('{x = 0x1, y = 0x2}')
    expect(texts(children(rowOf('matrix[1],x', context)))).toEqual(['[0] = 0x5', '[1] = 0x6', '[2] = 0x7', '[3] = 0x8'])
    expect(rowOf('&matrix[0][0],[5]', context).value).toBe('{1, 2, 3, 4, 5}')
    expect(rowOf('(unsigned *)matrix,[2],x', context).value).toBe('{0x1, 0x2}')
    expect(rowOf('(void *)message,s', context).value).toMatch(/hello, world/)
  })

  it('of enumerations have names; flags are combined', { skip }, () => {
    const context = guest()
    expect(
      ['nodes[0].color', 'nodes[2].color', 'access', '(enum flags)2', '(enum flags)9'].map(
        text => rowOf(text, context).value,
      ),
    ).toEqual(['GREEN', '77', 'F_READ | F_EXEC', 'F_WRITE', 'F_READ | 0x8'])
  })

  it('of C++ objects have base classes, static members and what references refer to', {
    skip: skip || !have('powerpc-linux-gnu-g++'),
  }, () => {
    const context = cxxGuest()
    expect(rowOf('net::mode', context)).toMatchObject({ value: 'net::Mode::On', type: 'net::Mode' })
    const device = rowOf('*(net::Ethernet *)&net::Device::count', context)
    expect(children(device).map(({ name }) => name)).toEqual(['net::Device', 'speed_'])
    const base = children(device)[0]
    expect(children(base).map(({ name }) => name)).toEqual(['_vptr.Device', 'id_', 'count'])
    expect(children(base)[2]).toMatchObject({ value: '3', evaluateName: 'net::Device::count' })
  })
})

describe('setting', () => {
  const set = (context: Context, target: string, text: string) => rowOf(target, context).set!(text)

  it('takes what C takes and returns the new text', { skip }, () => {
    const context = guest()
    expect(set(context, 'nodes[0].at.x', '3 * 7')).toBe('21')
    expect(set(context, 'nodes[0].color', 'BLUE')).toBe('BLUE')
    expect(set(context, 'access', 'F_WRITE | F_EXEC')).toBe('F_WRITE | F_EXEC')
    expect(set(context, 'bits.level', '-16')).toBe('-16')
    expect(set(context, 'letter', "'z'")).toBe("122 'z'")
    expect(set(context, 'bytes', '"short"')).toBe('"short"')
    expect(set(context, 'pi', '1e10')).toBe('10000000000')
    expect(set(context, 'handler', 'compare')).toMatch(/<compare>$/)
    expect(set(context, 'nodes[0].next', '&nodes[2]')).toMatch(/<nodes\+/)
    expect(set(context, 'yes', 'false')).toBe('false')
    expect(set(context, 'tiny', '0xff')).toBe("-1 '\\377'")
  })

  it.each([
    ['letter', '256', /256 does not fit in 8 bits: char holds 0 to 255/],
    ['bits.mode', '8', /does not fit in 3 bits/],
    ['bits.level', '32', /-16 to 15/],
    ['nodes[0].at.x', '1.5', /not an integer/],
    ['nodes[0].at.x', 'nothing', /nothing here is called nothing/],
    ['nodes[0].at.x', 'nodes[0]', /has no value/],
    ['bytes', '"0123456789012345678901234567890123456789x"', /room for 40/],
  ])('%s = %s is refused', { skip }, (target, text, message) => {
    const context = guest()
    const before = rowOf(target, context).value
    expect(() => set(context, target, text)).toThrow(UserError)
    expect(() => set(context, target, text)).toThrow(message)
    expect(rowOf(target, context).value).toBe(before)
  })

  it('is not offered where there is no place', { skip }, () => {
    const context = guest()
    expect(['1 + 2', 'main', 'matrix', 'GREEN'].filter(text => rowOf(text, context).set !== undefined)).toEqual([])
  })
})

describe('numbers', () => {
  it('that are floating-point have the fewest digits that give them again', () => {
    const values: [number, number, string][] = [
      [0.1, 8, '0.1'],
      [Math.fround(0.1), 4, '0.1'],
      [Math.fround(1 / 3), 4, '0.33333334'],
      [1 / 3, 8, '0.3333333333333333'],
      [3, 8, '3'],
      [-0, 8, '-0'],
      [1e21, 8, '1e+21'],
      [1e-7, 8, '1e-07'],
      [Number.NaN, 8, 'nan'],
      [-Infinity, 4, '-inf'],
    ]
    for (const [value, size, text] of values) expect(floatText(value, size)).toBe(text)
  })

  it('that are integers have no sign in bases of bits', () => {
    expect(integerText(-1n, 8, 'hexadecimal')).toBe('0xff')
    expect(integerText(-2n, 3, 'binary')).toBe('0b110')
    expect(integerText(8n, 32, 'octal')).toBe('010')
    expect(integerText(-8n, 32)).toBe('-8')
  })

  it('that are characters are escaped as C does', () => {
    expect([0x61, 0x27, 0x22, 0x0a, 0, 0xff].map(code => characterText(code))).toEqual([
      "'a'",
      "'\\''",
      "'\"'",
      "'\\n'",
      "'\\000'",
      "'\\377'",
    ])
    expect(stringText(new TextEncoder().encode('grün "x"\t'))).toBe('"grün \\"x\\"\\t"')
    expect(stringText(Uint8Array.of(0x61, 0xff, 0))).toBe('"a\\377\\000"')
    expect(stringText(new TextEncoder().encode('é').subarray(0, 1), true)).toBe('""…')
  })
})
