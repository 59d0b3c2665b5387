// A record of a Linux kernel's log as dmesg writes it.

import { UserError } from '../../util/userError.ts'

/** The newest records that are shown: nobody reads more in a console. */
export const MOST_RECORDS = 10_000
/** No kernel is configured for larger ones (CONFIG_LOG_BUF_SHIFT and log_buf_len=): what says more is damaged. */
export const MOST_LOG_BITS = 28

/** Each line of `text` with `[    1.234567]` before it. @param nanoseconds of the kernel's clock */
export function timedLines(nanoseconds: bigint, text: string): string {
  const seconds = String(nanoseconds / 1_000_000_000n).padStart(5)
  const time = `[${seconds}.${String((nanoseconds % 1_000_000_000n) / 1000n).padStart(6, '0')}]`
  return text
    .split('\n')
    .map(line => `${time} ${line}\n`)
    .join('')
}

export const damagedLog = (): UserError =>
  new UserError('no-log', 'the log of the kernel is damaged', 'go back to before that')
