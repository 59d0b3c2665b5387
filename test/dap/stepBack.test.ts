// Step Back by line where lines are not those of a function that somebody called: in the handler of an interrupt, whose
// lines are found by stepping forward, and where nothing tells of lines.

import { afterEach, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { writeEndless } from '../support/endless.ts'

let dap: DapClient
afterEach(() => dap.session.dispose())

const here = async (): Promise<string> => {
  const { name, line } = (await dap.stack())[0]!
  return `${name}:${line}`
}

test('goes through the handler of an interrupt, and to the line that it came in', async () => {
  dap = new DapClient()
  await dap.launch('examples/coffee/coffee.elf', { stopOnEntry: 'main' })
  await dap.stopped()
  await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'decrementer_interrupt' }] })
  await dap.step('continue')
  await dap.step('continue')
  const [, interrupted] = await dap.stack()
  await dap.ask('setFunctionBreakpoints', { breakpoints: [] })
  const forward = [await here()]
  while (!forward.at(-1)!.startsWith('tick:')) {
    await dap.step('stepIn')
    forward.push(await here())
  }
  expect(forward.length).toBeGreaterThan(15)
  const back = [await here()]
  while (back.length < forward.length) {
    await dap.step('stepBack')
    back.push(await here())
  }
  expect(back).toEqual(forward.reverse())
  // The vector has a line of its own.
  await dap.step('stepBack')
  await dap.step('stepBack')
  expect(await here()).toBe(`${interrupted!.name}:${interrupted!.line}`)
})

test('goes by an instruction where no line is known, and says so', async () => {
  dap = new DapClient()
  await dap.launch(writeEndless(), { stopOnEntry: true })
  await dap.stopped()
  for (let n = 0; n < 3; n++) await dap.step('stepIn', 'instruction')
  const { instructionPointerReference: from } = (await dap.stack())[0]!
  const { text } = await dap.step('stepBack')
  expect(text).toMatch(/^No line is known here: back by an instruction\. The next instruction is /)
  await dap.step('stepIn', 'instruction')
  expect((await dap.stack())[0]!.instructionPointerReference).toBe(from)
})
