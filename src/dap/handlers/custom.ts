// Requests of our own, which DAP has none for: what the views draw, the trace, keys typed into a UART.

import { devicesOf } from '../../machine/devices.ts'
import { noTrapWord, noUart } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled =
  | 'ppc440/snapshot'
  | 'ppc440/devices'
  | 'ppc440/trapWord'
  | 'ppc440/gdb'
  | 'ppc440/trace'
  | 'ppc440/uartInput'

export function customHandlers(state: SessionState): Pick<Handlers, Handled> {
  return {
    'ppc440/snapshot': () => state.snapshot(),
    'ppc440/devices': () => ({ devices: devicesOf(state.target.machine.cpu) }),
    'ppc440/trapWord'({ id }) {
      const { target } = state
      if (!target.breakpoints.soften(id)) throw noTrapWord(id)
      target.replan()
      return undefined
    },
    'ppc440/gdb': async ({ port }) => ({ address: await state.openGdb(port) }),
    'ppc440/trace'({ on }) {
      state.target.trace(on)
      state.output(`The trace of the debug facility is ${on ? 'on: every stop tells what it did' : 'off'}.\n`)
      return undefined
    },
    'ppc440/uartInput'({ uart, data }) {
      const { uarts, process } = state.target.machine
      if (uart !== 0 && (process !== undefined || uarts[uart] === undefined)) throw noUart(uart)
      state.target.type(uart, data)
      return undefined
    },
  }
}
