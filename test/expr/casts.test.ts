// Types as C++ and C write them in casts, sizeof and enumerators. gdb says what it knows of it; the rest is the standard's.

import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/debuggee/evaluation.ts'
import { have } from '../support/tools.ts'
import { staticContext } from '../symbols/context.ts'
import { gdb } from '../symbols/gdb.ts'
import { build, haveGcc, namePrograms, programs } from '../symbols/guest.ts'
import { contextsAtLine } from './stopped.ts'

const skip = !haveGcc || !have('powerpc-linux-gnu-g++') || !have('gdb-multiarch')
const [objects, classes, kinds] = skip
  ? []
  : [programs.objects!, programs.classes!, programs.kinds!].map(sources => build(sources, '-O0', '-g'))

/** What gdb and we show alike: numbers and names. */
const alike: readonly [string | undefined, readonly string[]][] = [
  [
    objects,
    [
      '(Level)300',
      'Level::High',
      '(Bits)5',
      'One',
      '(int)Level::Low',
      'static_cast<Level>(-1)',
      'static_cast<int>(level)',
      'reinterpret_cast<int>(&numbers[1]) - (int)numbers',
      '*const_cast<int *>(&numbers[2])',
      '*reinterpret_cast<int *>(numbers)',
      'sizeof(Diamond)',
      'sizeof(struct Point)',
      'sizeof(class Mixed)',
      'sizeof(outer::v2::Versioned)',
      'sizeof(Pack<int, char, double>)',
      'sizeof(int[3][2])',
      'sizeof numbers',
      'sizeof(array_reference)',
      'sizeof(Point &)',
      'sizeof(unsigned long long)',
      'sizeof(void)',
      'sizeof(long double)',
      'sizeof(&numbers)',
      'sizeof 1.0f',
      'sizeof(numbers[0] + 1ll)',
      'alignof(double)',
      'alignof(Pack<int, char, double>)',
      'alignof(char[3])',
      '(char)65',
      '(bool)2',
    ],
  ],
  [classes, ['(net::Mode)1', 'net::Mode::On', 'sizeof(net::Ethernet)', '(net::Mode)0']],
  [kinds, ['sizeof(union cell)', 'sizeof(long double)', '(char16_t)233 == 233', 'sizeof(struct sparse)']],
]

describe.each(alike)('what gdb knows too of %s', { skip }, (path, texts) => {
  it('has the values gdb gives', () => {
    const context = staticContext(path!)
    const theirs = gdb(
      path!,
      texts.map(text => `print ${text}`),
    )
    const answers = theirs.map((answer, i) => `${texts[i]} is ${answer.trim().replace(/^\$\d+ = /, '')}`)
    const flags = (text: string) => text.replace(/\(([A-Z]\w+ \| \w+)\)/, '$1')
    expect(texts.map(text => `${text} is ${evaluate(context, text).value}`)).toEqual(answers.map(flags))
  })
})

describe('what gdb does not read', { skip }, () => {
  const inObjects = (text: string) => evaluate(staticContext(objects!), text).value
  const inKinds = (text: string) => evaluate(staticContext(kinds!), text).value

  it.each([
    ['int(3.75)', '3'],
    ['Level(-1)', 'Level::Low'],
    ['bool(5)', 'true'],
    ['(unsigned char)(300) + short(1)', '45'],
    ['nullptr', '0x00000000'],
    ['nothing == nullptr', '1'],
    ['Bits::Four', 'Four'],
    ['static_cast<Pack<char, double>>(pack).first', "0 '\\000'"],
    ['numbers[0] > 6 && static_cast<int>(3) < 4', '1'],
    ['sizeof(outer::Versioned)', '4'],
    ['outer::versioned.number', '2'],
  ])('C++: %s is %s', (text, value) => expect(inObjects(text)).toBe(value))

  it.each([
    ['_Alignof(long long)', '8'],
    ['__alignof__(sparse)', '1'],
    ['sizeof sparse.b', 'a bit-field has no size'],
    ['sizeof 2.5L', '16'],
  ])('C: %s is %s', (text, value) => {
    if (text.includes('.b')) expect(() => inKinds(text)).toThrow(value)
    else expect(inKinds(text)).toBe(value)
  })

  it('in C the name of an enumeration or structure alone is no type', () => {
    expect(() => inKinds('(cell)0')).toThrow()
    expect(() => inKinds('sizeof(message)')).not.toThrow()
  })

  it('an operand of sizeof is not evaluated', () => {
    const context = staticContext(objects!)
    evaluate(context, 'sizeof(numbers[0]++)', { assignment: true })
    expect(evaluate(context, 'numbers[0]').value).toBe('7')
  })

  it('a type of the block, class or namespace where the program stands needs no more than its name', () => {
    const [read, main] = contextsAtLine(build(namePrograms.names!, '-O0', '-g'), 'names.cc', '// here')
    expect(evaluate(main!, '((Local *)where)->x').value).toBe('15')
    expect(evaluate(main!, 'sizeof(Local)').value).toBe(evaluate(main!, 'sizeof local').value)
    expect(() => evaluate(read!, 'sizeof(Local)')).toThrow()
    const [open] = contextsAtLine(classes!, 'classes.cc', 'reference += flags')
    expect(evaluate(open!, '(Mode)1').value).toBe('net::Mode::On')
    expect(evaluate(open!, 'this->net::Device::id_').value).toBe('1')
    expect(evaluate(open!, 'Mode::Off == 0 && sizeof(Ethernet) == sizeof(*this)').value).toBe('1')
  })
})
