// Which program the task on the core executes: the file of its address space, by the names of its folders (include/linux/
// mm_types.h, fs.h, dcache.h), as /proc/PID/exe has it, but within the file system that it is on.

import type { Context } from '../../expr/context.ts'
import { layoutOf, wordIn } from './layout.ts'
import { stringAt } from './read.ts'

/** PATH_MAX allows no more folders. */
const DEEPEST = 2048

/** `/bin/busybox`; undefined for a thread of the kernel, and where it cannot be known. */
export function linuxProgram(context: Context): string | undefined {
  const thread = context.readRegister('SPRG3')
  const layout = layoutOf(context)
  const steps = ['task_struct.mm', 'mm_struct.exe_file', 'file.f_path.dentry'].map(path => layout.offset(path))
  const task = layout.offset('task_struct.thread')
  const [parent, name] = ['d_parent', 'd_name.name'].map(path => layout.offset(`dentry.${path}`))
  if (!thread || task === undefined || parent === undefined || name === undefined) return undefined
  let at: number | undefined = thread - task
  for (const step of steps) at = at && step !== undefined ? wordIn(context, at + step) : undefined
  const names: string[] = []
  while (at && names.length < DEEPEST) {
    const outer = wordIn(context, at + parent)
    // The root is in itself.
    if (outer === at) return names.length === 0 ? undefined : `/${names.reverse().join('/')}`
    const text = stringAt(wordIn(context, at + name) ?? 0, context)
    if (text === undefined) return undefined
    names.push(text)
    at = outer
  }
  return undefined
}
