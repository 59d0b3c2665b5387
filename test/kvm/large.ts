// `npm run test:kvm [RUNS]`: the properties of the debug layer over thousands of random guests instead of a few hundred,
// and Linux booted under a debugger.

import { spawnSync } from 'node:child_process'
import { bootLinux } from './linuxBoot.ts'

const [runs = '3000'] = process.argv.slice(2)
const env = { ...process.env, PPC440_KVM_RUNS: runs }
const { status } = spawnSync('npx', ['vitest', 'run', 'test/kvm'], { stdio: 'inherit', env })
const booted = bootLinux()
process.exitCode = status === 0 && booted ? 0 : 1
