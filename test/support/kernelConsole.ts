// The console of a kernel that is debugged: what it has said, and what is typed there.

import type { DapClient } from './dap.ts'

/** All that it has said so far. */
export const saidBy = (dap: DapClient): string =>
  dap.events
    .filter(({ event }) => event === 'ppc440/uart')
    .map(({ body }) => String.fromCharCode(...body.data))
    .join('')
    .replaceAll('\r', '')

/** A line, and Enter. */
export const typeTo = (dap: DapClient, line: string) =>
  dap.ask('ppc440/uartInput', { uart: 0, data: [...new TextEncoder().encode(`${line}\n`)] })
