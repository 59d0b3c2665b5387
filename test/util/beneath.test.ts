// What the text of a path gives away, before anything is opened.

import { describe, expect, test } from 'vitest'
import { beneath } from '../../src/util/beneath.ts'

const FOLDERS = {
  unix: '/home/me/project',
  windows: 'C:\\Users\\me\\project',
  network: '\\\\server\\share\\project',
  uri: 'vscode-vfs://github/someone/project',
}

describe.each(Object.entries(FOLDERS))('beneath a folder of %s', (kind, folder) => {
  test.each(['data.txt', 'sub/data.txt', 'a/b/c/d', '.hidden', '..data', 'data..txt', 'ü/ß', 'with space.txt'])(
    '%j is a path',
    path => {
      expect(beneath(folder, path)).toEqual(path.split('/'))
    },
  )

  test.each([
    ...['..', '../x', 'sub/../../x', './x', 'sub/./x', '/etc/passwd', 'sub//x', 'x/', '..\\x', 'sub\\..\\..\\x'],
    ...['x\0', `${'x'.repeat(256)}`, `${'x/'.repeat(200)}x`, 'x'.repeat(5000), 'y/'.repeat(125_000)],
  ])('%j is not', path => {
    expect(beneath(folder, path)).toBeUndefined()
  })

  test.each(['%2e%2e', '%2E%2e/x', 'a%2fb', 'a%5c..', 'x%00', 'C:x', 'x:stream', 'nul', 'COM1.txt', 'x.', 'x '])(
    '%j is a name on Unix only',
    path => {
      expect(beneath(folder, path)).toEqual(kind === 'unix' ? path.split('/') : undefined)
    },
  )

  test('nothing is the folder itself', () => {
    expect(beneath(folder, '')).toEqual([])
  })
})
