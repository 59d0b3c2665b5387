import { spawnSync } from 'node:child_process'

const known = new Map<string, boolean>()

/** Whether a program is installed: tests that ask it are skipped by name where it is not. */
export function have(tool: string): boolean {
  let found = known.get(tool)
  if (found === undefined) {
    found = spawnSync('which', [tool]).status === 0
    known.set(tool, found)
  }
  return found
}
