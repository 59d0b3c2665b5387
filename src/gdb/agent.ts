// Conditions as gdb sends them: agent expressions ("The GDB Agent Expression Mechanism", appendix F of gdb's manual), a
// stack machine of 64-bit integers. Decoded once, when the breakpoint is set; judged in the run loop.

import type { Machine } from '../machine/machine.ts'
import { peekMemory, peekNumber } from '../machine/memory.ts'

/** What an expression reads. */
export interface AgentContext {
  /** By gdb's number, as an unsigned integer; undefined for one there is not. */
  register(number: number): bigint | undefined
  /** Unsigned; undefined where nothing is mapped. */
  memory(address: bigint, bytes: 1 | 2 | 4 | 8): bigint | undefined
}

/** An expression that cannot be understood, or has no value where it is asked: in words. */
export class AgentError extends Error {}

type Operation = (stack: bigint[], context: AgentContext) => number | undefined

interface Instruction {
  readonly run: Operation
  /** Place of the next instruction, in bytes. */
  readonly next: number
}

export interface AgentExpression {
  /** @throws AgentError where something it reads is not there. */
  evaluate(context: AgentContext): bigint
}

const END = 0x27
const DEEPEST = 100
/** Loops are possible, and nothing says that one ends. */
const MOST_STEPS = 10_000

const signed = (value: bigint): bigint => BigInt.asIntN(64, value)
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value)

function pop(stack: bigint[]): bigint {
  const value = stack.pop()
  if (value === undefined) throw new AgentError('the stack is empty')
  return value
}

const unary =
  (compute: (a: bigint) => bigint): Operation =>
  stack =>
    void stack.push(signed(compute(pop(stack))))

const binary =
  (compute: (a: bigint, b: bigint) => bigint): Operation =>
  stack => {
    const b = pop(stack)
    stack.push(signed(compute(pop(stack), b)))
    return undefined
  }

const division = (compute: (a: bigint, b: bigint) => bigint): Operation =>
  binary((a, b) => {
    if (b === 0n) throw new AgentError('a division by zero')
    return compute(a, b)
  })

const truth = (is: boolean): bigint => (is ? 1n : 0n)
/** A shift by as many bits as there are, or more, leaves nothing of the value. */
const shift = (compute: (a: bigint, by: bigint) => bigint): Operation =>
  binary((a, b) => compute(a, unsigned(b) > 64n ? 64n : unsigned(b)))

const reference =
  (bytes: 1 | 2 | 4 | 8): Operation =>
  (stack, context) => {
    const address = BigInt.asUintN(32, pop(stack))
    const value = context.memory(address, bytes)
    if (value === undefined) throw new AgentError(`nothing is mapped at 0x${address.toString(16)}`)
    stack.push(signed(value))
    return undefined
  }

/** By opcode: those without operands. */
const SIMPLE: Readonly<Record<number, Operation>> = {
  2: binary((a, b) => a + b),
  3: binary((a, b) => a - b),
  4: binary((a, b) => a * b),
  5: division((a, b) => a / b),
  6: division((a, b) => unsigned(a) / unsigned(b)),
  7: division((a, b) => a % b),
  8: division((a, b) => unsigned(a) % unsigned(b)),
  9: shift((a, by) => a << by),
  10: shift((a, by) => a >> by),
  11: shift((a, by) => unsigned(a) >> by),
  14: unary(a => truth(a === 0n)),
  15: binary((a, b) => a & b),
  16: binary((a, b) => a | b),
  17: binary((a, b) => a ^ b),
  18: unary(a => ~a),
  19: binary((a, b) => truth(a === b)),
  20: binary((a, b) => truth(a < b)),
  21: binary((a, b) => truth(unsigned(a) < unsigned(b))),
  23: reference(1),
  24: reference(2),
  25: reference(4),
  26: reference(8),
  [END]: () => undefined,
  40: stack => {
    const top = pop(stack)
    stack.push(top, top)
    return undefined
  },
  41: stack => void pop(stack),
  43: stack => {
    const [b, a] = [pop(stack), pop(stack)]
    stack.push(b, a)
    return undefined
  },
  // a b c => c a b
  51: stack => {
    const [c, b, a] = [pop(stack), pop(stack), pop(stack)]
    stack.push(c, a, b)
    return undefined
  },
}

