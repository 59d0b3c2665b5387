// The modules of a Linux kernel, and where their sections lie: as /sys/module/NAME/sections has them (kernel/module/sysfs.c),
// which a kernel with CONFIG_KALLSYMS keeps.

import type { Context } from '../../expr/context.ts'
import { layoutOf, wordIn } from './layout.ts'
import { stringAt } from './read.ts'
import type { LoadedCode } from './system.ts'

/** A module is in its place and has not been executed; it is about to be taken out of memory (kernel/module/main.c). */
export const MODULE_PLACES = ['do_init_module', 'free_module'] as const

/** More than any kernel has, of modules and of sections of one. */
const MOST_MODULES = 1000
const MOST_SECTIONS = 500

/** States of a module: it has begun, and what only its beginning needs is gone; its sections are being set up. */
const LIVE = 0
const UNFORMED = 3

/** Empty where there are none, or where nothing can be known of them. */
export function linuxModules(context: Context): readonly LoadedCode[] {
  const head = context.symbols.symbolNamed('modules')?.value
  const layout = layoutOf(context)
  const members = ['list', 'name', 'state', 'sect_attrs'].flatMap(each => layout.offset(`module.${each}`) ?? [])
  const [list, name, state, attributes] = members as [number, number, number, number]
  if (head === undefined || members.length < 4) return []
  const leaving = leavingModule(context)
  const found: LoadedCode[] = []
  let node = wordIn(context, head)
  while (node !== undefined && node !== head >>> 0 && found.length < MOST_MODULES) {
    const module = (node - list) >>> 0
    const stands = wordIn(context, module + state)
    const isThere = stands !== UNFORMED && module !== leaving
    const sections = isThere ? wordIn(context, module + attributes) : undefined
    const file = stringAt(module + name, context)
    if (sections && file !== undefined)
      found.push({ file: `${file}.ko`, sections: sectionsOf(sections, stands === LIVE, context) })
    node = wordIn(context, node)
  }
  return found
}

/** The one that is at its end, where the program stands at that. */
function leavingModule({ symbols, pc, readRegister }: Context): number | undefined {
  return symbols.symbolNamed('free_module')?.value === pc ? (readRegister('r3') ?? 0) >>> 0 : undefined
}

/** struct module_sect_attrs: so many, and of each its name and its address. */
function sectionsOf(at: number, hasBegun: boolean, context: Context): ReadonlyMap<string, number> {
  const layout = layoutOf(context)
  const [count, first] = ['nsections', 'attrs'].map(each => layout.offset(`module_sect_attrs.${each}`))
  const [name, address] = ['battr.attr.name', 'address'].map(each => layout.offset(`module_sect_attr.${each}`))
  const size = layout.size('module_sect_attr')
  const sections = new Map<string, number>()
  if (count === undefined || first === undefined || name === undefined || address === undefined || !size)
    return sections
  const most = Math.min(wordIn(context, at + count) ?? 0, MOST_SECTIONS)
  for (let n = 0; n < most; n++) {
    const row = at + first + n * size
    const called = stringAt(wordIn(context, row + name) ?? 0, context)
    const place = wordIn(context, row + address)
    if (called !== undefined && place !== undefined && !(hasBegun && called.startsWith('.init')))
      sections.set(called, place)
  }
  return sections
}
