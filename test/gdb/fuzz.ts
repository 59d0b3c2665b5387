// Packets that no gdb would send, at a session: known ones with one thing wrong, bytes of any kind, cut anywhere. Whatever
// comes, the session answers the next proper packet, and the program can still be run.

import { packetOf } from '../../src/gdb/framing.ts'
import { PACKETS } from '../../src/gdb/packets.ts'
import { A, encode as e } from '../support/core.ts'
import { Random } from '../support/random.ts'
import { RspClient } from '../support/rsp.ts'
import { HandTurned, programOf } from '../support/target.ts'

const NAMES = Object.keys(PACKETS)
const PIECES = [
  ...['0', '1', '-1', 'ffffffff', '100000000', '7fffffffffffffff', A.toString(16), '5000', '1fffff', 'p1.1', 'p-1.-1'],
  ...[
    ',',
    ';',
    ':',
    '=',
    '#',
    '$',
    '}',
    '*',
    '+',
    '-',
    '\x03',
    '\0',
    'X4,22',
    'X5,2200220113',
    'vCont',
    'read',
    'target.xml',
  ],
  ...['features', 'auxv', 'open', 'pread', 'fstat', 'close', '2f746d70', 'c', 's', 'r', 't', 'C05', '4', '44'],
]
const LONGEST = 40
/** Slices of the program between two packets, at most. */
const SLICES = 3
/** Packets of one session. */
const SESSION = 500

function packet(random: Random): string {
  let text = random.pick(NAMES)
  const pieces = random.below(6)
  for (let n = 0; n < pieces; n++)
    text += random.below(4) === 0 ? String.fromCharCode(random.below(256)) : random.pick(PIECES)
  if (random.below(8) === 0) text = text.slice(0, random.below(text.length + 1))
  return random.below(50) === 0 ? text.repeat(random.below(LONGEST)) : text
}

/** A packet as bytes, now and then damaged. */
function bytesOf(random: Random): Uint8Array {
  const bytes =
    random.below(10) === 0 ? Uint8Array.from(packet(random), c => c.charCodeAt(0)) : packetOf(packet(random))
  if (random.below(10) === 0 && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256)
  return random.below(10) === 0 ? bytes.slice(0, random.below(bytes.length + 1)) : bytes
}

const PROGRAM = programOf([e.addi(3, 3, 1), e.stw(3, 0, 4), e.lwz(5, 0, 4), e.b(-12)])

/** @throws where a session does not answer any more */
export function fuzz(packets: number, seed: number): void {
  const random = new Random(seed)
  for (let sent = 0; sent < packets; ) {
    const loop = new HandTurned(PROGRAM, { tick: 1 })
    const client = new RspClient(PROGRAM, { loop, isShared: random.below(4) === 0 })
    for (let i = 0; i < SESSION && !client.hasLeft; i++, sent++) {
      const bytes = bytesOf(random)
      const cut = random.below(bytes.length + 1)
      client.send(bytes.subarray(0, cut))
      client.send(bytes.subarray(cut))
      loop.turn(random.below(SLICES))
    }
    isAlive(client, loop, seed)
    client.session.close()
  }
}

function isAlive(client: RspClient, loop: HandTurned, seed: number): void {
  if (client.hasLeft) return
  client.send(Uint8Array.from('#00', c => c.charCodeAt(0)))
  client.interrupt()
  loop.turn(SLICES)
  const thread = client.ask('qC')
  if (!/^QC(p1\.)?1$/.test(thread ?? '')) throw new Error(`seed ${seed}: qC is answered by ${thread}`)
  const stop = client.ask('?')
  if (!/^[TWX]/.test(stop ?? '')) throw new Error(`seed ${seed}: ? is answered by ${stop}`)
}
