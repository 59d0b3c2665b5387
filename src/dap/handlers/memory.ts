// Requests about memory and the instructions in it.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { disassembleRow } from '../../debuggee/disassembly.ts'
import { memoryStretch } from '../../debuggee/memoryContents.ts'
import type { Target } from '../../debuggee/target.ts'
import { fromBase64, toBase64 } from '../../util/base64.ts'
import { fileName } from '../../util/fileName.ts'
import { hex } from '../../util/hex.ts'
import { isAddress, parseAddress } from '../addresses.ts'
import { badData, badReference, noMemory, noSource, notAllMemory, tooMuch } from '../errors.ts'
import { addressMeant } from '../expressionAddress.ts'
import { reference, type SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

/** A kernel has some thousand; each is looked for. */
const MOST_SOURCES = 2000

type Handled =
  | 'ppc440/memory'
  | 'ppc440/address'
  | 'readMemory'
  | 'writeMemory'
  | 'disassemble'
  | 'loadedSources'
  | 'source'

/** Never more in one request: what is asked next waits for it. */
const MOST_BYTES = 1 << 20
/** Of a view, which shows no more at a time. */
const MOST_SHOWN = 1 << 16
const MOST_INSTRUCTIONS = 20_000

export function memoryHandlers(state: SessionState): Pick<Handlers, Handled> {
  return {
    'ppc440/memory'({ address, count }) {
      const { target } = state
      target.checkStands()
      if (!isAddress(address)) throw noMemory(address)
      const end = Math.min(2 ** 32, address + Math.min(count, MOST_SHOWN))
      const { pieces, gaps, symbols } = memoryStretch(target, address, end)
      const encoded = pieces.map(({ address, bytes }) => ({ address, base64: toBase64(bytes) }))
      return { stop: target.stops, address, count: end - address, pieces: encoded, gaps, symbols }
    },

    'ppc440/address': ({ expression, frameId }) => ({
      address: parseAddress(expression) ?? state.inFrame(frameId, () => addressMeant(state, expression, frameId)),
    }),

    readMemory({ memoryReference, offset = 0, count }) {
      state.target.checkStands()
      const address = addressOf(memoryReference, offset)
      const wanted = Math.min(count, MOST_BYTES)
      const bytes = isAddress(address) ? state.target.readMemory(address, wanted) : new Uint8Array()
      const missing = wanted - bytes.length
      return {
        address: hex(Math.max(0, address), 8),
        data: toBase64(bytes),
        ...(missing > 0 ? { unreadableBytes: missing } : {}),
      }
    },

    writeMemory({ memoryReference, offset = 0, data, allowPartial = false }) {
      const address = addressOf(memoryReference, offset)
      const bytes = fromBase64(data)
      if (bytes === undefined) throw badData(data)
      if (bytes.length > MOST_BYTES) throw tooMuch(bytes.length, 'bytes', MOST_BYTES)
      if (!isAddress(address)) throw noMemory(address)
      const bytesWritten = state.target.writable(address, bytes.length)
      if (bytesWritten < bytes.length && !allowPartial) throw notAllMemory(address, bytesWritten, bytes.length)
      state.target.writing(() => state.target.writeMemory(address, bytes.subarray(0, bytesWritten)))
      state.emit('memory', { memoryReference, offset, count: bytesWritten })
      return { bytesWritten }
    },

    async disassemble({ memoryReference, offset = 0, instructionOffset = 0, instructionCount }) {
      const first = ((addressOf(memoryReference, offset) & ~3) >>> 0) + 4 * instructionOffset
      if (instructionCount > MOST_INSTRUCTIONS) throw tooMuch(instructionCount, 'instructions', MOST_INSTRUCTIONS)
      const rows = Array.from({ length: instructionCount }, (_, i) => disassembled(state.target, first + 4 * i))
      return { instructions: await withSources(state, rows) }
    },

    async loadedSources() {
      const paths = state.target.program.symbols.files().slice(0, MOST_SOURCES)
      const sources = await Promise.all(paths.map(({ path }) => state.sources.toSource(path)))
      // What is not there cannot be opened.
      return { sources: sources.filter(({ path }) => path !== undefined) }
    },

    source({ source, sourceReference }) {
      const content = state.sources.missingText(source?.sourceReference ?? sourceReference)
      if (content === undefined) throw noSource(source?.sourceReference ?? sourceReference)
      return { content, mimeType: 'text/plain' }
    },
  }
}

function addressOf(memoryReference: string, offset: number): number {
  const address = parseAddress(memoryReference)
  if (address === undefined) throw badReference(memoryReference)
  return address + offset
}

/** Every window is a slice of one listing: a row depends on its address alone. */
function disassembled(target: Target, address: number): P.DisassembledInstruction {
  const inside = address >= 0 && address <= 0xfffffffc
  const row = inside ? disassembleRow(target.machine, target.program, address) : undefined
  if (row === undefined)
    return { address: reference(address), instruction: 'no memory here', presentationHint: 'invalid' }
  return {
    address: reference(address),
    instructionBytes: row.bytes,
    // VS Code shows no symbol column, so the first row of a function says its name in its text.
    instruction: row.symbol === undefined || row.symbol.includes('+') ? row.text : `${row.text}  ; ${row.symbol}:`,
    ...(row.symbol === undefined ? {} : { symbol: row.symbol }),
  }
}

/** Adds file and line where a row begins another source line than the one before. */
async function withSources(
  state: SessionState,
  rows: readonly P.DisassembledInstruction[],
): Promise<P.DisassembledInstruction[]> {
  const out: P.DisassembledInstruction[] = []
  let last = ''
  for (const row of rows) {
    const place = row.presentationHint === 'invalid' ? undefined : state.target.program.lineAt(Number(row.address))
    const key = place === undefined ? '' : `${place.path}:${place.line}`
    const path = place === undefined || key === last ? undefined : await state.sources.toClient(place.path)
    last = key
    if (place === undefined || path === undefined) out.push(row)
    else out.push({ ...row, location: { name: fileName(path), path }, line: place.line - 1 + state.lineBase })
  }
  return out
}
