// No board at all: a core with RAM, whose kernel is outside the guest. For programs that only make system calls.

import { Bus, DcrSpace } from '../bus/bus.ts'
import { type Board, type BoardOptions, createCore } from './build.ts'

export const createHosted = (options: BoardOptions): Board => ({
  cpu: createCore(new Bus(), new DcrSpace(), options),
  uarts: [],
  devices: new Map(),
})
