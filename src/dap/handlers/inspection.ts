// Requests that look at the stopped program: stack, scopes, variables, expressions.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { frameScopes } from '../../debuggee/evaluation.ts'
import { type Child, childNamed, filteredChildren } from '../../debuggee/tree.ts'
import { commanded } from '../commands.ts'
import { completionsOf } from '../completions.ts'
import { readOnly } from '../errors.ts'
import type { StackRow } from '../handles.ts'
import { reference, type SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled = 'stackTrace' | 'scopes' | 'variables' | 'setVariable' | 'setExpression' | 'evaluate' | 'completions'

/** A client that does not say how much of the stack it wants gets this much. */
const MOST_FRAMES = 1000

export function inspectionHandlers(state: SessionState): Pick<Handlers, Handled> {
  return {
    async stackTrace({ threadId, startFrame = 0, levels = 0 }) {
      const end = startFrame + (levels === 0 ? MOST_FRAMES : levels)
      // One more than asked for tells whether there are more.
      void state.stoppedTarget
      const found = state.inThread(state.threadOf(threadId), () => state.stack(startFrame, end + 1))
      const stackFrames = await Promise.all(found.slice(0, end - startFrame).map(row => stackFrame(state, row)))
      return { stackFrames, totalFrames: startFrame + found.length }
    },

    scopes({ frameId }) {
      const { machine, program } = state.stoppedTarget
      const scopes = state.inFrame(frameId, () =>
        frameScopes(machine, program, state.frame(frameId)).map(
          ({ name, rows, isCostly, hint }): P.Scope => ({
            name,
            variablesReference: state.handles.addContainer(rows),
            expensive: isCostly,
            presentationHint: hint,
          }),
        ),
      )
      return { scopes }
    },

    variables({ variablesReference, filter, start, count }) {
      void state.stoppedTarget
      const variables = state.inContainer(variablesReference, container =>
        filteredChildren(container, filter, start, count || undefined).map(child => variable(state, child)),
      )
      return { variables }
    },

    setVariable({ variablesReference, name, value }) {
      void state.stoppedTarget
      return state.inContainer(variablesReference, container => {
        const child = childNamed(container, name)
        if (child?.set === undefined) throw readOnly(name)
        return { value: state.target.writing(() => child.set!(value)) }
      })
    },

    setExpression({ expression, value, frameId }) {
      return state.inFrame(frameId, () => {
        const child = state.evaluate(expression, frameId)
        if (child.set === undefined) throw readOnly(expression)
        return { value: state.target.writing(() => child.set!(value)) }
      })
    },

    completions({ text, column, line = 1, frameId }) {
      // The caret's line, of several; VS Code counts both from 1.
      const typed = text.split('\n')[line - 1] ?? ''
      return { targets: completionsOf(state, typed.slice(0, column - state.columnBase), frameId) }
    },

    evaluate({ expression, frameId, context }) {
      const inConsole = context === 'repl'
      const said = inConsole ? commanded(state, expression, frameId) : undefined
      if (said !== undefined) return { result: said, variablesReference: 0 }
      return state.inFrame(frameId, () => {
        const child = inConsole
          ? state.target.writing(() => state.evaluate(expression, frameId, true))
          : state.evaluate(expression, frameId)
        const { value, ...rest } = variable(state, child)
        return { ...rest, result: value }
      })
    },
  }
}

async function stackFrame(state: SessionState, [id, row]: readonly [number, StackRow]): Promise<P.StackFrame> {
  if ('why' in row)
    return {
      id,
      name: `the stack cannot be followed further: ${row.why}`,
      line: 0,
      column: 0,
      presentationHint: 'label',
    }
  const { activation, name, place, isInlined } = row
  const instructionPointerReference = reference(activation.pc)
  const title = isInlined ? `${name} (inlined)` : name
  if (place === undefined)
    return { id, name: title, line: 0, column: 0, presentationHint: 'subtle', instructionPointerReference }
  return {
    id,
    name: title,
    source: await state.sources.toSource(place.path),
    line: place.line - 1 + state.lineBase,
    column: (place.column ?? 1) - 1 + state.columnBase,
    instructionPointerReference,
  }
}

function variable(state: SessionState, child: Child): P.Variable {
  const { name, value, type, container, namedVariables, indexedVariables, address, evaluateName } = child
  return {
    name,
    value,
    variablesReference: container === undefined ? 0 : state.handles.addContainer(container),
    ...(type === undefined ? {} : { type }),
    ...(namedVariables === undefined ? {} : { namedVariables }),
    ...(indexedVariables === undefined ? {} : { indexedVariables }),
    ...(address === undefined ? {} : { memoryReference: reference(address) }),
    ...(evaluateName === undefined ? {} : { evaluateName }),
    ...(child.set === undefined ? { presentationHint: { attributes: ['readOnly'] } } : {}),
  }
}
