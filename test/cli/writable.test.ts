// `ppc440 run --writable`: what a program has changed below a directory is there afterwards, and nothing else is.

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const SOURCE = `
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
static void put(const char *path, const char *text, int mode)
{
	FILE *file = fopen(path, "w");
	fputs(text, file), fclose(file), chmod(path, mode);
}
int main(void)
{
	mkdir("out/new", 0755), put("out/new/made", "made", 0755), put("outside", "x", 0644);
	FILE *file = fopen("out/long", "r+");
	fseek(file, 300000, SEEK_SET), fputs("CHANGED", file), fclose(file);
	truncate("out/cut", 4), unlink("out/gone"), rename("out/old", "out/renamed"), rename("in/moved", "out/moved");
	put("out/replaced/x", "x", 0644), unlink("out/replaced/x"), unlink("out/replaced/in"), rmdir("out/replaced");
	put("out/replaced", "a file now", 0644);
	symlink("new/made", "out/link"), symlink("../../secret", "out/new/escape"), symlink("/etc/passwd", "out/absolute");
	unlink("out/trap"), mkdir("out/trap", 0755), put("out/trap/x", "x", 0644);
	return 3;
}`

describe.skipIf(!have(GCC))('--writable', () => {
  const outer = mkdtempSync(join(tmpdir(), 'writable-'))
  const program = join(outer, 'program')
  afterAll(() => rmSync(outer, { recursive: true }))
  beforeAll(() => {
    writeFileSync(`${program}.c`, SOURCE)
    spawnSync(GCC, ['-static', '-O1', '-mcpu=440fp', '-o', program, `${program}.c`])
  })

  const long = Array.from({ length: 600_000 }, (_, i) => 'abcdefghij'[i % 10]).join('')

  const scratch = (name: string): string => {
    const directory = join(outer, name)
    for (const each of ['out/replaced', 'in/moved/deep', 'elsewhere'])
      mkdirSync(join(directory, each), { recursive: true })
    const files = { long, cut: 'cut here', gone: '', old: 'old', same: 'same', 'replaced/in': '' }
    for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, 'out', path), text)
    writeFileSync(join(directory, 'in/moved/deep/file'), 'deep')
    symlinkSync('../elsewhere', join(directory, 'out/trap'))
    return directory
  }
  const run = (directory: string, ...options: string[]) =>
    runCommand(['--machine', 'linux-user', ...options, program], { directory })

  test('without it nothing is changed', async () => {
    const directory = scratch('without')
    expect((await run(directory)).status).toBe(3)
    expect(readdirSync(join(directory, 'out')).sort()).toEqual([
      'cut',
      'gone',
      'long',
      'old',
      'replaced',
      'same',
      'trap',
    ])
    expect(readFileSync(join(directory, 'out/cut'), 'utf8')).toBe('cut here')
  })

  test('changes are there afterwards, below the directory only', async () => {
    const directory = scratch('with')
    const out = (path: string): string => join(directory, 'out', path)
    const inode = statSync(out('same')).ino
    const { status, error } = await run(directory, '--writable', 'out')
    expect(status).toBe(3)
    expect(readFileSync(out('new/made'), 'utf8')).toBe('made')
    expect(statSync(out('new/made')).mode & 0o777).toBe(0o755)
    expect(readFileSync(out('long'), 'utf8')).toBe(`${long.slice(0, 300_000)}CHANGED${long.slice(300_007)}`)
    expect(readFileSync(out('cut'), 'utf8')).toBe('cut ')
    expect(readFileSync(out('renamed'), 'utf8')).toBe('old')
    expect(readFileSync(out('moved/deep/file'), 'utf8')).toBe('deep')
    expect(readFileSync(out('replaced'), 'utf8')).toBe('a file now')
    expect(readlinkSync(out('link'))).toBe('new/made')
    expect(lstatSync(out('trap')).isDirectory()).toBe(true)
    expect(readdirSync(join(directory, 'out')).sort()).toEqual([
      'cut',
      'link',
      'long',
      'moved',
      'new',
      'renamed',
      'replaced',
      'same',
      'trap',
    ])
    // What did not change is the very file; what lies beside the directory, too, moved or not.
    expect(statSync(out('same')).ino).toBe(inode)
    expect(existsSync(join(directory, 'outside'))).toBe(false)
    expect(existsSync(join(directory, 'in/moved/deep/file'))).toBe(true)
    expect(readdirSync(join(directory, 'elsewhere'))).toEqual([])
    // Links that would lead out are not made.
    expect(readdirSync(out('new'))).toEqual(['made'])
    expect(error).toMatch(/not written: .*escape/)
    expect(error).toMatch(/not written: .*absolute/)
  })

  test('a directory that cannot be used is refused before the program runs', async () => {
    const directory = scratch('refused')
    chmodSync(join(directory, 'out/same'), 0o644)
    expect((await run(directory, '--writable', 'nowhere')).error).toMatch(/no directory/)
    expect((await run(directory, '--writable', 'out/same')).error).toMatch(/no directory/)
    expect((await run(directory, '--writable', '..')).error).toMatch(/does not see/)
    expect((await runCommand(['--writable', 'out', program], { directory })).error).toMatch(/--machine linux-user/)
  })

  test('--root and --env', async () => {
    const directory = scratch('root')
    const source = join(outer, 'show.c')
    writeFileSync(
      source,
      `#include <stdio.h>
       #include <stdlib.h>
       #include <unistd.h>
       int main(void) {
         char text[99] = "", link[99] = "";
         fgets(text, sizeof text, fopen("/moved/deep/file", "r")), readlink("/proc/self/exe", link, 98);
         printf("%s %s %s %s %d\\n", getcwd(0, 0), text, getenv("A"), getenv("B"), fopen("/proc/self/exe", "r") != 0);
         fputs("written", fopen("/moved/new", "w"));
         return 0;
       }`,
    )
    const show = join(outer, 'show')
    spawnSync(GCC, ['-static', '-O1', '-mcpu=440fp', '-o', show, source])
    const options = [
      '--machine',
      'linux-user',
      '--root',
      'in',
      '--writable',
      'in/moved',
      '--env',
      'A=1',
      '--env',
      'B=x y=z',
    ]
    const { out, error } = await runCommand([...options, show], { directory })
    expect([out, error]).toEqual(['/ deep 1 x y=z 1\n', ''])
    expect(readFileSync(join(directory, 'in/moved/new'), 'utf8')).toBe('written')
    const wrong = await runCommand(['--machine', 'linux-user', '--env', 'A', show], { directory })
    expect([wrong.status, wrong.error]).toEqual([125, expect.stringContaining('NAME=VALUE')])
  })
})
