// Registers as each frame has them: shown, and set where they are kept; what the program prints afterwards follows from C.

import { afterEach, describe, expect, test } from 'vitest'
import type { DapClient } from '../support/dap.ts'
import { LinuxProgram } from '../support/linuxProgram.ts'
import { have } from '../support/tools.ts'

interface Row {
  name: string
  value: string
  variablesReference: number
  evaluateName?: string
}

describe.skipIf(!have('powerpc-linux-gnu-gcc'))('registers of frames', () => {
  const program = have('powerpc-linux-gnu-gcc') ? new LinuxProgram('linux/registers.c', '-O1') : undefined!
  let dap: DapClient
  afterEach(() => dap.session.dispose())

  const rows = async (variablesReference: number) =>
    ((await dap.ask('variables', { variablesReference })) as { variables: Row[] }).variables
  const scope = async (frameId: number, name: string) => {
    const { scopes } = await dap.ask('scopes', { frameId })
    return scopes.find(each => each.name === name)!.variablesReference
  }
  const set = (variablesReference: number, name: string, value: string) =>
    dap.ask('setVariable', { variablesReference, name, value })
  const said = () =>
    dap.events
      .filter(({ event, body }) => event === 'output' && body.category === 'stdout')
      .map(({ body }) => body.output)
  /** The registers of a frame by name. */
  const registers = async (frameId: number): Promise<Map<string, Row>> => {
    const groups = await rows(await scope(frameId, 'Registers'))
    return new Map(
      (await Promise.all(groups.map(each => rows(each.variablesReference)))).flat().map(row => [row.name, row]),
    )
  }
  const evaluate = async (expression: string, frameId: number) =>
    ((await dap.ask('evaluate', { expression, frameId, context: 'watch' })) as { result: string }).result

  test('every row of every frame is what its own name says there', async () => {
    dap = await program.stoppedAt('last')
    const stack = await dap.stack()
    expect(stack.slice(0, 3).map(({ name }) => name)).toEqual(['last', 'middle', 'main'])
    for (const { id, instructionPointerReference } of stack.slice(0, 3)) {
      const shown = await registers(id)
      expect(Number(shown.get('PC')!.value)).toBe(Number(instructionPointerReference))
      for (const { value, evaluateName } of shown.values())
        if (evaluateName !== undefined && value !== '<the register was not saved>')
          expect([evaluateName, await evaluate(evaluateName, id)]).toEqual([evaluateName, value])
    }
    const [own, caller] = await Promise.all(stack.slice(0, 2).map(({ id }) => registers(id)))
    expect(Number(caller!.get('r1')!.value)).toBeGreaterThan(Number(own!.get('r1')!.value))
    expect(caller!.get('r3')!.value).toBe('<not saved>')
    expect(caller!.get('f1')!.value).toBe('<the register was not saved>')
  })

  test('a floating-point register is a number, and its bits where they are asked for', async () => {
    dap = await program.stoppedAt('last')
    const frameId = (await dap.stack())[0]!.id
    const console = async (expression: string) =>
      ((await dap.ask('evaluate', { expression, frameId, context: 'repl' })) as { result: string }).result
    expect(await console('$f13 = -2.5')).toBe('-2.5')
    expect(await console('$f13,x')).toBe('0xc004000000000000')
    expect(await console('$f13 * 2 < -4.5')).toBe('1')
    expect((await registers(frameId)).get('f13')!.value).toBe('-2.5')
  })

  test('a float in a register is set as a double, and a caller’s double where it was saved', async () => {
    dap = await program.stoppedAt('last')
    const [last, middle] = await dap.stack()
    expect(await evaluate('sum', last!.id)).toBe('4.25')
    // In `middle` only a register that `last` or printf saves can hold it.
    const locals = await scope(middle!.id, 'Locals')
    expect((await rows(locals)).find(({ name }) => name === 'kept')!.value).toBe('7')
    await set(locals, 'kept', '100.5')
    expect(await evaluate('kept * 2', middle!.id)).toBe('201')
    await dap.ask('continue', { threadId: 1 })
    await dap.next('exited')
    // 4.25 * 3; then 3.5 + 0.25 * 4 = 4.5, times 4; then (4.25 + 100.5 + 3) + (4.5 + 7 + 4).
    expect(said().join('')).toBe('12.75\n18\n123.25 3.5 3\n')
  })
})
