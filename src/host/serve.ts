// A debug session behind a port: what both kinds of worker run.

import type { SessionHost } from '../dap/host.ts'
import { AskedFiles } from './askedFiles.ts'
import type { FromWorker, Port, ToWorker } from './channel.ts'
import { DapServer, type RequestTaker } from './dapServer.ts'

/** What a place to run in gives: a way to let messages in between slices, a clock to size them by, ports and folders where there are any. */
export type Timing = Pick<SessionHost, 'schedule' | 'now'> & Partial<Pick<SessionHost, 'openGdb' | 'writeBack'>>

export function serve(
  port: Port<FromWorker, ToWorker>,
  timing: Timing,
  open: (host: SessionHost) => RequestTaker,
): void {
  const files = new AskedFiles((id, question) => port.post({ kind: 'file', id, question }))
  const server = new DapServer(emit => open({ ...timing, files, emit }), {
    send: message => port.post({ kind: 'dap', message }),
  })
  port.listen(message => {
    if (message.kind === 'dap') server.handle(message.message)
    else files.answered(message.id, message.answer)
  })
}
