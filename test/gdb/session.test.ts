// What the packets are answered with: gdb's manual, appendix E, says it of each.

import { describe, expect, test } from 'vitest'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import { PACKETS, packetFor } from '../../src/gdb/packets.ts'
import { hexOfText, textOfHex } from '../../src/gdb/text.ts'
import { A, encode as e } from '../support/core.ts'
import { RspClient } from '../support/rsp.ts'
import { HandTurned, programOf, SILENT } from '../support/target.ts'

const DATA = 0x5000
const WORDS = [e.addi(3, 3, 1), e.stw(3, 0, 4), e.lwz(5, 0, 4), e.b(-12)]
const at = (n: number): string => (A + 4 * n).toString(16)
const hex8 = (value: number): string => value.toString(16).padStart(8, '0')

function connected(words: readonly number[] = WORDS, features = 'multiprocess-;error-message+'): RspClient {
  const client = new RspClient(programOf(words))
  client.loop.target.machine.setRegister('r4', DATA)
  client.ask(`qSupported:${features}`)
  return client
}
const register = (client: RspClient, number: number): number => Number(`0x${client.ask(`p${number.toString(16)}`)}`)
const pc = (client: RspClient): number => register(client, 64)

describe('a connection', () => {
  test('says what it can', () => {
    const said = connected().ask('qSupported:multiprocess+')!.split(';')
    expect(said).toEqual(
      expect.arrayContaining([
        'qXfer:features:read+',
        'QStartNoAckMode+',
        'vContSupported+',
        'ConditionalBreakpoints+',
      ]),
    )
    expect(Number.parseInt(said.find(each => each.startsWith('PacketSize='))!.slice(11), 16)).toBeGreaterThan(0x4000)
  })

  test('acknowledges until that is not wanted any more', () => {
    const client = connected()
    client.ask('?')
    client.send(Uint8Array.from('$?#3f', c => c.charCodeAt(0)))
    expect(client.all[0]).toBe('ack')
    client.send(Uint8Array.from('$?#00', c => c.charCodeAt(0)))
    expect(client.all).toEqual(['nak'])
    client.ask('qC')
    client.send(Uint8Array.from('-', c => c.charCodeAt(0)))
    expect(client.came).toEqual(['QC1'])
    expect(client.ask('QStartNoAckMode')).toBe('OK')
    client.send(Uint8Array.from('$qC#b4$qC#00-', c => c.charCodeAt(0)))
    expect(client.all).toEqual(['QC1'])
  })

  test.each([
    'vMustReplyEmpty',
    'qTStatus',
    'Qnonsense',
    'bs',
    'bc',
    'y',
    '',
    'Z5,0,4',
    'qconstructor',
    'vFile:nonsense:',
  ])('%j is answered by an empty packet', data => expect(connected().ask(data)).toBe(''))

  test('has one thread, in a process where gdb thinks in processes', () => {
    const ask = (features: string, ...packets: string[]) => packets.map(data => connected(WORDS, features).ask(data))
    expect(ask('', 'qC', 'qfThreadInfo', 'qsThreadInfo', 'Hg0', 'Hc-1', 'T1', 'T2', 'Hg7')).toEqual([
      ...['QC1', 'm1', 'l', 'OK', 'OK', 'OK', 'E01', 'E01'],
    ])
    expect(ask('multiprocess+', 'qC', 'qfThreadInfo', 'Hgp1.1', 'Tp1.1')).toEqual(['QCp1.1', 'mp1.1', 'OK', 'OK'])
    expect(textOfHex(connected().ask('qThreadExtraInfo,1')!)).toMatch(/core/)
  })

  test('is over when gdb detaches, and the program runs on', () => {
    const client = connected()
    client.ask(`Z1,${at(0)},4`)
    expect(client.ask('D;1')).toBe('OK')
    expect([client.hasLeft, client.loop.target.state, client.loop.target.breakpoints.all]).toEqual([
      true,
      'running',
      [],
    ])
    expect(client.ask('?')).toBeUndefined()
  })

  test('that breaks off leaves the program as it is', () => {
    const client = connected()
    client.session.close()
    expect([client.hasLeft, client.loop.target.state]).toEqual([true, 'stopped'])
  })

  test('to a program that others debug lets it stand', () => {
    const client = new RspClient(programOf(WORDS), { isShared: true })
    client.ask('D')
    expect(client.loop.target.state).toBe('stopped')
  })

  test('to a running program stops it', () => {
    const loop = new HandTurned(programOf(WORDS), { tick: 1 })
    new RspClient(programOf(WORDS), { loop }).ask('D')
    expect(loop.target.state).toBe('running')
    const client = new RspClient(programOf(WORDS), { loop })
    client.send(Uint8Array.from('$?#3f', c => c.charCodeAt(0)))
    loop.turn(60)
    expect(client.came).toEqual([expect.stringMatching(/^T02/)])
  })
})

