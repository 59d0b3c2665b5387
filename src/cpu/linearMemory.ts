// The memory that holds the core's state and the guest's RAM. Where there is WebAssembly it is one of its memories, so
// that compiled code reaches it; where there is none (Node with --jitless), a buffer, and everything is interpreted.

export type LinearMemory = WebAssembly.Memory | { readonly buffer: ArrayBuffer }

/** Bytes. */
const PAGE = 65_536

export const linearMemory = (pages: number): LinearMemory =>
  typeof WebAssembly === 'undefined'
    ? { buffer: new ArrayBuffer(pages * PAGE) }
    : new WebAssembly.Memory({ initial: pages, maximum: pages })
