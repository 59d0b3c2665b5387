// The few globals that Node, a web worker and a test have in common. Portable layers see these and nothing else of a host.

declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  class Table {
    constructor(descriptor: { element: 'anyfunc'; initial: number })
    readonly length: number
    grow(by: number): number
    set(index: number, value: unknown): void
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
  }
  type Imports = Record<string, Record<string, unknown>>
  class Instance {
    constructor(module: Module, imports: Imports)
    readonly exports: Record<string, unknown>
  }
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean })
  decode(input?: Uint8Array | ArrayBuffer, options?: { stream?: boolean }): string
}

declare class TextEncoder {
  encode(input?: string): Uint8Array
}

/** A deep copy that keeps what is shared shared. */
declare function structuredClone<Value>(value: Value): Value