describe('registers', () => {
  test('g has the core and the floating-point unit in gdb order', () => {
    const client = connected()
    const all = client.ask('g')!
    expect(all).toHaveLength(2 * (32 * 4 + 32 * 8 + 7 * 4))
    expect(all.slice(4 * 8, 5 * 8)).toBe(hex8(DATA))
    expect(all.slice((32 * 4 + 32 * 8) * 2).slice(0, 8)).toBe(hex8(A))
  })

  test('G writes them, and P one', () => {
    const client = connected()
    const all = client.ask('g')!
    expect(client.ask(`G${'0000002a'.padStart(8 * 4, '0')}${all.slice(32)}`)).toBe('OK')
    expect(register(client, 3)).toBe(42)
    expect(client.ask('P3=00000007')).toBe('OK')
    expect(register(client, 3)).toBe(7)
    expect([client.ask('G00'), client.ask('P3=00'), client.ask('Pffff=00000000')]).toEqual([
      ...['E01', 'E.r3 has 4 bytes', 'E01'],
    ])
  })

  test('a floating-point register is 64 bits, whatever NaN it is', () => {
    const client = connected()
    expect(client.ask('P21=7ff4000000001234')).toBe('OK')
    expect(client.ask('p21')).toBe('7ff4000000001234')
  })

  test('every other SPR is asked for by itself', () => {
    const client = connected()
    const named = (name: string) => client.session.registers.find(each => each.name === name)!.number
    expect(register(client, named('pvr'))).toBe(0x422218d3)
    expect(client.ask(`P${named('pvr').toString(16)}=00000000`)).toBe('E.PVR is read-only')
    expect(client.ask(`P${named('sprg4').toString(16)}=12345678`)).toBe('OK')
    expect(register(client, named('sprg4'))).toBe(0x12345678)
  })

  test('a comparator is written while no breakpoint holds it', () => {
    const client = connected()
    const iac1 = client.session.registers.find(each => each.name === 'iac1')!.number.toString(16)
    expect(client.ask(`Z1,${at(1)},4`)).toBe('OK')
    expect(client.ask(`P${iac1}=00001000`)).toMatch(/^E\.IAC1 is held by breakpoints/)
    expect(client.ask(`p${iac1}`)).toBe(hex8(A + 4))
    client.ask(`z1,${at(1)},4`)
    // It is free only for whoever asks.
    expect(client.ask(`p${iac1}`)).toBe(hex8(A + 4))
    expect(client.ask(`P${iac1}=00001000`)).toBe('OK')
    expect(client.ask(`p${iac1}`)).toBe('00001000')
  })
})

