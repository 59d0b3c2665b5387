// Agent expressions against the manual's description of each operation (appendix F.2), and against what a C compiler
// would say of 64-bit integers.

import { describe, expect, test } from 'vitest'
import { type AgentContext, AgentError, agentExpression } from '../../src/gdb/agent.ts'
import { bytesOfHex } from '../../src/gdb/text.ts'

const context: AgentContext = {
  register: number => (number < 3 ? BigInt(0xfffffff0 + number) : undefined),
  memory: (address, bytes) =>
    address < 0x100n || address === 0xffffffffn ? 0x8182838485868788n >> BigInt(64 - 8 * bytes) : undefined,
}
const value = (code: string): bigint => agentExpression(bytesOfHex(code.replaceAll(' ', ''))!).evaluate(context)

const MINUS_ONE = '22 01 22 00 43'.replace('43', '2b 03')

describe('an operation', () => {
  test.each<[name: string, code: string, value: bigint]>([
    ['const8 is unsigned', '22 ff 27', 255n],
    ['const16', '23 1234 27', 0x1234n],
    ['const32 is unsigned', '24 ffffffff 27', 0xffffffffn],
    ['const64', '25 8000000000000000 27', -(2n ** 63n)],
    ['ext of 8 bits', '22 ff 16 08 27', -1n],
    ['zero_ext of 32 bits', '25 ffffffffffffffff 2a 20 27', 0xffffffffn],
    ['add', '22 02 22 03 02 27', 5n],
    ['add wraps at 64 bits', '25 7fffffffffffffff 22 01 02 27', -(2n ** 63n)],
    ['sub: the second from the first', '22 02 22 03 03 27', -1n],
    ['mul', '22 06 22 07 04 27', 42n],
    ['div_signed', `${MINUS_ONE} 22 02 05 27`, 0n],
    ['div_unsigned', `${MINUS_ONE} 22 02 06 27`, 2n ** 63n - 1n],
    ['rem_signed', '22 07 22 05 07 27', 2n],
    ['rem_unsigned', `${MINUS_ONE} 22 0a 08 27`, 5n],
    ['lsh', '22 01 22 04 09 27', 16n],
    ['rsh_signed', `${MINUS_ONE} 22 04 0a 27`, -1n],
    ['rsh_unsigned', `${MINUS_ONE} 22 3f 0b 27`, 1n],
    ['lsh by more bits than memory has', '22 01 25 7fffffffffffffff 09 27', 0n],
    ['ref8 at an address below 0, which has 32 bits', `${MINUS_ONE} 17 27`, 0x81n],
    ['log_not', '22 05 0e 27', 0n],
    ['log_not of 0', '22 00 0e 27', 1n],
    ['bit_and', '22 0c 22 0a 0f 27', 8n],
    ['bit_or', '22 0c 22 0a 10 27', 14n],
    ['bit_xor', '22 0c 22 0a 11 27', 6n],
    ['bit_not', '22 00 12 27', -1n],
    ['equal', '22 05 22 05 13 27', 1n],
    ['less_signed', `${MINUS_ONE} 22 00 14 27`, 1n],
    ['less_unsigned', `${MINUS_ONE} 22 00 15 27`, 0n],
    ['ref8', '22 10 17 27', 0x81n],
    ['ref16', '22 10 18 27', 0x8182n],
    ['ref32', '22 10 19 27', 0x81828384n],
    ['ref64', '22 10 1a 27', 0x8182838485868788n - 2n ** 64n],
    ['reg is unsigned until it is extended', '26 0001 27', 0xfffffff1n],
    ['reg and ext', '26 0001 16 20 27', -15n],
    ['dup', '22 05 28 02 27', 10n],
    ['pop', '22 05 22 06 29 27', 5n],
    ['swap', '22 05 22 06 2b 03 27', 1n],
    ['pick 1', '22 05 22 06 32 01 27', 5n],
    ['rot: a b c to c a b', '22 01 22 02 22 03 33 27', 2n],
    ['goto', '21 0005 22 01 22 02 27', 2n],
    ['if_goto where it is not 0', '22 01 20 0008 22 07 27 22 09 27', 9n],
    ['if_goto where it is 0', '22 00 20 0008 22 07 27 22 09 27', 7n],
  ])('%s', (_, code, expected) => expect(value(code)).toBe(expected))
})

test.each<[what: string, code: string]>([
  ['an operation that is not known', '01 27'],
  ['an operand that is cut off', '23 12'],
  ['a width of no bits', '22 01 16 00 27'],
  ['a width of 65 bits', '22 01 16 41 27'],
])('%s is refused when it is set', (_, code) =>
  expect(() => agentExpression(bytesOfHex(code.replaceAll(' ', ''))!)).toThrow(AgentError),
)

test.each<[what: string, code: string]>([
  ['no value on the stack', '27'],
  ['no end', '22 01'],
  ['a jump to the middle of an operation', '21 0001 27'],
  ['a loop without end', '21 0000'],
  ['a stack that grows without end', '22 01 21 0000'],
  ['memory that is not there', '23 0200 17 27'],
  ['a register that is not there', '26 0007 27'],
  ['a division by zero', '22 01 22 00 05 27'],
  ['an empty stack', '02 27'],
  ['a stack that is not that deep', '22 01 32 01 27'],
])('%s has no value', (_, code) => expect(() => value(code)).toThrow(AgentError))
