// Every packet that a gdb may send, one row each: where it begins, what it asks for, who answers. What is not here is
// answered with an empty packet, which tells gdb to do without.

import * as control from './packets/control.ts'
import * as execution from './packets/execution.ts'
import { vFile } from './packets/files.ts'
import * as memory from './packets/memory.ts'
import { monitorCommand } from './packets/monitor.ts'
import * as points from './packets/points.ts'
import * as registers from './packets/registers.ts'
import * as threads from './packets/threads.ts'
import { qXfer } from './packets/transfer.ts'
import type { GdbSession, Reply } from './session.ts'

export interface Packet {
  readonly asks: string
  /** It is about the thread that `Hg` has chosen: about none while another front end has the past searched. */
  readonly isOfThread?: true
  /** @param text what follows the name, @param bytes the same as bytes */
  readonly answer: (session: GdbSession, text: string, bytes: Uint8Array) => Reply
}

export const PACKETS: Readonly<Record<string, Packet>> = {
  // ---- the connection
  qSupported: { asks: 'what each side can', answer: control.supported },
  QStartNoAckMode: { asks: 'no acknowledgements from now on', answer: control.noAcks },
  vMustReplyEmpty: { asks: 'how unknown packets are answered', answer: () => '' },
  '!': { asks: 'the extended protocol', answer: control.extended },
  D: { asks: 'to take leave', answer: control.detach },
  // ---- the program as a whole
  k: { asks: 'to end the program', answer: control.kill },
  vKill: { asks: 'to end the program, and an answer', answer: control.killAnswered },
  vRun: { asks: 'the program from its beginning, with arguments', answer: control.run },
  vAttach: { asks: 'to attach to the program', answer: control.attach },
  R: { asks: 'the program from its beginning', answer: control.restart },
  qAttached: { asks: 'whether the program is left alone at the end', answer: control.attached },
  qOffsets: { asks: 'where the sections have been loaded', answer: () => 'Text=0;Data=0;Bss=0' },
  qSymbol: { asks: 'whether symbols are wanted', answer: () => 'OK' },
  qRcmd: { asks: 'a command of ours', answer: monitorCommand },
  qXfer: { asks: 'a piece of a document', answer: qXfer, isOfThread: true },
  vFile: { asks: 'files', answer: vFile },
  // ---- threads: the core, or those of Linux
  H: { asks: 'the thread that what follows is about', answer: threads.select },
  T: { asks: 'whether a thread is alive', answer: threads.isAlive },
  qC: { asks: 'the current thread', answer: ({ threadId }) => `QC${threadId}` },
  qfThreadInfo: { asks: 'the threads', answer: threads.list },
  QPassSignals: { asks: 'the signals that do not stop', answer: execution.passSignals },
  QProgramSignals: { asks: 'the signals that the program gets', answer: () => 'OK' },
  qsThreadInfo: { asks: 'more threads', answer: () => 'l' },
  qThreadExtraInfo: { asks: 'what a thread is', answer: threads.describe },
  // ---- going on
  '?': { asks: 'why the program stands', answer: session => session.status() },
  'vCont?': { asks: 'the ways of going on', answer: () => 'vCont;c;C;s;S;t;r' },
  vCont: { asks: 'to go on', answer: execution.vCont },
  vCtrlC: { asks: 'to stop', answer: execution.interrupt },
  c: { asks: 'to run', answer: execution.run },
  C: { asks: 'to run, with a signal', answer: execution.runWithSignal },
  s: { asks: 'to step', answer: execution.step },
  S: { asks: 'to step, with a signal', answer: execution.stepWithSignal },
  bc: { asks: 'to run backward', answer: execution.runBackward },
  bs: { asks: 'to step backward', answer: execution.stepBackward },
  // ---- looking and writing
  g: { asks: 'the general registers', answer: registers.readAll, isOfThread: true },
  G: { asks: 'to write the general registers', answer: registers.writeAll, isOfThread: true },
  p: { asks: 'a register', answer: registers.readOne, isOfThread: true },
  P: { asks: 'to write a register', answer: registers.writeOne, isOfThread: true },
  m: { asks: 'memory, in digits', answer: memory.read, isOfThread: true },
  x: { asks: 'memory, in bytes', answer: memory.readBinary, isOfThread: true },
  M: { asks: 'to write memory, in digits', answer: memory.write, isOfThread: true },
  X: { asks: 'to write memory, in bytes', answer: memory.writeBinary, isOfThread: true },
  // ---- breakpoints
  Z: { asks: 'a breakpoint or watchpoint', answer: points.insert },
  z: { asks: 'one of them away', answer: points.remove },
}

/** Long names begin so, and end where something else begins. */
const LONG = /^(?:[qQv][A-Za-z]+|vCont\?|b[cs])/

/** The row for a packet's data, with the name that it begins with. */
export function packetFor(data: string): readonly [packet: Packet | undefined, name: string] {
  const name = data.startsWith('vCont?') ? 'vCont?' : (LONG.exec(data)?.[0] ?? data.slice(0, 1))
  return [Object.hasOwn(PACKETS, name) ? PACKETS[name] : undefined, name]
}