/** By opcode: those with an operand, and how many bytes that has. */
const WITH_OPERAND: Readonly<Record<number, readonly [bytes: number, make: (operand: bigint) => Operation]>> = {
  22: [1, bits => ofWidth(bits, BigInt.asIntN)],
  32: [2, to => stack => (pop(stack) === 0n ? undefined : Number(to))],
  33: [2, to => () => Number(to)],
  34: [1, constant],
  35: [2, constant],
  36: [4, constant],
  37: [8, constant],
  38: [
    2,
    number => (stack, context) => {
      const value = context.register(Number(number))
      if (value === undefined) throw new AgentError(`there is no register ${number}`)
      stack.push(signed(value))
      return undefined
    },
  ],
  42: [1, bits => ofWidth(bits, BigInt.asUintN)],
  50: [
    1,
    depth => stack => {
      const value = stack.at(-1 - Number(depth))
      if (value === undefined) throw new AgentError('the stack is not that deep')
      stack.push(value)
      return undefined
    },
  ],
}

function constant(value: bigint): Operation {
  return stack => void stack.push(signed(value))
}

/** @throws AgentError for a width there is not */
function ofWidth(bits: bigint, compute: (bits: number, a: bigint) => bigint): Operation {
  if (bits === 0n || bits > 64n) throw new AgentError(`there are no integers of ${bits} bits`)
  return unary(a => compute(Number(bits), a))
}

/** @throws AgentError for bytes that are none of an expression, or ask for what conditions have no use for. */
export function agentExpression(code: Uint8Array): AgentExpression {
  const instructions = decode(code)
  return {
    evaluate(context) {
      const stack: bigint[] = []
      let at = 0
      for (let steps = 0; steps < MOST_STEPS; steps++) {
        const instruction = instructions.get(at)
        if (instruction === undefined) throw new AgentError('it runs out of its bytes')
        if (code[at] === END) return pop(stack)
        at = instruction.run(stack, context) ?? instruction.next
        if (stack.length > DEEPEST) throw new AgentError('the stack is too deep')
      }
      throw new AgentError('it does not end')
    },
  }
}

function decode(code: Uint8Array): Map<number, Instruction> {
  const instructions = new Map<number, Instruction>()
  for (let at = 0; at < code.length; ) {
    const opcode = code[at]!
    const simple = SIMPLE[opcode]
    const [bytes, make] = simple === undefined ? (WITH_OPERAND[opcode] ?? []) : [0, () => simple]
    if (bytes === undefined || make === undefined)
      throw new AgentError(`the operation 0x${opcode.toString(16)} is not known`)
    const next = at + 1 + bytes
    if (next > code.length) throw new AgentError('it ends in the middle of an operation')
    let operand = 0n
    for (const byte of code.subarray(at + 1, next)) operand = (operand << 8n) | BigInt(byte)
    instructions.set(at, { run: make(operand), next })
    at = next
  }
  return instructions
}

/** @param register by gdb's number */
export function agentContext(
  machine: Machine,
  register: (machine: Machine, number: number) => bigint | undefined,
): AgentContext {
  const { cpu } = machine
  return {
    register: number => register(machine, number),
    memory(address, bytes) {
      const ea = Number(address)
      const near = bytes === 8 ? undefined : peekNumber(cpu, ea, bytes)
      if (near !== undefined) return BigInt(near)
      const all = peekMemory(cpu, ea, bytes)
      if (all.length < bytes) return undefined
      return all.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
    },
  }
}
