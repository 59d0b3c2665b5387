// What a row of the call stack is called: the function, and what else a client wants of it in its name.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { type Frame, scopesOf } from '../debuggee/frames.ts'
import { variableRow } from '../debuggee/values.ts'
import { fileName } from '../util/fileName.ts'
import type { SessionState } from './sessionState.ts'

/** `order_place`; with all that can be had, `coffee.elf!order_place(struct queue *queue = 0x00104000, int count = 3) orders.c:38`. */
export function frameTitle(state: SessionState, frame: Frame, format: P.StackFrameFormat = {}): string {
  const { name, isInlined, place } = frame
  const module = format.module === true ? `${state.launched!.name}!` : ''
  const list = format.parameters === true ? `(${parametersOf(state, frame, format).join(', ')})` : ''
  const line = format.line === true && place !== undefined ? ` ${fileName(place.path)}:${place.line}` : ''
  return `${module}${name}${list}${line}${isInlined ? ' (inlined)' : ''}`
}

/** Of each its type, name and value, as wanted; where nothing is said, name and value. */
function parametersOf(state: SessionState, frame: Frame, format: P.StackFrameFormat): readonly string[] {
  const { parameterTypes: types, parameterNames: names, parameterValues: values, hex } = format
  const isSaid = types !== undefined || names !== undefined || values !== undefined
  const [hasType, hasName, hasValue] = isSaid ? [types, names, values] : [false, true, true]
  const context = state.contextOf(frame)
  const own = scopesOf(frame, state.target.program).filter(({ kind }) => kind === 'function' || kind === 'inlined')
  const parameters = own.flatMap(({ variables }) => variables.filter(({ kind }) => kind === 'parameter'))
  return state.inStyle(hex === true ? HEXADECIMAL : {}, () =>
    parameters.map(parameter => {
      const { name, type, value } = variableRow(parameter, { context })
      const declared = [...(hasType && type !== undefined ? [type] : []), ...(hasName ? [name] : [])]
        .join(' ')
        .replace('* ', '*')
      return [declared, ...(hasValue ? [value] : [])].filter(each => each !== '').join(' = ')
    }),
  )
}

export const HEXADECIMAL = { radix: 'hexadecimal' } as const
