// Refuses what got into the repository by accident: memory dumps, logs, profiles, and any file over 1 MB.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

const MOST_BYTES = 1 << 20
const ACCIDENTS = /(^|\/)(core|core\.\d+|vgcore\..*|platform\.info|nohup\.out)$|\.(cpuprofile|heapsnapshot|log)$/

const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1 << 26 })
if (status !== 0) {
  console.log('not a git checkout: there are no tracked files to look at')
  process.exit(0)
}
const files = stdout.split('\0').filter(name => name !== '')
const size = name => statSync(name, { throwIfNoEntry: false })?.size ?? 0
const refused = files.filter(name => ACCIDENTS.test(name) || size(name) > MOST_BYTES)
for (const name of refused)
  console.error(`${name} (${size(name)} bytes) must not be tracked: remove it, or make it small`)
process.exitCode = refused.length > 0 ? 1 : 0