describe('memory', () => {
  test('is read and written, in digits and in bytes', () => {
    const client = connected()
    expect(client.ask(`M${DATA.toString(16)},4:01020304`)).toBe('OK')
    expect(client.ask(`m${DATA.toString(16)},4`)).toBe('01020304')
    expect(client.ask(`X${DATA.toString(16)},3:}\x03`)).toBe('E01')
    expect(client.ask(`X${DATA.toString(16)},2:#}`)).toBe('OK')
    expect(client.ask(`x${DATA.toString(16)},4`)).toBe('b#}\x03\x04')
    expect(client.ask(`X${DATA.toString(16)},0:`)).toBe('OK')
  })

  test('that is not there is an error, and what there is before it is not', () => {
    const client = connected()
    const end = 2 << 20
    expect(client.ask(`m${(end - 2).toString(16)},8`)).toBe('0000')
    expect(client.ask(`m${end.toString(16)},4`)).toBe('E0e')
    expect(client.ask(`M${(end - 2).toString(16)},4:01020304`)).toBe('E0e')
    expect(client.ask(`m${(end - 2).toString(16)},2`)).toBe('0000')
    expect([client.ask('m'), client.ask('m1'), client.ask('m100000000,4'), client.ask('mfffffffe,8')]).toEqual([
      ...['E01', 'E01', 'E01', 'E0e'],
    ])
  })
})

describe('going on', () => {
  test('by one instruction, or while in a range', () => {
    const client = connected()
    expect(client.go('vCont;s:1;c')).toMatch(/^T0501:.{8};40:00001004;43:.{8};thread:1;$/)
    expect(client.go('s')).toMatch(/^T05/)
    expect(pc(client)).toBe(A + 8)
    expect(client.go(`vCont;r${at(3)},${at(4)}`)).toMatch(/^T05/)
    expect(pc(client)).toBe(A)
    expect(client.go(`vCont;r${at(0)},${at(3)}:1`)).toMatch(/^T05/)
    expect(pc(client)).toBe(A + 12)
    client.go('s')
    expect(client.go(`s${at(2)}`)).toMatch(/^T05/)
    expect(pc(client)).toBe(A + 12)
  })

  test('until Ctrl-C', () => {
    const client = connected()
    client.ask('vCont;c')
    client.loop.turn(2)
    expect(client.came).toEqual([])
    client.interrupt()
    client.loop.turn(60)
    expect(client.came).toEqual([expect.stringMatching(/^T02/)])
    expect(client.ask('?')).toMatch(/^T02/)
    client.interrupt()
    expect(client.came).toEqual([])
  })

  test.each(['vCont', 'vCont;', 'vCont;x', 'vCont;r10', 'vCont;C', 'cxyz'])('%s is malformed', data => {
    expect(connected().ask(data)).toBe('E01')
  })

  test('ends where the program does', () => {
    // DBCR0[RST]: a system reset, with r3 the status.
    const client = connected([e.addi(3, 0, 42), (15 << 26) | (6 << 21) | 0x3000, e.mtspr(308, 6)])
    expect(client.go('vCont;c')).toBe('W2a')
    expect([client.ask('?'), client.ask('vCont;c'), client.ask('vAttach;1')]).toEqual([
      ...['W2a', 'W2a', 'E.The program has ended: begin it with "run"'],
    ])
    expect(client.ask('vRun;;61;62')).toMatch(/^T05/)
    expect(client.restarts).toEqual([['a', 'b']])
    expect(client.go('vCont;c')).toBe('W2a')
  })

  test('tells of a program that is idle forever, and why', () => {
    const client = connected([e.b(0)])
    client.ask('vCont;c')
    client.loop.turn(60)
    const [said, stop] = client.came
    expect(textOfHex(said!.slice(1))).toMatch(/^The program is idle forever at 0x00001000/)
    expect(stop).toMatch(/^T02/)
  })
})

test('Ctrl-C that crosses a stop is not lost: going on ends at once', () => {
  const client = connected()
  client.ask(`Z1,${at(1)},4`)
  client.go('c')
  client.interrupt()
  const before = register(client, 3)
  expect(client.ask('vCont;c')).toMatch(/^T02/)
  expect([pc(client), register(client, 3)]).toEqual([A + 4, before])
  client.ask(`z1,${at(1)},4`)
  expect(client.ask('vCont;c')).toBeUndefined()
  client.loop.turn(3)
  expect(client.loop.target.state).toBe('running')
})

