// The cores that a board may have: what programs find out about one is its version register, and whether it has a
// floating-point unit and two instructions more. MMU, timers and debug facility are the 440's in all of them.

export interface CoreFlavour {
  /** Processor version register, as the parts' manuals and U-Boot's include/asm/processor.h have it. */
  readonly pvr: number
  readonly fpu: boolean
  /** It has mfdcrx and mtdcrx, as Linux’s cpu_specs_44x.h says of the parts with a 440x6 core. */
  readonly indexedDcr?: boolean
  readonly text: string
}

export const CORES = {
  '440ep': { pvr: 0x422218d3, fpu: true, text: '440EP Rev. B' },
  '440-nofpu': { pvr: 0x40120481, fpu: false, text: '440GP Rev. C, without floating point' },
  '440epx': { pvr: 0x216218d4, fpu: true, text: '440EPx Rev. A, without security engine' },
  '440gx': { pvr: 0x51b21894, fpu: false, text: '440GX Rev. F' },
  '460ex': { pvr: 0x130218a4, fpu: true, indexedDcr: true, text: '460EX Rev. B' },
  '440x5': { pvr: 0x7ff21910, fpu: false, text: '440x5 of a Virtex-5 FXT' },
  '440x5-fpu': { pvr: 0x7ff21910, fpu: true, text: '440x5 of a Virtex-5 FXT with the double-precision APU FPU' },
} as const satisfies Readonly<Record<string, CoreFlavour>>

export type Core = keyof typeof CORES

export const CORE_NAMES = Object.keys(CORES) as readonly Core[]
