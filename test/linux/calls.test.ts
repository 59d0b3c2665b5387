// System calls have the numbers the kernel gives them: those of the cross compiler's <asm/unistd_32.h>.

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { absent, calls } from '../../src/linux/calls/index.ts'

const HEADER = '/usr/powerpc-linux-gnu/include/asm/unistd_32.h'

const numbers = existsSync(HEADER)
  ? new Map(
      [...readFileSync(HEADER, 'utf8').matchAll(/^#define __NR_(\w+)\s+(\d+)$/gm)].map(match => [
        match[1]!,
        Number(match[2]),
      ]),
    )
  : undefined

describe('numbers of system calls', { skip: numbers === undefined }, () => {
  test.each(
    [...Object.entries(calls).map(([number, [name]]) => [number, name]), ...Object.entries(absent)].map(
      ([number, name]) => [name!, Number(number)] as const,
    ),
  )('%s is %i', (name, number) => {
    // The kernel calls it by its newest name.
    expect(numbers!.get(name === 'fstatat64' && !numbers!.has(name) ? 'newfstatat' : name)).toBe(number)
  })
})