describe('a program', () => {
  test('is killed, and begins anew', () => {
    const client = connected()
    expect(client.ask('!')).toBe('OK')
    expect(client.ask('vKill;1')).toBe('OK')
    expect([client.loop.target.state, client.ask('?')]).toEqual(['ended', 'X09'])
    expect(client.ask('vRun;')).toMatch(/^T05.*40:00001000/)
    expect(client.ask('R00')).toBeUndefined()
    expect(client.restarts).toEqual([[], undefined])
    expect(client.ask(`vRun;${hexOfText('/elsewhere/program.elf')}`)).toMatch(/^T05/)
    expect(client.ask(`vRun;${hexOfText('other.elf')}`)).toMatch(/^E\.This is a server of \/tmp\/program\.elf/)
    expect(client.ask('vRun;0')).toBe('E01')
  })

  test('that is killed without the extended protocol ends the connection', () => {
    const client = connected()
    expect(client.ask('k')).toBeUndefined()
    expect(client.hasLeft).toBe(true)
  })

  test('that is killed by the extended protocol can begin anew', () => {
    const client = connected()
    client.ask('!')
    client.ask('k')
    expect([client.hasLeft, client.ask('vRun;')]).toEqual([false, expect.stringMatching(/^T05/)])
  })

  test('that others debug does not begin anew', () => {
    const client = new RspClient(programOf(WORDS), { isShared: true })
    client.ask('qSupported:error-message+')
    expect(client.ask('vRun;')).toMatch(/^E\..*editor/)
    client.ask('R00')
    expect(client.restarts).toEqual([])
  })
})

