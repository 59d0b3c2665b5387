// Entry of the tests inside the extension host: VS Code calls `run` and takes a rejection for a failure.

import Mocha from 'mocha'

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, reporter: 'spec', color: false })
  mocha.suite.emit('pre-require', globalThis, '', mocha)
  await import('./assembly.test.ts')
  await import('./breakpoints.test.ts')
  await import('./sessions.test.ts')
  await import('./runToLine.test.ts')
  await import('./views.test.ts')
  await import('./firstSteps.test.ts')
  const { passes, failures } = await new Promise<Mocha.Stats>(finished => {
    const runner = mocha.run(() => finished(runner.stats!))
  })
  console.log(`${passes} passed, ${failures} failed, 0 skipped`)
  if (failures) throw new Error(`${failures} failed`)
}
