import { row } from '../../src/debuggee/values.ts'
import type { ElfFile } from '../../src/elf/types.ts'
import type { Context } from '../../src/expr/context.ts'
import type { FrameReaders } from '../../src/symbols/scopes.ts'
import { Symbols } from '../../src/symbols/symbols.ts'

/** A frame in which every register and all memory is the same: enough for any location to be computed. */
const frame = (pc: number): FrameReaders => ({
  pc,
  register: () => 0x10_0000,
  memory: (_, length) => (length <= 1 << 16 ? new Uint8Array(length).fill(0x10) : undefined),
  cfa: () => 0x10_0000,
  entryValue: () => ({ type: { size: 4, encoding: 'generic' }, value: 7n }),
})

/** Asks a program every kind of question, at each of these addresses and for each of these names and files. */
export function askEverything(elf: ElfFile, pcs: readonly number[], names: readonly string[]): Symbols {
  const symbols = Symbols.load(elf)
  const files = symbols.files()
  for (const { path } of files.slice(0, 8)) {
    for (const line of symbols.breakpointLines(path, 1, 200).slice(0, 20)) symbols.locationsFor(path, line)
  }
  for (const name of names) {
    symbols.functionAddresses(name)
    symbols.functionNamed(name)
    symbols.globalNamed(name)
    symbols.typeNamed(name)
    symbols.typeNamed(name, 'struct')
    symbols.enumeratorNamed(name, pcs[0])
    for (const pc of pcs) symbols.macroNamed(name, pc)
    symbols.variableOfFunction('main', name, pcs[0])
  }
  for (const pc of pcs) askAt(symbols, pc)
  return symbols
}

function askAt(symbols: Symbols, pc: number): void {
  const readers = frame(pc)
  symbols.lineAt(pc)
  symbols.stepRange(pc)
  symbols.symbolAt(pc)
  symbols.cfiAt(pc)
  symbols.callerOf(readers)
  for (const site of symbols.callsTo(pc, pc + 4, readers) ?? []) symbols.entryValue(site, Uint8Array.of(0x53), readers)
  const info = symbols.functionAt(pc)
  if (info !== undefined) symbols.functionType(info)
  const depth = Math.min(symbols.inlineChainAt(pc).length, 4)
  for (let inlineDepth = 0; inlineDepth <= depth; inlineDepth++) {
    const context: Context = {
      symbols,
      pc,
      inlineDepth,
      frame: readers,
      readMemory: readers.memory,
      writeMemory: () => false,
      readRegister: () => 0,
      writeRegister: () => false,
      writeFrameRegister: () => false,
    }
    for (const { variables } of symbols.scopesAt(pc, inlineDepth)) {
      for (const variable of variables.slice(0, 30)) {
        const value = { type: variable.typeIn(readers), place: variable.locate(readers) }
        const shown = row(variable.name, value, { context }, variable.name)
        for (const child of shown.container?.children(0, 5).slice(0, 8) ?? []) child.container?.children(0, 3)
      }
    }
  }
}