describe('breakpoints', () => {
  test('a trap word is seen by nobody, and told as gdb wants it', () => {
    const client = connected()
    const word = client.ask(`m${at(1)},4`)
    expect(client.ask(`Z0,${at(1)},4`)).toBe('OK')
    expect(client.ask(`m${at(1)},4`)).toBe(word)
    expect(client.go('c')).toMatch(/^T05.*;thread:1;swbreak:;$/)
    expect(pc(client)).toBe(A + 4)
  })

  test.each(['Z0', 'Z1'])(
    'one at which gdb continues stops the program at once: gdb steps off it itself (%s)',
    kind => {
      const client = connected()
      client.ask(`${kind},${at(1)},4`)
      client.go('c')
      const before = register(client, 3)
      expect(client.go('c')).toMatch(/(sw|hw)break:;$/)
      expect([pc(client), register(client, 3)]).toEqual([A + 4, before])
      client.go('s')
      expect(client.go('c')).toMatch(/(sw|hw)break:;$/)
      expect([pc(client), register(client, 3)]).toEqual([A + 4, before + 1])
    },
  )

  test('a comparator is told by another word, and keeps its place from stop to stop', () => {
    const client = connected()
    client.ask(`Z1,${at(1)},4`)
    client.ask(`Z1,${at(2)},4`)
    expect(client.go('c')).toMatch(/thread:1;hwbreak:;$/)
    for (const n of [1, 2]) client.ask(`z1,${at(n)},4`)
    const held = () => client.loop.target.breakpoints.all.map(({ slots }) => slots)
    expect(held()).toEqual([['IAC1'], ['IAC2']])
    client.ask(`Z1,${at(2)},4`)
    client.go('c')
    expect([pc(client), held()]).toEqual([A + 8, [['IAC2']]])
  })

  test('a fifth comparator is refused with who holds them, and stays refused', () => {
    const client = connected()
    const far = [0, 0x1000, 0x2000, 0x3000, 0x4000].map(offset => (A + offset).toString(16))
    for (const address of far.slice(0, 4)) expect(client.ask(`Z1,${address},4`)).toBe('OK')
    expect(client.ask(`Z1,${far[4]},4`)).toBe(
      'E.No IAC slot free: IAC1 0x00001000, IAC2 0x00002000, IAC3 0x00003000, IAC4 0x00004000.',
    )
    expect(client.loop.target.breakpoints.all).toHaveLength(4)
    client.ask(`z1,${far[0]},4`)
    expect(client.ask(`Z1,${far[4]},4`)).toBe('OK')
    expect(client.loop.target.breakpoints.all.map(({ label }) => label)).not.toContain('0x00001000')
  })

  test('an older gdb is told behind a second full stop', () => {
    const client = connected(WORDS, '')
    for (const n of [0, 1, 2, 3]) client.ask(`Z1,${(A + 0x1000 * n).toString(16)},4`)
    expect(client.ask('Z1,9000,4')).toMatch(/^E\.\.No IAC slot free/)
  })

  test('where no RAM is mapped a comparator takes the place of a trap word', () => {
    const client = connected()
    expect(client.ask('Z0,c0001000,4')).toBe('OK')
    expect(client.loop.target.breakpoints.all[0]!.slots).toEqual(['IAC1'])
  })

  test('watchpoints stop before the access, and say which', () => {
    const client = connected()
    expect(client.ask('Z2,5002,1')).toBe('OK')
    expect(client.go('c')).toMatch(/thread:1;watch:5002;$/)
    expect(pc(client)).toBe(A + 4)
    client.ask('z2,5002,1')
    client.ask('Z3,5000,4')
    expect(client.go('c')).toMatch(/rwatch:5000;$/)
    expect(pc(client)).toBe(A + 8)
    client.ask('z3,5000,4')
    client.ask('Z4,5000,4')
    expect(client.go('c')).toMatch(/awatch:5000;$/)
    expect(pc(client)).toBe(A + 4)
    expect(client.go('c')).toMatch(/awatch:5000;$/)
    expect(pc(client)).toBe(A + 8)
  })

  test('an access in the middle of what is watched is told by its address', () => {
    const client = connected([e.stw(3, 4, 4), e.b(-4)])
    client.ask('Z2,5000,8')
    expect(client.go('c')).toMatch(/watch:5004;$/)
  })

  test('two watchpoints have a DAC each, one that is long has both, and what is too much is refused', () => {
    const client = connected()
    expect([client.ask('Z2,5000,4'), client.ask('Z2,6000,4')]).toEqual(['OK', 'OK'])
    expect(client.ask('Z2,7000,4')).toMatch(/^E\.No DAC slot free: DAC1 4 bytes at 0x00005000, DAC2 4 bytes/)
    client.ask('z2,6000,4')
    expect(client.ask('Z2,6000,28')).toMatch(/^E\..*needs both DACs/)
    client.ask('z2,5000,4')
    expect(client.ask('Z2,6000,28')).toBe('OK')
    expect([client.ask('Z2,5000,0'), client.ask('Z2,ffffffff,2'), client.ask('Z1,1002,4'), client.ask('Z1')]).toEqual([
      ...['E01', 'E01', expect.stringMatching(/^E\..*not a multiple of 4/), 'E01'],
    ])
  })

  test('conditions are judged where the program runs', () => {
    const client = connected()
    // r3 == 5: reg 3, const8 5, equal, end
    expect(client.ask(`Z1,${at(1)},4;X7,26000322051327`)).toBe('OK')
    client.go('c')
    expect([pc(client), register(client, 3)]).toEqual([A + 4, 5])
    client.ask(`z1,${at(1)},4`)
    // Of two one must hold: r3 == 7, r3 == 9. Another condition at the same place is another breakpoint.
    expect(client.ask(`Z1,${at(1)},4;X7,26000322071327X7,26000322091327`)).toBe('OK')
    client.go('c')
    // gdb steps off a breakpoint before it continues.
    client.go('s')
    client.go('c')
    expect(register(client, 3)).toBe(9)
    expect(client.ask(`Z0,${at(2)},4;X1,01`)).toMatch(/^E\.The condition cannot be judged/)
    expect(client.ask(`Z0,${at(2)},4;X9,27`)).toMatch(/^E\..*cut off/)
  })

  test('a condition without a value stops, and says so', () => {
    const client = connected()
    client.ask(`Z1,${at(1)},4;X6,24fffffffc1727`.replace('X6', 'X7'))
    client.ask('c')
    client.loop.turn(60)
    const came = client.came
    expect(came.map(each => (each[0] === 'O' ? textOfHex(each.slice(1)) : each))).toEqual([
      'A condition has no value here: nothing is mapped at 0xfffffffc.\n',
      expect.stringMatching(/^T05.*hwbreak/),
    ])
  })
})

