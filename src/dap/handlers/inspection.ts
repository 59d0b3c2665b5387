// Requests that look at the stopped program: stack, scopes, variables, expressions.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { frameScopes, type Style } from '../../debuggee/evaluation.ts'
import { type Child, childNamed, filteredChildren } from '../../debuggee/tree.ts'
import { commanded } from '../commands.ts'
import { completionsOf } from '../completions.ts'
import { noLocation, readOnly } from '../errors.ts'
import { frameTitle, HEXADECIMAL } from '../frameTitle.ts'
import type { StackRow } from '../handles.ts'
import { reference, type SessionState } from '../sessionState.ts'
import { withRemarks } from '../styling.ts'
import type { Handlers } from '../types.ts'
import { restartable } from './past.ts'

type Handled =
  | 'stackTrace'
  | 'scopes'
  | 'variables'
  | 'setVariable'
  | 'setExpression'
  | 'evaluate'
  | 'completions'
  | 'locations'

/** A client that does not say how much of the stack it wants gets this much. */
const MOST_FRAMES = 1000

export function inspectionHandlers(state: SessionState): Pick<Handlers, Handled> {
  return {
    async stackTrace({ threadId, startFrame = 0, levels = 0, format }) {
      const end = startFrame + (levels === 0 ? MOST_FRAMES : levels)
      // One more than asked for tells whether there are more.
      void state.stoppedTarget
      const found = state.inThread(state.threadOf(threadId), () => state.stack(startFrame, end + 1))
      const shown = found.slice(0, end - startFrame)
      const heads = state.inThread(state.threadOf(threadId), () => shown.map(row => headOf(state, row, format)))
      const stackFrames = await Promise.all(shown.map(([, row], i) => stackFrame(state, row, heads[i]!)))
      return { stackFrames, totalFrames: startFrame + found.length }
    },

    scopes({ frameId }) {
      const { machine, program } = state.stoppedTarget
      const scopes = state.inFrame(frameId, () => {
        const frame = state.frame(frameId)
        return frameScopes(machine, program, frame, state.contextOf(frame)).map(
          ({ name, rows, isCostly, hint }): P.Scope => ({
            name,
            variablesReference: state.handles.addContainer(rows),
            expensive: isCostly,
            presentationHint: hint,
          }),
        )
      })
      return { scopes }
    },

    variables({ variablesReference, filter, start, count, format }) {
      void state.stoppedTarget
      const variables = state.inContainer(variablesReference, container =>
        state.inStyle(styleOf(format), () =>
          filteredChildren(container, filter, start, count || undefined).map(child => variable(state, child)),
        ),
      )
      return { variables }
    },

    setVariable({ variablesReference, name, value, format }) {
      void state.stoppedTarget
      return state.inContainer(variablesReference, container => {
        const child = childNamed(container, name)
        if (child?.set === undefined) throw readOnly(name)
        return { value: assigned(state, child, value, format) }
      })
    },

    setExpression({ expression, value, frameId, format }) {
      return state.inFrame(frameId, () => {
        const child = state.evaluate(expression, frameId)
        if (child.set === undefined) throw readOnly(expression)
        return { value: assigned(state, child, value, format) }
      })
    },

    completions({ text, column, line = 1, frameId }) {
      // The caret's line, of several; VS Code counts both from 1.
      const typed = text.split('\n')[line - 1] ?? ''
      return { targets: completionsOf(state, typed.slice(0, column - state.columnBase), frameId) }
    },

    evaluate({ expression, frameId, context, format }) {
      const inConsole = context === 'repl'
      const said = inConsole ? commanded(state, expression, frameId) : undefined
      if (said !== undefined) return { result: said, variablesReference: 0 }
      return state.inFrame(frameId, () => {
        const evaluated = () =>
          inConsole
            ? state.target.writing(() => state.evaluate(expression, frameId, true))
            : state.evaluate(expression, frameId)
        const style = { ...styleOf(format), isWhole: context === 'clipboard' }
        const { value, ...rest } = state.inStyle(style, () => variable(state, evaluated(), !style.isWhole))
        return { ...rest, result: value }
      })
    },

    async locations({ locationReference }) {
      const place = state.target.program.lineAt(codeOf(locationReference))
      if (place === undefined) throw noLocation(locationReference)
      return {
        source: await state.sources.toSource(place.path),
        line: place.line - 1 + state.lineBase,
        column: (place.column ?? 1) - 1 + state.columnBase,
      }
    },
  }
}

const styleOf = (format: P.ValueFormat | undefined): Style => (format?.hex === true ? HEXADECIMAL : {})

/** An instruction's address as a number above 0 with 31 bits, as DAP wants them. */
const locationOf = (code: number): number => (code >>> 2) + 1
const codeOf = (location: number): number => ((location - 1) << 2) >>> 0

/** @returns the new text */
function assigned(state: SessionState, child: Child, value: string, format: P.ValueFormat | undefined): string {
  return state.inStyle(styleOf(format), () => state.target.writing(() => child.set!(value)))
}

type FrameHead = Pick<P.StackFrame, 'id' | 'name' | 'canRestart'>

/** What of a row is read from the stopped machine. */
function headOf(
  state: SessionState,
  [id, row]: readonly [number, StackRow],
  format: P.StackFrameFormat | undefined,
): FrameHead {
  if ('why' in row) return { id, name: `the stack cannot be followed further: ${row.why}`, canRestart: false }
  return { id, name: frameTitle(state, row, format), canRestart: restartable(state, row) !== undefined }
}

async function stackFrame(state: SessionState, row: StackRow, head: FrameHead): Promise<P.StackFrame> {
  if ('why' in row) return { ...head, line: 0, column: 0, presentationHint: 'label' }
  const { activation, place } = row
  const instructionPointerReference = reference(activation.pc)
  // Not `subtle`: VS Code folds frames that are.
  if (place === undefined) return { ...head, line: 0, column: 0, instructionPointerReference }
  return {
    ...head,
    source: await state.sources.toSource(place.path),
    line: place.line - 1 + state.lineBase,
    column: (place.column ?? 1) - 1 + state.columnBase,
    instructionPointerReference,
  }
}

function variable(state: SessionState, child: Child, isStyled = state.hasStyling): P.Variable {
  const { name, value, type, container, namedVariables, indexedVariables, address, evaluateName, code } = child
  const hasSource = code !== undefined && state.target.program.lineAt(code) !== undefined
  return {
    name,
    // What can be changed is edited as it stands here.
    value: isStyled && state.hasStyling && child.set === undefined ? withRemarks(value) : value,
    variablesReference: container === undefined ? 0 : state.handles.addContainer(container),
    ...(type === undefined ? {} : { type }),
    ...(namedVariables === undefined ? {} : { namedVariables }),
    ...(indexedVariables === undefined ? {} : { indexedVariables }),
    ...(address === undefined ? {} : { memoryReference: reference(address) }),
    ...(evaluateName === undefined ? {} : { evaluateName }),
    ...(hasSource ? { valueLocationReference: locationOf(code) } : {}),
    ...(child.set === undefined ? { presentationHint: { attributes: ['readOnly'] } } : {}),
  }
}
