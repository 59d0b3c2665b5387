// The process on the core: which program it executes, and which files lie where in its address space (include/linux/mm_types.h,
// fs.h, dcache.h). Files have the names of their folders, as /proc/PID/maps has them, but within the file system they are on.

import type { Context } from '../../expr/context.ts'
import { type Layout, layoutOf, wordIn } from './layout.ts'
import { areasOf } from './linuxAreas.ts'
import { pageSizeOf } from './linuxPages.ts'
import { followRing } from './lists.ts'
import { stringAt } from './read.ts'
import type { MappedFile, SystemProcess } from './system.ts'

/**
 * A program has got an address space of its own, with its interpreter, and is about to begin (arch/powerpc/kernel/process.c);
 * pages are being protected, as the dynamic linker does with each library before anything of it is executed (mm/mprotect.c).
 */
export const PROCESS_PLACES = ['start_thread', 'mprotect_fixup'] as const

/** PATH_MAX allows no more folders. */
const DEEPEST = 2048
/** A kernel of 32 bits has no more numbers for processes (PID_MAX_DEFAULT). */
const MOST_PROCESSES = 32_768

/** Undefined for a thread of the kernel, and where it cannot be known. */
export function linuxProcess(context: Context): SystemProcess | undefined {
  const thread = context.readRegister('SPRG3')
  const layout = layoutOf(context)
  const [task, mm] = ['thread', 'mm'].map(name => layout.offset(`task_struct.${name}`))
  if (!thread || task === undefined || mm === undefined) return undefined
  const space = wordIn(context, thread - task + mm)
  if (!space) return undefined
  const program = pathFrom(context, layout, space, ['mm_struct.exe_file', 'file.f_path.dentry'])
  if (program === undefined) return undefined
  return {
    ...{ space, program },
    files: where => filesIn(where, layout, context),
    spaces: () => spacesOf(mm, layout, context),
  }
}

/** What is mapped of files, in the order of addresses. */
function filesIn(space: number, layout: Layout, context: Context): MappedFile[] {
  const [start, file, page] = ['vm_start', 'vm_file', 'vm_pgoff'].map(name => layout.offset(`vm_area_struct.${name}`))
  if (start === undefined || file === undefined || page === undefined) return []
  const paths = new Map<number, string | undefined>()
  return areasOf(space, layout, context).flatMap((area): MappedFile[] => {
    const [address, from, pages] = [start, file, page].map(offset => wordIn(context, area + offset))
    if (address === undefined || !from || pages === undefined) return []
    if (!paths.has(from)) paths.set(from, pathFrom(context, layout, from, ['file.f_path.dentry']))
    const path = paths.get(from)
    return path === undefined ? [] : [{ path, address, offset: pages * pageSizeOf(context) }]
  })
}

/** The address spaces that there are: of the first thread of each process. */
function spacesOf(mm: number, layout: Layout, context: Context): number[] {
  const init = context.symbols.symbolNamed('init_task')?.value
  const tasks = layout.offset('task_struct.tasks')
  const found: number[] = []
  if (init === undefined || tasks === undefined) return found
  const ring = { what: 'tasks', head: init + tasks, next: 0, previous: 4, most: MOST_PROCESSES }
  followRing(ring, context, node => {
    const space = wordIn(context, node - tasks + mm)
    // Threads of the kernel have none.
    if (space) found.push(space)
    return undefined
  })
  return found
}

/** `/bin/busybox`: the name of what these members lead to, and of the folders it is in. */
function pathFrom(context: Context, layout: Layout, from: number, steps: readonly string[]): string | undefined {
  const [parent, name] = ['d_parent', 'd_name.name'].map(path => layout.offset(`dentry.${path}`))
  if (parent === undefined || name === undefined) return undefined
  let at: number | undefined = from
  for (const step of steps) {
    const offset = layout.offset(step)
    at = at && offset !== undefined ? wordIn(context, at + offset) : undefined
  }
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
