// The target description ("Target Descriptions", appendix G of gdb's manual) made from the register table: gdb's own
// features for what it knows of the power architecture, and one for every SPR of the 440.

import type { Field, Register } from '../isa/register.ts'
import { REGISTER_GROUPS } from '../isa/registerGroups.ts'
import { type GdbRegister, gdbRegisters } from './registers.ts'

/** @param linux the program is a Linux process, for whose signals and core files gdb has its own rules */
export function targetXml(fpu: boolean, linux: boolean): string {
  const registers = gdbRegisters(fpu)
  const of = (...names: readonly string[]) => registers.filter(({ name }) => names.includes(name))
  const kinds = (kind: GdbRegister['kind']) => registers.filter(each => each.kind === kind)
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
    '<target version="1.0">',
    '<architecture>powerpc:common</architecture>',
    ...(linux ? ['<osabi>GNU/Linux</osabi>'] : []),
    ...feature('org.gnu.gdb.power.core', [...kinds('general'), ...of('pc', 'msr', 'cr', 'lr', 'ctr', 'xer')]),
    ...(fpu ? feature('org.gnu.gdb.power.fpu', [...kinds('float'), ...of('fpscr')]) : []),
    ...feature('ppc440.spr', [...kinds('spr'), ...kinds('fields')]),
    '</target>',
    '',
  ].join('\n')
}

function feature(name: string, registers: readonly GdbRegister[]): string[] {
  const types = registers.flatMap(({ table, kind }) =>
    table === undefined || !hasFields(table) ? [] : typesOf(table, kind === 'fields'),
  )
  return [`<feature name="${name}">`, ...new Set(types), ...registers.map(row), '</feature>']
}

const hasFields = ({ fields }: Register): boolean => Object.keys(fields).length > 0

const POINTERS = /^(pc|lr|srr0|csrr0|mcsrr0|iac\d)$/
const DATA_POINTERS = /^(dear|dac\d)$/

function row({ name, number, bits, kind, table }: GdbRegister): string {
  // A call of a function by gdb brings back what it finds here: not what other registers hold.
  const kept = kind === 'spr' || kind === 'fields' ? ' save-restore="no"' : ''
  return `<reg name="${name}" bitsize="${bits}" regnum="${number}" type="${typeOf(name, kind, table)}"${groupOf(name, kind)}${kept}/>`
}

function typeOf(name: string, kind: GdbRegister['kind'], table: Register | undefined): string {
  if (kind === 'float') return 'ieee_double'
  if (table !== undefined && hasFields(table)) return kind === 'fields' ? name : `${name}_flags`
  if (POINTERS.test(name)) return 'code_ptr'
  return DATA_POINTERS.test(name) ? 'data_ptr' : 'uint32'
}

/** `info registers debug`, `info registers timers`: the groups of every other view, in one word. */
function groupOf(name: string, kind: GdbRegister['kind']): string {
  if (kind === 'fields') return ' group="fields"'
  if (name === 'fpscr') return ' group="float"'
  if (kind !== 'spr') return ''
  const group = REGISTER_GROUPS.find(({ names }) => names.some(each => each.toLowerCase() === name))
  return ` group="${group === undefined ? 'spr' : group.title.toLowerCase().split(' ')[0]}"`
}

/** Its fields as a flags type or as a struct, with the enumerations of those whose values have names. */
function typesOf({ name, fields }: Register, asStruct: boolean): string[] {
  const id = name.toLowerCase()
  const rows = Object.entries(fields)
  const enumerations = rows.flatMap(([field, { values }]) => {
    if (values === undefined) return []
    const entries = Object.entries(values).map(([value, text]) => `<evalue name="${escaped(text)}" value="${value}"/>`)
    return [`<enum id="${id}_${field}" size="4">${entries.join('')}</enum>`]
  })
  const element = asStruct ? 'struct' : 'flags'
  const inner = rows.map(([field, each]) => fieldRow(id, field, each)).join('')
  return [...enumerations, `<${element} id="${id}_${asStruct ? 'fields' : 'flags'}" size="4">${inner}</${element}>`]
}

/** Bits as gdb counts them: 0 is the least significant. */
function fieldRow(id: string, name: string, { bits: [first, last], values }: Field): string {
  const type = values === undefined ? '' : ` type="${id}_${name}"`
  return `<field name="${name}" start="${31 - last}" end="${31 - first}"${type}/>`
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** What memory there is changes with the TLB, so nothing is said of it but that breakpoints can be put there. */
export const MEMORY_MAP = `<?xml version="1.0"?>
<!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" "http://sourceware.org/gdb/gdb-memory-map.dtd">
<memory-map><memory type="ram" start="0x0" length="0x100000000"/></memory-map>
`
