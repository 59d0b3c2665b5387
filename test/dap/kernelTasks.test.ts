// Linux as it is, built by scripts/guests/bamboo.sh or as test/machines/linux.ts says, as a debugger has it: its tasks are compared
// with its own `ps`, their stacks with what it writes of them itself (sysrq-t), its log with its dmesg, modules are met where they
// are loaded. By hand, named, where it has been built.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../e2e/support/until.ts'
import { DapClient } from '../support/dap.ts'
import { saidBy, typeTo } from '../support/kernelConsole.ts'

const PATIENCE = 120_000
const BUILT = /but from (\S+\/build\/ours)/

interface Kernel {
  readonly version: string
  readonly root: string
  readonly machine?: string
  /** How sysrq-t begins a task, where the kernel has it. */
  readonly traced?: string
  /** Whether the disk has the module of ours. */
  readonly hasModule: boolean
}

const onBamboo = (version: string): Kernel => ({
  ...{ version, root: `.cache/guests/linux-${version}`, hasModule: true },
  traced: String.raw`task:.* state:[^R].* pid:(\d+) +[^\n]*`,
})
const KERNELS: readonly Kernel[] = [
  {
    ...{ version: '4.19', root: '.cache/machines/linux-ml507', machine: 'virtex-ml507', hasModule: false },
  },
  ...['6.1', '6.12'].map(onBamboo),
]

