// Paths as text.

import { describe, expect, it } from 'vitest'
import { matchPath, normalizePath } from '../../src/util/paths.ts'

describe('normalizePath', () => {
  it.each([
    ['/a/./b//c.c', '/a/b/c.c'],
    ['/a/b/../../c.c', '/c.c'],
    ['/../c.c', '/c.c'],
    ['../a/../c.c', '../c.c'],
    ['C:\\code\\src\\main.c', 'C:/code/src/main.c'],
    ['./main.c', 'main.c'],
  ])('%s is %s', (path, normal) => {
    expect(normalizePath(path)).toBe(normal)
  })
})

describe('matchPath', () => {
  const candidates = ['/build/app/src/main.c', '/build/lib/src/main.c', '/build/app/src/main.h']
  it.each([
    ['/build/lib/src/main.c', ['/build/lib/src/main.c']],
    ['/home/me/app/src/main.c', ['/build/app/src/main.c']],
    ['/home/me/src/main.c', ['/build/app/src/main.c', '/build/lib/src/main.c']],
    ['C:\\me\\App\\src\\MAIN.C', ['/build/app/src/main.c']],
    ['/home/me/other.c', []],
  ])('takes %s for %j', (path, expected) => {
    expect([...matchPath(path, candidates)]).toEqual(expected)
  })
})
