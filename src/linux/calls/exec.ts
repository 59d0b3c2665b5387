// execve(2): another program in the place of this one.

import { Errno, Open } from '../abi.ts'
import { type Contents, readContents } from '../contents.ts'
import { type Dentry, permits, SEARCH } from '../fileTree.ts'
import { CallError } from '../memory.ts'
import type { Process } from '../process.ts'
import { BYTES_PER_UNIT } from '../work.ts'
import { type Call, type Calls, CONTEXT_IS_SET, isWaiting, type Result, type Waiting } from './call.ts'

/** Bytes of arguments and environment together, as Linux bounds them by a quarter of the stack. */
const MOST_BYTES = 2 << 20
const MOST_STRINGS = 0x10000
/** A file of more bytes has no room in memory. */
const MOST_PROGRAM = 1 << 29
/** Scripts whose interpreter is a script. */
const MOST_SCRIPTS = 4
const SCRIPT_LINE = 256

/** Strings at pointers up to a null pointer. @throws CallError */
function strings({ memory }: Process, address: number): string[] {
  const found: string[] = []
  if (address === 0) return found
  let bytes = 0
  for (let at = address; memory.word(at) !== 0; at += 4) {
    const text = memory.text(memory.word(at), MOST_BYTES - bytes)
    bytes += text.length + 1
    found.push(text)
    if (found.length > MOST_STRINGS || bytes > MOST_BYTES) throw new CallError(Errno.E2BIG)
  }
  return found
}

interface Executed {
  /** Absolute. */
  readonly path: string
  readonly args: readonly string[]
  readonly bytes: Uint8Array
}

/** The program at a path; of a script its interpreter. @returns an error, or what has to come from the host first */
function programAt(process: Process, path: string, args: readonly string[], scripts = 0): Executed | number | Waiting {
  const found = process.descriptors.find(Open.AT_FDCWD, path, 'target')
  if (typeof found === 'number' || isWaiting(found)) return found
  const { inode } = found
  if (inode === undefined) return -Errno.ENOENT
  if (inode.kind !== 'file' || !permits(inode, SEARCH)) return -Errno.EACCES
  process.fileSystem.mapped.writeBack(inode.ino)
  const bytes = contentsOf(process, inode.contents)
  if (!(bytes instanceof Uint8Array)) return bytes
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21)
    return { path: path === OWN ? process.executable : pathOf(process, found), args, bytes }
  if (scripts >= MOST_SCRIPTS) return -Errno.ELOOP
  const line = new TextDecoder().decode(bytes.subarray(2, SCRIPT_LINE)).split('\n')[0]!.trim()
  const [interpreter = '', argument] = line.split(/[ \t]+(.*)/)
  if (interpreter === '') return -Errno.ENOEXEC
  const given = argument === undefined || argument === '' ? [] : [argument]
  return programAt(process, interpreter, [interpreter, ...given, path, ...args.slice(1)], scripts + 1)
}

/** Where a process finds its own program. */
const OWN = '/proc/self/exe'

const pathOf = ({ fileSystem }: Process, { directory, name }: Dentry): string =>
  `${fileSystem.tree.pathOf(directory) ?? ''}/${name}`.replace(/^\/\//, '/')

/** All bytes of a file. */
function contentsOf({ fileSystem, work }: Process, contents: Contents): Uint8Array | number | Waiting {
  if (contents.length > MOST_PROGRAM) return -Errno.ENOMEM
  const bytes = new Uint8Array(contents.length)
  for (let offset = 0; offset < bytes.length; ) {
    const read = readContents(contents, offset, bytes.subarray(offset), fileSystem.answers)
    if (typeof read !== 'number' || read < 0) return read
    offset += read
  }
  work.charge(bytes.length / BYTES_PER_UNIT)
  return bytes
}

const execve: Call = (process, path = 0, args = 0, environment = 0): Result => {
  const { memory, kernel } = process
  const program = programAt(process, memory.path(path), strings(process, args))
  if (typeof program === 'number' || isWaiting(program)) return program
  const image = kernel.imageOf(program.bytes)
  if (image === undefined) return -Errno.ENOEXEC
  kernel.exec(process, image, {
    executable: program.path,
    args: program.args,
    environment: strings(process, environment),
  })
  return CONTEXT_IS_SET
}

export const execCalls: Calls = { 11: ['execve', execve] }
