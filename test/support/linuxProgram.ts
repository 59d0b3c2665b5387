// Static Linux executables made from test/guest: their marked lines, and a session in one.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { DapClient } from './dap.ts'

export class LinuxProgram {
  readonly source: string
  readonly path: string
  readonly lines: readonly string[]

  /** @param source below test/guest */
  constructor(source: string, ...flags: string[]) {
    this.source = resolve('test/guest', source)
    this.path = join(mkdtempSync(join(tmpdir(), 'ppc440-guest-')), basename(source).replace(/\.\w+$/, ''))
    this.lines = readFileSync(this.source, 'utf8').split('\n')
    const fixed = ['-g', '-mcpu=440fp', '-static', '-fno-pie', '-no-pie']
    const compiler = source.endsWith('.cc') ? 'powerpc-linux-gnu-g++' : 'powerpc-linux-gnu-gcc'
    execFileSync(compiler, [...fixed, ...flags, this.source, '-o', this.path])
  }

  /** The line that ends in this comment. */
  line(marker: string): number {
    const at = this.lines.findIndex(line => line.trimEnd().endsWith(`/* ${marker} */`))
    if (at < 0) throw new Error(`${this.source} has no line marked "${marker}"`)
    return at + 1
  }

  /** A session that has stopped at the breakpoints on these lines for the first time, with none left. */
  async stoppedAt(marker: string): Promise<DapClient> {
    const dap = new DapClient()
    await dap.launch(this.path, { machine: 'linux-user', breakpoints: { [this.source]: [this.line(marker)] } })
    await dap.stopped()
    await dap.ask('setBreakpoints', { source: { path: this.source }, breakpoints: [] })
    return dap
  }
}
