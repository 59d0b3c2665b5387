import { output } from './guest.ts'

/** Ask gdb about a program without running it; the answers one by one, in the order of the commands. */
export function gdb(path: string, commands: readonly string[]): string[] {
  const mark = '-- next --'
  const args = ['-nx', '-batch', '-ex', 'set width 0', '-ex', 'set height 0', '-ex', 'set confirm off']
  for (const command of commands) args.push('-ex', command, '-ex', `echo ${mark}\\n`)
  return output('gdb-multiarch', ...args, path)
    .split(`${mark}\n`)
    .slice(0, commands.length)
}

/** For each breakpoint specification the addresses gdb puts it at, ascending. */
export function gdbBreakpoints(path: string, specs: readonly string[]): Map<string, number[]> {
  const commands = specs.flatMap(spec => [`break ${spec}`, 'info breakpoints', 'delete'])
  const answers = gdb(path, commands)
  return new Map(
    specs.map((spec, i) => {
      const addresses = [...answers[3 * i + 1].matchAll(/ (0x[0-9a-f]{8}) /g)].map(match => Number(match[1]))
      return [spec, [...new Set(addresses)].sort((a, b) => a - b)]
    }),
  )
}
