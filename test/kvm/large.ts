// `npm run test:kvm [RUNS]`: the properties of the debug layer over thousands of random guests instead of a few hundred;
// GCC's torture tests and Linux under a debugger, and Linux as a debugger.

import { spawnSync } from 'node:child_process'
import { bootLinux } from './linuxBoot.ts'
import { debugInLinux } from './linuxPtrace.ts'
import { debugTorture } from './torture.ts'

const TORTURE_TESTS = 200

async function main(): Promise<void> {
  const [runs = '3000'] = process.argv.slice(2)
  const env = { ...process.env, PPC440_KVM_RUNS: runs }
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/kvm'], { stdio: 'inherit', env })
  const same = [await debugTorture(TORTURE_TESTS), bootLinux(), debugInLinux()].every(Boolean)
  process.exitCode = status === 0 && same ? 0 : 1
}

void main()
