// Sessions of a real gdb at our server, on a program of the board and on a Linux process: what it says is compared with
// what it says at QEMU's stub, wherever QEMU is right; where it has no comparators, with the manual of the part.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { writeEndless } from '../support/endless.ts'
import { bamboo, GDB, gdb, gdbAtOurs, gdbAtQemu, linuxUser, processOf, served } from '../support/gdb.ts'
import { buildGuest, buildVisited } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const ready = have(GDB) && have('powerpc-linux-gnu-gcc')
const folder = mkdtempSync(join(tmpdir(), 'ppc440-gdb-'))
const [BARE, LINUX] = [join(folder, 'visited.elf'), join(folder, 'visited')]

beforeAll(() => {
  if (!ready) return
  buildVisited('board', BARE)
  buildVisited('linux', LINUX)
})

/** What differs by right: the stack's address, how a process is called. */
const comparable = (said: string): string[] =>
  said
    .replaceAll(/\[Inferior 1 \(.*?\)/g, '[Inferior 1')
    .split('\n')
    .filter(line => line.trim() !== '' && !/warning: /.test(line))

const WALK = [
  ...['break main', 'continue', 'bt', 'next', 'break square if n == 5', 'tbreak factorial', 'continue', 'bt'],
  ...['info locals', 'finish', 'stepi', 'nexti', 'continue', 'bt', 'delete', 'finish', 'p add(20, 22)'],
  ...['p factorial(6)', 'advance look', 'bt', 'finish', 'p where', 'p table', 'until', 'until', 'until', 'until'],
  ...['x/4i $pc', 'p $lr', 'p $ctr', 'info registers r3 pc', 'p where.x = 44', 'p where', 'p $r3 = 12', 'p $r3'],
  ...[
    'hbreak add',
    'info breakpoints',
    'x/2xw &where',
    'p half = 1.25',
    'p half * 2',
    'p/x $pc',
    'info line',
    'detach',
  ],
]

describe.skipIf(!ready)('a walk through a program says the same as at QEMU', () => {
  test.skipIf(!have('qemu-system-ppc'))('on the board', async () => {
    const ours = await gdbAtOurs(BARE, WALK)
    expect(comparable(ours)).toEqual(comparable(await gdbAtQemu(BARE, WALK, bamboo(BARE))))
    expect(ours).toContain('Temporary breakpoint 3, factorial (n=n@entry=5)')
  })

  test.skipIf(!have('qemu-ppc'))('in a Linux process', async () => {
    const ours = await gdbAtOurs(LINUX, WALK, processOf(LINUX))
    expect(comparable(ours)).toEqual(comparable(await gdbAtQemu(LINUX, WALK, linuxUser(LINUX))))
  })
})

describe.skipIf(!ready)('the debug facility of the part', () => {
  test('a breakpoint is a comparator, and DBCR0 and DBSR say so by name', async () => {
    const said = await gdbAtOurs(BARE, [
      ...['hbreak main', 'continue', 'p $dbsr', 'p $dbcr0', 'p $dbsr_fields.IAC1', 'p $iac1', 'p/x $dbsr'],
      ...['info registers debug', 'monitor slots'],
    ])
    expect(said).toContain('$1 = [ MRR=none IAC1 ]')
    expect(said).toContain('$2 = [ IDM RST=none IAC1 ]')
    expect(said).toContain('$3 = true')
    expect(said).toMatch(/\$4 = .*<main>/)
    expect(said).toContain('$5 = 0x800000')
    expect(said).toMatch(/^dac2 +0x0/m)
    expect(said).toMatch(/^IAC1 {2}0x[0-9a-f]{8}/m)
  })

  test('four hardware breakpoints, and a fifth whose refusal names who holds them', async () => {
    const said = await gdbAtOurs(BARE, [
      ...['hbreak main', 'hbreak add', 'hbreak square', 'hbreak factorial', 'continue', 'hbreak look', 'continue'],
      ...['delete 1', 'continue', 'p $pc'],
    ])
    expect(said).toMatch(/Breakpoint 1, main/)
    expect(said).toMatch(/Remote failure reply: No IAC slot free: IAC1 0x\w+, IAC2 0x\w+, IAC3 0x\w+, IAC4 0x\w+\.$/m)
    expect(said).toMatch(/Breakpoint 2, add/)
    expect(said).toMatch(/= .*<add>/)
  })

  test('software breakpoints have no limit', async () => {
    const lines = [20, 21, 25, 26, 27, 32, 33, 38].map(line => `break visited.c:${line}`)
    const said = await gdbAtOurs(BARE, [...lines, 'break main', 'continue', 'continue', 'monitor slots'])
    expect(said).toMatch(/Breakpoint 9, main[\s\S]*Breakpoint 6, fill/)
    expect(said).toMatch(/IAC4 {2}free/)
    expect(said).not.toMatch(/annot insert|failure/)
  })

  test.each([
    ['on the board', BARE, {}],
    ['in a process', LINUX, processOf(LINUX)],
  ] as const)('watchpoints on a scalar, a member and an array, %s', async (_, program, options) => {
    const said = await gdbAtOurs(
      program,
      [
        ...['break main', 'continue', 'watch counter', 'continue', 'delete', 'watch table', 'continue', 'continue'],
        ...['p table[2]', 'delete', 'watch where.y', 'rwatch where.x', 'continue', 'continue', 'x/i $pc', 'delete'],
        ...['awatch counter', 'continue', 'continue', 'delete', 'watch sink if sink == 700', 'continue', 'p sink'],
      ],
      options,
    )
    const values = [...said.matchAll(/(Old value|New value|Value) = (.*)/g)].map(
      ([, what, value]) => `${what} ${value}`,
    )
    expect(values).toEqual([
      ...['Old value 0', 'New value 5'],
      ...['Old value {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}', 'New value {0, 1, 0, 0, 0, 0, 0, 0, 0, 0}'],
      ...['Old value {0, 1, 0, 0, 0, 0, 0, 0, 0, 0}', 'New value {0, 1, 4, 0, 0, 0, 0, 0, 0, 0}'],
      ...['Old value 2', 'New value 120', 'Value 1', 'Value 5', 'Value 5'],
      ...['Old value 699', 'New value 700'],
    ])
    expect(said).toMatch(/\$\d+ = 700/)
  })

  describe.skipIf(!have('qemu-system-ppc'))('a watchpoint sees the same accesses as at QEMU', () => {
    test.each(
      ['watch', 'rwatch', 'awatch'].flatMap(kind => ['where', 'table[3]', 'table'].map(what => [kind, what] as const)),
    )('%s %s', async (kind, what) => {
      // QEMU's board begins anew at the end: what counts is what is said up to the loop.
      const commands = [
        'break main',
        'continue',
        `${kind} ${what}`,
        'break visited.c:50',
        ...Array(15).fill('continue'),
      ]
      const seen = (said: string) =>
        said.replace(/^Breakpoint 3, [\s\S]*/m, '').match(/^(Hardware .*watchpoint|Old value|New value|Value).*/gm)
      const ours = seen(await gdbAtOurs(BARE, commands))
      expect(ours?.length).toBeGreaterThan(2)
      expect(ours).toEqual(seen(await gdbAtQemu(BARE, commands, bamboo(BARE))))
    })
  })

  test('a third watchpoint is refused, and so is one beside an array', async () => {
    const said = await gdbAtOurs(BARE, [
      ...['break main', 'continue', 'watch counter', 'watch where.x', 'watch where.y', 'continue'],
      ...['delete', 'watch table', 'watch counter', 'continue'],
    ])
    expect(said.match(/Could not insert hardware watchpoint/g)).toHaveLength(2)
  })

  test('SPRs are read and written by name', async () => {
    const said = await gdbAtOurs(BARE, [
      ...[
        'set $iac1 = 0x1234',
        'p/x $iac1',
        'set $sprg3 = 7',
        'p $sprg3',
        'p $pvr',
        'set $pvr = 1',
        'set $dbcr0 = 0x41000000',
      ],
      ...['p $dbcr0', 'p $msr_fields.ME', 'set $msr = 0x2000', 'p $msr', 'info registers all'],
    ])
    expect(said).toContain('$1 = 0x1234')
    expect(said).toContain('$2 = 7')
    expect(said).toContain(`$3 = ${0x422218d3}`)
    expect(said).toMatch(/Could not write register "pvr".*read-only/)
    expect(said).toContain('$4 = [ IDM RST=none TRAP ]')
    expect(said).toContain('$5 = true')
    expect(said).toContain('$6 = [ PR=supervisor FP ]')
    expect(said).toMatch(/^fpscr .*RN=to nearest/m)
    expect(await gdbAtOurs(BARE, ['info float'])).toMatch(/^f31 .*\nfpscr /m)
  })
})

describe.skipIf(!ready)('a Linux process', () => {
  test('is run, ends with its status, and begins anew', async () => {
    const { server, port } = await served(LINUX, processOf(LINUX))
    const said = await gdb(LINUX, [
      ...[`target extended-remote :${port}`, 'break factorial', 'continue', 'run', 'bt 1', 'kill', 'run', 'delete'],
      ...['continue', 'p $_exitcode', 'run', 'info threads'],
    ])
    server.close()
    expect(said.match(/Breakpoint 1, factorial/g)).toHaveLength(3)
    expect(said.match(/exited with code 07/g)).toHaveLength(2)
    expect(said).toContain('killed]')
    expect(said).toContain('$1 = 7')
  })

  test('leaves a core file in which gdb finds the same', async () => {
    const core = join(folder, 'core')
    const commands = ['bt', 'p $pc', 'info registers r3 lr', 'p table', 'p where']
    const live = await gdbAtOurs(
      LINUX,
      [
        'break factorial if n == 2',
        'continue',
        `generate-core-file ${core}`,
        'info proc mappings',
        'info auxv',
        ...commands,
      ],
      processOf(LINUX),
    )
    expect(live).toMatch(/AT_ENTRY +Entry point of program +0x1000/)
    expect(live).toMatch(/r-xp/)
    const dead = await gdb(LINUX, [`core-file ${core}`, ...commands])
    const tail = (said: string) => said.split('\n').filter(line => /^(#[1-9]|\$|r3|lr)/.test(line))
    expect(tail(dead)).toEqual(tail(live))
    expect(dead).toMatch(/#4 .* main/)
  })

  test('gives gdb its own file where that has none', async () => {
    const said = await gdbAtOurs(LINUX, ['info functions factorial'], processOf(LINUX)).catch(String)
    expect(said).toMatch(/factorial/)
    const { server, port } = await served(LINUX, processOf(LINUX))
    const without = await gdb(undefined, [`target remote :${port}`, 'info line factorial'])
    server.close()
    expect(without).toMatch(/visited\.c/)
  })
})

describe.skipIf(!ready)('a server', () => {
  test('turns a second gdb away with a sentence, and serves the next when the first has left', async () => {
    const { server, port } = await served(BARE)
    const first = connect(port, '127.0.0.1')
    await new Promise(done => first.on('connect', done))
    const said = await gdb(BARE, [`target remote :${port}`])
    expect(said).toMatch(/another gdb is at this program already/)
    first.destroy()
    await new Promise(wake => setTimeout(wake, 100))
    expect(await gdb(BARE, [`target remote :${port}`, 'p $pc'])).toMatch(/_start/)
    server.close()
  })

  test('finds the program where it was left', async () => {
    const { server, port } = await served(BARE)
    await gdb(BARE, [`target remote :${port}`, 'break add', 'continue', 'disconnect'])
    expect(await gdb(BARE, [`target remote :${port}`, 'p $pc', 'monitor slots', 'kill'])).toMatch(
      /<add>[\s\S]*IAC1 {2}free/,
    )
    expect(await gdb(BARE, [`target remote :${port}`, 'p $pc'])).toMatch(/<_start>/)
    server.close()
  })

  test('ends after one client where that is asked for', async () => {
    const { server, port } = await served(BARE, {}, true)
    await gdb(BARE, [`target remote :${port}`, 'detach'])
    await server.closed
  })

  test('ends when gdb says so, and when gdb ends what nobody would find again', async () => {
    const first = await served(BARE)
    await gdb(BARE, [`target remote :${first.port}`, 'monitor exit'])
    await first.server.closed
    const second = await served(BARE, {}, true)
    const said = await gdb(BARE, [`target remote :${second.port}`, 'set confirm on', 'info program', 'kill'])
    await second.server.closed
    expect(said).toMatch(/killed/)
  })
})

describe.skipIf(!ready)('Ctrl-C at a program that does not end', () => {
  test.each([
    ['on the board', {}],
    ['in a process', processOf],
  ] as const)('%s stops it, and what follows is carried out', async (_, options) => {
    const endless = writeEndless()
    const { server, port, target } = await served(endless, typeof options === 'function' ? options(endless) : options)
    // r4, which the program leaves alone, says which of the two runs it is.
    const runs = [1, 2].flatMap(run => ['p $r3 = 0', `p $r4 = ${run}`, 'continue', 'p $r3 > 1000'])
    const interrupting = (child: ChildProcess): void => {
      let run = 1
      const look = setInterval(() => {
        const { gpr } = target.machine.cpu.state
        if (target.state !== 'running' || gpr[3]! >>> 0 <= 1000 || gpr[4] !== run) return
        child.kill('SIGINT')
        run++
      }, 5)
      child.on('exit', () => clearInterval(look))
    }
    const said = await gdb(undefined, [`target remote :${port}`, ...runs, 'stepi', 'kill'], interrupting)
    server.close()
    expect(said.match(/Program received signal SIGINT, Interrupt\./g)).toHaveLength(2)
    expect(said).toMatch(/^\$3 = 1$[\s\S]*^\$6 = 1$/m)
    expect(said).toMatch(/killed\]$/m)
  })
})

test.skipIf(!ready)('a function called while the program waits for input leaves it waiting', async () => {
  const program = buildGuest('hello', join(folder, 'hello'))
  const options = { interactive: true, ...processOf(program) }
  const { server, port, target, written } = await served(program, options)
  const commands = ['set args package.json', 'run', 'p (int)getpid()', 'p (int)getpid()', 'continue']
  const acting = (child: ChildProcess): void => {
    let said = ''
    child.stdout?.on('data', (data: Buffer) => (said += data))
    const look = setInterval(() => {
      if (target.state !== 'running' || target.machine.linux?.callUnderWay === undefined) return
      if (/^\$2 = /m.test(said))
        target.type(
          0,
          [...'one two three\n'].map(letter => letter.charCodeAt(0)),
        )
      else if (!/SIGINT/.test(said)) child.kill('SIGINT')
    }, 20)
    child.on('exit', () => clearInterval(look))
  }
  const said = await gdb(program, [`target extended-remote :${port}`, ...commands], acting)
  server.close()
  expect(said).toMatch(/received signal SIGINT[\s\S]*^\$1 = \d+\n\$2 = \d+\n[\s\S]*exited with code 07/m)
  expect(written()).toMatch(/3 words/)
})

test.skipIf(!ready)('by the machine interface: a stop, its frames, a step', async () => {
  const { server, port } = await served(BARE)
  const script = [
    ...[`-target-select remote :${port}`, '-break-insert -t main', '-exec-continue', '-stack-list-frames'],
    ...['-exec-next', '-data-list-register-values x 64', '-break-insert -h factorial', '-exec-continue', '-gdb-exit'],
  ]
  const said = await mi(BARE, script)
  server.close()
  expect(said).toMatch(/\^connected/)
  expect(said).toMatch(/\*stopped,reason="breakpoint-hit",disp="del"[^\n]*func="main"/)
  expect(said).toMatch(/\^done,stack=\[frame=\{level="0"[^\n]*func="main"/)
  expect(said).toMatch(/\*stopped,reason="end-stepping-range"/)
  expect(said).toMatch(/\*stopped,reason="breakpoint-hit",disp="keep"[^\n]*func="factorial"/)
})

/** Each command when the one before has come to its end. */
async function mi(program: string, commands: readonly string[]): Promise<string> {
  const child = spawn(GDB, ['-nx', '-q', '--interpreter=mi3', program])
  let said = ''
  let fresh = ''
  let next = 0
  child.stdout.on('data', (data: Buffer) => {
    said += data
    fresh += data
    const isExecution = commands[next - 1]?.startsWith('-exec') === true
    const isDone = isExecution
      ? /\*stopped[\s\S]*\(gdb\)|\^error/.test(fresh)
      : /(\^done|\^connected|\^error)[\s\S]*\(gdb\)|^[^^]*\(gdb\)/.test(fresh)
    if (!isDone || next >= commands.length) return
    fresh = ''
    child.stdin.write(`${commands[next++]}\n`)
  })
  await new Promise(done => child.on('exit', done))
  return said
}

test.skipIf(!ready)('the description of the target is one that gdb reads without a complaint', async () => {
  const said = await gdbAtOurs(BARE, ['maint print xml-tdesc', 'info registers spr', 'ptype $dbcr1'])
  expect(said).not.toMatch(/warning|error|Ignoring/i)
  expect(said).toMatch(/enum DBCR1_IAC12M|IAC12M/)
})
