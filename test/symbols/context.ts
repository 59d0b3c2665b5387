import type { Context } from '../../src/expr/context.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { loadElf } from './guest.ts'

/** A program as it lies in its file, before anything ran: what gdb sees of it without a target. */
export function staticContext(path: string, registers: Record<string, number> = {}): Context {
  const elf = loadElf(path)
  const images = elf.segments.map(segment => {
    const bytes = new Uint8Array(segment.memsz)
    bytes.set(elf.segmentContents(segment))
    return { low: segment.vaddr, bytes }
  })
  const image = (address: number, length: number) =>
    images.find(({ low, bytes }) => address >= low && address + length <= low + bytes.length)
  return {
    symbols: Symbols.load(elf),
    pc: 0,
    inlineDepth: 0,
    frame: undefined,
    readMemory(address, length) {
      const found = image(address, length)
      return found?.bytes.slice(address - found.low, address - found.low + length)
    },
    writeMemory(address, bytes) {
      const found = image(address, bytes.length)
      found?.bytes.set(bytes, address - found.low)
      return found !== undefined
    },
    readRegister: name => registers[name.toUpperCase()],
    writeRegister(name, value) {
      if (registers[name.toUpperCase()] === undefined) return false
      registers[name.toUpperCase()] = value
      return true
    },
    writeFrameRegister: () => false,
  }
}