describe('documents and files', () => {
  test('come in pieces', () => {
    const client = connected()
    const whole = client.ask('qXfer:memory-map:read::0,1000')!
    expect(whole[0]).toBe('l')
    expect(client.ask('qXfer:memory-map:read::0,10')).toBe(`m${whole.slice(1, 17)}`)
    expect(client.ask(`qXfer:memory-map:read::${(whole.length - 3).toString(16)},10`)).toBe(`l${whole.slice(-2)}`)
    expect(client.ask('qXfer:memory-map:read::ffff,10')).toBe('l')
    expect(client.ask('qXfer:exec-file:read:1:0,100')).toBe('l/tmp/program.elf')
    expect(client.ask('qXfer:libraries:read::0,100')).toMatch(/^l<library-list>/)
    expect([client.ask('qXfer:features:read:no.xml:0,10'), client.ask('qXfer:features:write:target.xml:0:a')]).toEqual([
      ...['E00', ''],
    ])
    expect([client.ask('qXfer:nonsense:read::0,1'), client.ask('qXfer'), client.ask('qXfer:auxv:read::0,10')]).toEqual([
      ...['', '', 'E00'],
    ])
  })

  test('the program can be read, and nothing else', () => {
    const client = connected()
    const open = (path: string, flags = '0') => client.ask(`vFile:open:${hexOfText(path)},${flags},0`)
    expect([
      open('/tmp/program.elf'),
      open('/etc/passwd'),
      open('/tmp/program.elf', '1'),
      open('/proc/1/maps'),
    ]).toEqual([...['F0', 'F-1,2', 'F-1,d', 'F-1,2']])
    expect(client.ask('vFile:pread:0,4,0')).toBe('F4;\x7fELF')
    expect(client.ask('vFile:pread:0,4,ffffff')).toBe('F0;')
    expect(client.ask('vFile:fstat:0')).toHaveLength('F40;'.length + 64)
    expect([client.ask('vFile:close:0'), client.ask('vFile:close:9'), client.ask('vFile:pread:9,4,0')]).toEqual([
      ...['F0', 'F-1,9', 'F-1,9'],
    ])
    expect([client.ask('vFile:unlink:61'), client.ask('vFile:setfs:0'), client.ask('vFile:readlink:61')]).toEqual([
      ...['F-1,d', 'F0', 'F-1,2'],
    ])
  })
})

test('gdb leaves a program alone at its end, or ends it where the server would', () => {
  expect(connected().ask('qAttached')).toBe('1')
  expect(new RspClient(programOf(WORDS), { once: true }).ask('qAttached')).toBe('0')
})

describe('monitor', () => {
  const monitor = (client: RspClient, line: string): string => {
    client.ask('qC')
    const before = client.came
    expect(before).toEqual([])
    const answer = client.ask(`qRcmd,${hexOfText(line)}`)
    expect(answer).toBe('OK')
    return line
  }
  const said = (client: RspClient, line: string): string => {
    const texts: string[] = []
    const { session } = client
    const console = session.console.bind(session)
    session.console = text => {
      texts.push(text)
      console(text)
    }
    monitor(client, line)
    return texts.join('')
  }

  test('help lists every command, and so does one that there is not', () => {
    const client = connected()
    const help = said(client, 'help')
    for (const name of ['help', 'slots', 'tlb', 'uart', 'reset', 'exit', 'trace', 'dmesg'])
      expect(help).toContain(`monitor ${name}`)
    expect(said(client, 'dmesg')).toContain('is no Linux kernel')
    expect(said(client, 'toString')).toMatch(/^There is no command "toString"/)
  })

  test('slots says who holds what', () => {
    const client = connected()
    client.ask(`Z1,${at(1)},4`)
    client.ask(`Z0,${at(2)},4`)
    expect(said(client, 'slots')).toMatch(
      /^IAC1 {2}0x00001004 {2}0x00001004\nIAC2 {2}free\n[\s\S]*trap word at 0x00001008\n$/,
    )
  })

  test('tlb shows what is mapped, reset begins anew, trace is on or off', () => {
    const client = connected()
    expect(said(client, 'tlb')).toMatch(/^\s*\d+ {2}0x00000000 -> 0x000000000 {2}256 MB .* SX SW SR$/m)
    client.go('s')
    said(client, 'reset')
    expect(pc(client)).toBe(A)
    expect(said(client, 'trace on')).toMatch(/is on/)
    expect(said(client, 'trace perhaps')).toMatch(/on.*off/)
  })

  test('exit ends the server, unless the program belongs to an editor', () => {
    const client = connected()
    expect(said(client, 'exit')).toBe('')
    expect(client.isClosed).toBe(true)
    const second = new RspClient(programOf(WORDS), { isShared: true })
    expect(said(second, 'exit')).toMatch(/belongs to the editor/)
    expect(second.isClosed).toBe(false)
  })
})