describe.each(KERNELS)('Linux $version', ({ version, root: place, machine, traced: task, hasModule }) => {
  const root = resolve(place)
  const it = test.skipIf(!existsSync(join(root, 'console.cpio.gz')) || !existsSync(join(root, 'vmlinux')))
  const itWithModule = hasModule ? it : test.skip
  let dap: DapClient
  afterEach(() => dap?.session.dispose())

  const said = () => saidBy(dap)
  let heard = 0
  /** What the console has said by the next prompt. */
  const prompt = async (): Promise<string> => {
    await until('the prompt', () => said().slice(heard).endsWith('\n# ') || undefined, PATIENCE)
    const text = said().slice(heard)
    heard += text.length
    return text
  }
  const type = (line: string) => typeTo(dap, line)
  const run = async (line: string) => {
    await type(line)
    return await prompt()
  }
  const start = async (launch = {}) => {
    dap = new DapClient()
    heard = 0
    const [dtb, initrd] = [join(root, 'board.dtb'), join(root, 'console.cpio.gz')]
    const board = machine === undefined ? {} : { machine }
    const options = { ...board, stopOnEntry: true, console: 'terminal', dtb, initrd, append: 'console=ttyS0,115200' }
    await dap.launch(join(root, 'vmlinux'), { ...options, ...launch })
    await dap.stopped()
  }
  const toShell = async () => {
    await dap.ask('continue', { threadId: 1 })
    await prompt()
  }
  const pause = async () => {
    await dap.ask('pause', { threadId: 1 })
    await dap.stopped()
  }
  const stackOf = async (threadId: number) =>
    (await dap.ask('stackTrace', { threadId, startFrame: 0, levels: 50 })).stackFrames

  it(
    'is met at a function by a breakpoint that was set while it ran at real addresses',
    async () => {
      await start()
      expect((await dap.ask('threads', undefined)).threads).toEqual([{ id: 1, name: 'PowerPC 440' }])
      await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'start_kernel' }, { name: 'kernel_init' }] })
      await dap.step('continue')
      expect((await stackOf(1))[0]!.name).toBe('start_kernel')
      expect((await dap.ask('threads', undefined)).threads).toEqual([{ id: 1, name: 'swapper (0): running' }])
      await dap.step('continue')
      expect((await stackOf(1)).map(({ name }) => name)[0]).toBe('kernel_init')
      expect((await dap.ask('threads', undefined)).threads.map(({ name }) => name)).toEqual([
        'swapper (1): running',
        'swapper (0): ready',
        expect.stringMatching(/^(kthreadd|swapper) \(2\): /),
      ])
    },
    PATIENCE,
  )

  it(
    'has the tasks that it lists itself, with the stacks that it writes',
    async () => {
      await start()
      await toShell()
      const listed = [...(await run('ps')).matchAll(/^ +(\d+) .*?(\[[^\]]*\]|\S+(?: .*)?)$/gm)].map(([, pid]) =>
        Number(pid),
      )
      const [, shell] = /^(\d+)$/m.exec(await run('echo $$'))!
      const states = await run('grep ^State: /proc/[0-9]*/status')
      const waits = await run('for each in /proc/[0-9]*; do echo "$each $(cat $each/wchan)"; done')
      const traced = task === undefined ? '' : await run('echo t > /proc/sysrq-trigger')
      await pause()
      const { threads } = await dap.ask('threads', undefined)
      const pids = threads.flatMap(({ name }) => /\((\d+)\)/.exec(name)?.[1] ?? []).map(Number)
      // All but the first task, which has no process, and `ps` itself.
      const ended = Math.max(...listed)
      expect(pids.filter(pid => pid !== 0).sort((a, b) => a - b)).toEqual(listed.filter(pid => pid !== ended))
      for (const [, pid, state] of states.matchAll(/\/(\d+)\/status:State:\s+\S \((.*)\)$/gm)) {
        // `grep` has ended, and the shell waits for somebody to type.
        const expected = state === 'running' ? expect.anything() : expect.stringMatching(`: ${state}$`)
        const known = threads.find(({ name }) => name.includes(`(${pid})`))
        if (known !== undefined) expect(known.name).toEqual(expected)
      }
      let waiting = 0
      for (const [, pid, wchan] of waits.matchAll(/^\/proc\/(\d+) ([a-z]\w+)$/gm)) {
        const id = threads.find(({ name }) => name.includes(`(${pid})`))?.id
        // The shell has waited for what it had started, and read from it.
        if (id === undefined || pid === shell) continue
        expect({ pid, stack: (await stackOf(id)).map(({ name }) => name) }).toEqual({
          ...{ pid, stack: expect.arrayContaining([wchan]) },
        })
        waiting++
      }
      expect(waiting).toBeGreaterThan(10)
      if (task === undefined) return
      let compared = 0
      // Dates of messages are only where the log is configured so.
      const traces = traced.replaceAll(/^\[ *\d+\.\d+\] /gm, '')
      for (const [, pid, trace] of traces.matchAll(new RegExp(`^${task}\\nCall Trace:\\n((?:\\[.*\\n)*)`, 'gm'))) {
        const id = threads.find(({ name }) => name.includes(`(${pid}): `))?.id
        if (id === undefined || id === 1) continue
        // What it finds in a frame that is none, it marks; and the task that writes all this runs meanwhile.
        const theirs = [...trace!.matchAll(/^\[c[0-9a-f]{7}\] \[(c[0-9a-f]{7})\] (?!.*unreliable)/gm)].map(
          ([, at]) => `0x${at}`,
        )
        const frames = await stackOf(id)
        const ours = new Set(frames.map(each => each.instructionPointerReference))
        expect({ pid, missing: theirs.filter(at => !ours.has(at)) }).toEqual({ pid, missing: [] })
        compared += theirs.length
      }
      expect(compared).toBeGreaterThan(60)
    },
    PATIENCE,
  )

  it(
    'has the log that its dmesg shows',
    async () => {
      await start()
      await toShell()
      // A message must not come between.
      await run('dmesg -n 1')
      const shown = (await run('dmesg')).split('\n').slice(1, -1)
      await pause()
      const dated = (await dap.evaluate('dmesg', 'repl')).split('\n').slice(0, -1)
      // The machine's own has dates only where the log is configured so.
      const log = shown[0]!.startsWith('[') ? dated : dated.map(line => line.replace(/^\[ *\d+\.\d+\] /, ''))
      expect(log.slice(0, shown.length)).toEqual(shown)
      expect(shown.length).toBeGreaterThan(50)
    },
    PATIENCE,
  )

  it(
    'has hundreds of tasks in its list, soon',
    async () => {
      await start()
      await toShell()
      await run('i=0; while [ $i -lt 400 ]; do sleep 9999 & i=$((i+1)); done; echo')
      await pause()
      const { threads } = await dap.ask('threads', undefined)
      // The last ones have not become what they are to be yet.
      expect(threads.filter(({ name }) => name.startsWith('sleep (')).length).toBeGreaterThan(380)
      const begun = performance.now()
      await dap.ask('threads', undefined)
      console.log(`Linux ${version}: ${threads.length} tasks in ${(performance.now() - begun).toFixed(0)} ms`)
    },
    PATIENCE,
  )

  itWithModule(
    'stops in a module that it loads, from its first instruction on',
    async () => {
      const source = resolve('test/guest/kernel/module/counted.c')
      await start({ systemRoot: root })
      const wanted = { source: { path: source }, breakpoints: [{ line: 15 }] }
      const [unmapped] = (await dap.ask('setBreakpoints', wanted)).breakpoints
      dap.session.dispose()
      const built = BUILT.exec(unmapped!.message!)?.[1]
      await start({ systemRoot: root, sourceMap: { [built!]: resolve('test/guest/kernel/module') } })
      expect((await dap.ask('setBreakpoints', wanted)).breakpoints[0]).toMatchObject({ reason: 'pending' })
      await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'begin' }] })
      await toShell()
      await type('insmod /modules/counted.ko; cat /proc/counted /proc/counted; rmmod counted')
      await dap.stopped()
      expect((await stackOf(1)).map(({ name }) => name).slice(0, 3)).toEqual([
        'begin',
        'do_one_initcall',
        'do_init_module',
      ])
      for (const before of ['0', '1']) {
        await dap.step('continue')
        expect((await stackOf(1)).slice(0, 2).map(({ name }) => name)).toEqual(['count_once', 'show'])
        expect(await dap.evaluate('times')).toBe(before)
        expect(await dap.evaluate('before')).toBe(before)
      }
      await dap.ask('continue', { threadId: 1 })
      expect(await prompt()).toContain('read 2 times')
    },
    PATIENCE,
  )
})
