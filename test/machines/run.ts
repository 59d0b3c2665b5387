// Firmware and kernels of others on the boards that we have, and the same under QEMU where that can run it:
//   npm run test:machines [NAME …]     the machines whose names have all these words in them; all without
// What has no licence to lie here is looked for in `.cache/machines/`, and a machine that lacks a file is skipped by name.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConsoleOf } from './console.ts'
import { FREERTOS_DEMOS, FREERTOS_ON_BAMBOO } from './freertos.ts'
import { LINUX_ON_BAMBOO, LINUX_ON_ML507 } from './linux.ts'
import type { MachineRow } from './machine.ts'
import { UBOOT_BAMBOO } from './uboot.ts'
import { UBOOT_SAM460EX } from './uboot460.ts'

const MACHINES: readonly MachineRow[] = [
  UBOOT_BAMBOO,
  UBOOT_SAM460EX,
  FREERTOS_ON_BAMBOO,
  ...FREERTOS_DEMOS,
  ...LINUX_ON_BAMBOO,
  LINUX_ON_ML507,
]

const FILES = '.cache/machines'
const pathOf = (file: string): string => join(FILES, file)

/** @returns seconds to the prompt, or what went wrong */
async function session(command: string, args: readonly string[], machine: MachineRow): Promise<number | string> {
  const console = new ConsoleOf(command, args)
  try {
    const begun = Date.now()
    const failed = (wanted: RegExp): string => `${wanted} did not come; it said last:\n${console.rest.slice(-2000)}`
    for (const { says, answer } of machine.begins ?? []) {
      if ((await console.says(says, machine.patience)) === undefined) return failed(says)
      if (answer !== undefined) console.type(answer)
    }
    if ((await console.says(machine.prompt, machine.patience)) === undefined) return failed(machine.prompt)
    const seconds = (Date.now() - begun) / 1000
    for (const { type, says } of machine.session) {
      if (type !== undefined) console.type(type)
      if ((await console.says(says, machine.patience)) === undefined) return failed(says)
    }
    return seconds
  } finally {
    console.end()
  }
}

/** @returns what of a session with our debugger is otherwise than expected */
function debugged(args: readonly string[], commands: readonly string[]): string {
  const options = commands.flatMap(command => ['--do', command])
  const { stdout, status } = spawnSync('node', ['dist/cli.js', 'debug', ...options, ...args], { encoding: 'utf8' })
  const unmet = stdout.split('\n').filter(line => /"met":false|"event":"error"/.test(line))
  return status === 0 ? '' : [...unmet, `status ${status}`].join('\n')
}

/** @returns whether it did not do here what it should */
async function fails(machine: MachineRow): Promise<boolean> {
  const missing = machine.files.filter(({ name }) => !existsSync(pathOf(name)))
  for (const { name, from } of missing) console.log(`${machine.name}: skipped, no ${pathOf(name)} (${from})`)
  if (missing.length > 0) return false
  const ours = await session('node', ['dist/cli.js', 'run', ...machine.ours(pathOf)], machine)
  const theirs = machine.qemu && (await session('qemu-system-ppc', ['-nographic', ...machine.qemu(pathOf)], machine))
  const unmet = machine.debugged && debugged(machine.ours(pathOf), machine.debugged)
  const said = [`here ${report(ours)}`, ...(theirs === undefined ? [] : [`QEMU ${report(theirs)}`])]
  if (typeof ours === 'number' && typeof theirs === 'number') said.push(`${(ours / theirs).toFixed(1)} times as long`)
  if (unmet !== undefined) said.push(unmet === '' ? 'debugged' : `debugged, but:\n${unmet}`)
  console.log(`${machine.name}: ${said.join('; ')}`)
  return typeof ours === 'string' || (unmet ?? '') !== ''
}

async function main(words: readonly string[]): Promise<number> {
  const wanted = MACHINES.filter(({ name }) => words.every(word => name.toLowerCase().includes(word.toLowerCase())))
  if (wanted.length === 0) console.log(`none of ${MACHINES.map(({ name }) => name).join(', ')} is called so`)
  let failures = 0
  for (const machine of wanted) if (await fails(machine)) failures++
  return failures > 0 || wanted.length === 0 ? 1 : 0
}

function report(result: number | string): string {
  return typeof result === 'number' ? `${result.toFixed(1)} s to the prompt` : `failed: ${result}`
}

void main(process.argv.slice(2)).then(code => {
  process.exitCode = code
})