test('every packet of the table is found by its name, whatever follows', () => {
  for (const name of Object.keys(PACKETS)) {
    const follows = /^[qQv][A-Za-z]+$/.test(name) ? ':rest' : ''
    expect(packetFor(name + follows), name).toEqual([PACKETS[name], name])
  }
})

/** gdb beside another front end, at a program that has run for so many slices and stands. */
function sharedAfter(slices: number) {
  const elf = programOf(WORDS)
  const client = new RspClient(elf, { isShared: true, loop: new HandTurned(elf, { tick: 1, history: 64 << 20 }) })
  const { loop } = client
  const { target } = loop
  target.machine.setRegister('r4', DATA)
  target.breakpoints.settled = true
  client.ask('qSupported:error-message+')
  target.resume(new Continue())
  loop.turn(slices)
  target.pause()
  loop.turn()
  client.ask('?')
  return { client, loop, target }
}

test('going back stops at the breakpoints of either front end, with the registers of then; both are told', () => {
  const { client, loop, target } = sharedAfter(10)
  const told: (readonly [string, boolean])[] = []
  const continued = () => void told.push(['continued', target.isInPast])
  target.join({ ...SILENT, name: 'dap', continued, stopped: ({ reason }) => void told.push([reason, target.isInPast]) })
  target.breakpoints.replace({ owner: 'dap', list: 'all' }, [{ kind: 'instruction', address: A + 8 }])
  target.replan()
  client.ask(`Z1,${at(1)},4`)
  const stops = [1, 2, 3, 4].map(() => {
    client.ask('bc')
    loop.turn()
    return [client.came.at(-1)!.replace(/^.*;40:(.*?);.*thread:1;/, '$1 '), register(client, 3)] as const
  })
  const gdbs = stops.findIndex(([stop]) => stop === `${hex8(A + 4)} hwbreak:;`)
  const n = stops[gdbs]![1]
  // The program counts up between them: the turn before is one less.
  const expected = [`${hex8(A + 4)} hwbreak:;`, `${hex8(A + 8)} `, `${hex8(A + 4)} hwbreak:;`]
  expect(stops.slice(gdbs, gdbs + 3)).toEqual([n, n - 1, n - 1].map((value, i) => [expected[i], value]))
  const way = [
    ['continued', true],
    ['breakpoint', true],
  ]
  expect(told.slice(2)).toEqual([...way, ...way, ...way])
})

test('while another front end has the past searched there is nothing to look at or to write', () => {
  const { client, loop, target } = sharedAfter(40)
  const { reach } = target
  target.travel(past => past.reverseContinue())
  loop.turn(6)
  expect(target.isSearching).toBe(true)
  const digits = '0'.repeat(8)
  for (const packet of ['g', 'p40', `P40=${digits}`, 'm5000,4', 'x5000,4', `M5000,4:${digits}`, 'X5000,1:a'])
    expect([packet, client.ask(packet)]).toEqual([packet, expect.stringMatching(/^E\.The past is being searched/)])
  loop.turn()
  expect([target.reach, client.ask('p40')]).toEqual([reach, hex8(A)])
})
