// Registers of the board's devices in Watch, in the console, in conditions, and what is told of them to a view.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { DapClient, SMALL } from '../support/dap.ts'

let dap: DapClient
beforeEach(async () => {
  dap = new DapClient()
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
  await dap.stopped()
})
afterEach(() => dap.session.dispose())

const shown = async (expression: string, context = 'watch'): Promise<string> =>
  (await dap.ask('evaluate', { expression, context })).result

test('a register and its fields by name, in any case', async () => {
  expect(await shown('$UART0_LSR')).toBe('0x60 TEMT THRE')
  expect(await shown('uart0_lsr.thre')).toBe('1')
  expect(await shown('$uart0_iir.NONE + 1')).toBe('2')
  expect(await shown('$UIC1_SR')).toBe('0x00000000')
  expect(await shown('$UART0_THR')).toBe('<UART0_THR cannot be read>')
  await expect(shown('$UART7_LSR')).rejects.toThrow(/the 440 has no register UART7_LSR/)
  await expect(shown('$UART0_LSR.NONE')).rejects.toThrow(/UART0_LSR has no field NONE: It has ERF, TEMT/)
})

test('a bit that is cleared by writing 1 is cleared alone, of a device and of the core', async () => {
  const set = (expression: string, value: string) => dap.ask('setExpression', { expression, value })
  await set('$UIC0_SRS', '0xc0000000')
  await set('$UIC0_SR.UART0', '1')
  expect(await shown('$UIC0_SR')).toBe('0x40000000 UART1')
  await shown('$UIC0_SRS.UART0 = 1', 'repl')
  expect(await shown('$UIC0_SR')).toBe('0xc0000000 UART0 UART1')
  await expect(set('$UART0_LSR', '0')).rejects.toThrow(/UART0_LSR cannot be written/)
})

test('a condition asks a device, and what is written to it is sent', async () => {
  await dap.ask('setFunctionBreakpoints', {
    breakpoints: [
      { name: 'put_number', condition: '$UART1_SCR != 0x42' },
      { name: 'dot_product', condition: '$uart1_scr == 0x42 && $UART0_LSR.THRE' },
    ],
  })
  await dap.ask('setExpression', { expression: '$UART1_SCR', value: '0x42' })
  await dap.ask('setExpression', { expression: '$UART0_THR', value: '0x21' })
  await dap.ask('continue', { threadId: 1 })
  await dap.stopped()
  expect((await dap.stack())[0]!.name).toBe('dot_product')
  expect(dap.events.find(({ event, body }) => event === 'output' && body.category === 'stdout')!.body.output).toMatch(
    /^!/,
  )
})

test('the devices are told once, their values with every snapshot', async () => {
  const { devices } = await dap.ask('ppc440/devices')
  expect(devices.map(({ name, text }) => `${name} ${text}`)).toContain('UIC0 universal interrupt controller')
  const { registers } = await dap.ask('ppc440/snapshot')
  const readable = devices
    .flatMap(device => device.registers)
    .filter(({ readable, onlyWhile }) => readable && !onlyWhile)
  for (const { name } of readable) expect(registers).toHaveProperty(name)
  expect(registers.UART0_LSR).toBe(0x60)
  expect(registers).not.toHaveProperty('UART0_THR')
})

test('they are offered where one types', async () => {
  const { targets } = await dap.ask('completions', { text: '$uic0_m', column: 8 })
  expect(targets.map(({ label }) => label)).toEqual(['UIC0_MSR'])
  const fields = await dap.ask('completions', { text: '$UART0_LSR.t', column: 13 })
  expect(fields.targets.map(({ label }) => label)).toEqual(['TEMT', 'THRE'])
})
