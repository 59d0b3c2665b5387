import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { clearBreakpoints, Debugging } from './api.ts'

suite('sessions', () => {
  setup(clearBreakpoints)

  test('a stop at the entry point is in the start-up code', async () => {
    const debugging = await Debugging.start({ program: 'coffee/coffee.elf', stopOnEntry: true })
    const { reason, file } = await debugging.stop()
    assert.deepEqual([reason, file], ['entry', 'start.S'])
    await debugging.end()
  })

  test('two sessions at once keep to themselves', async () => {
    const first = await Debugging.start({ program: 'coffee/coffee.elf', stopOnEntry: true })
    const second = await Debugging.start({ program: 'asm/primes.elf', stopOnEntry: true })
    assert.equal((await first.stop()).file, 'start.S')
    assert.equal((await second.stop()).file, 'primes.S')
    await second.ask('next', { threadId: 1 })
    await second.stop()
    assert.match(await first.evaluate('pc'), /0x00100100/)
    await second.end()
    await first.end()
  })

  test('the program can be paused while it runs', async () => {
    const debugging = await Debugging.start({ program: 'coffee/coffee.elf', stopOnEntry: true })
    await debugging.stop()
    await debugging.continue()
    const started = Date.now()
    await debugging.ask('pause', { threadId: 1 })
    await debugging.stop()
    assert.ok(Date.now() - started < 1000)
    await debugging.end()
  })

  test('the programs of the workspace are offered without a launch.json', async () => {
    const extension = vscode.extensions.getExtension('ppc440.ppc440-debug')!
    await extension.activate()
    assert.equal(extension.isActive, true)
  })
})
