// `npm run test:past`: an unmodified Linux boots with a history and keys typed on the way; then back to before start_kernel,
// to many moments in between, and forward again: the state is the same at each. PPC440_LINUX names a directory with a
// kernel, its device tree and RAM disk; otherwise it is what `npm run test:linux` has built.

import { readFileSync } from 'node:fs'
import { readElf } from '../../src/elf/elf.ts'
import { History } from '../../src/history/history.ts'
import { Machine } from '../../src/machine/machine.ts'
import { type Moment, momentOf } from '../../src/machine/moment.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { kernelDirectory, kernelFiles } from '../support/linuxKernel.ts'
import { Random } from '../support/random.ts'

const MB = 1 << 20
const SLICE = 3_000_000
const WALKS = Number(process.argv[2] ?? 30)

function main(): void {
  const files = kernelFiles()
  if (files === undefined) throw new Error(`no kernel in ${kernelDirectory}`)
  const kernel = {
    deviceTree: new Uint8Array(readFileSync(files.dtb)),
    initrd: new Uint8Array(readFileSync(files.initrd)),
    append: 'console=ttyS0,115200',
  }
  const machine = new Machine(
    { ramSize: 128 * MB, core: '440ep', reset: 'boot', engine: 'auto', kernel },
    readElf(new Uint8Array(readFileSync(files.program))),
  )
  let said = ''
  machine.uarts[0]!.onTransmit = byte => {
    said += String.fromCharCode(byte)
  }
  const history = new History(machine, { budget: 256 * MB, now: () => performance.now() })
  const random = new Random(440)
  const visited: (readonly [Moment, string])[] = []
  const start = stateHash(machine)
  const began = performance.now()
  for (let slice = 0; ; slice++) {
    const { core } = history.run({ budget: 1 + random.below(SLICE) })
    history.record()
    if (slice % 3 === 0) machine.uartInput(0, [0x61 + (slice % 26)])
    else if (slice % 4 === 1) visited.push([momentOf(machine), stateHash(machine)])
    if (core.kind === 'reset' || core.kind === 'idle' || machine.retired > 400e6) break
  }
  const end = [momentOf(machine), stateHash(machine)] as const
  const whole = said
  console.log(
    `${end[0].retired} instructions in ${((performance.now() - began) / 1000).toFixed(1)} s, ${history.stations.length} stations, ${(history.bytes / MB).toFixed(0)} MB, ${machine.inputs.length} keys`,
  )
  let failures = 0
  const check = (moment: Moment, hash: string, what: string): void => {
    const from = performance.now()
    const way = history.goTo(moment, () => ({ budget: 10_000_000 }))
    while (way.next().done !== true);
    const isSame = stateHash(machine) === hash
    if (!isSame) failures++
    if (!isSame || what !== '')
      console.log(
        `${what || moment.retired}: ${isSame ? 'the same' : 'another state'}, ${(performance.now() - from).toFixed(0)} ms`,
      )
  }
  check({ retired: 0, cycle: 0 }, start, 'the first instruction')
  check(end[0], end[1], 'the end, forward from there')
  for (let i = 0; i < WALKS; i++) check(...random.pick(visited), '')
  check(end[0], end[1], 'the end')
  if (said !== whole) failures++
  console.log(failures === 0 ? `${WALKS} walks: every state the same, nothing said twice` : `${failures} failures`)
  process.exitCode = failures === 0 ? 0 : 1
}

main()
