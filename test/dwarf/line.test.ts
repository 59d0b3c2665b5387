import { describe, expect, it } from 'vitest'
import { DW_AT } from '../../src/dwarf/constants.ts'
import { openDwarf } from '../../src/dwarf/dwarf.ts'
import { runLineProgram } from '../../src/dwarf/line.ts'
import { readLineHeader } from '../../src/dwarf/lineHeader.ts'
import { dwarfSections } from '../../src/dwarf/sections.ts'
import { have } from '../support/tools.ts'
import { build, cSources, haveClang, haveGcc, loadElf, objdumpRows, programs, variants } from '../symbols/guest.ts'

function ourRows(path: string): string[] {
  const dwarf = openDwarf(dwarfSections(loadElf(path)))
  return dwarf.units.flatMap(unit => {
    const header = readLineHeader(unit.sections, unit.root.number(DW_AT.stmt_list)!)
    return runLineProgram(header).flatMap(({ rows, high }) => {
      const lines = [...rows].map(({ file, line, address, isStmt }) => {
        const name = header.files[file]!.name.split('/').at(-1)
        return `${name} ${line} ${address.toString(16)} ${isStmt ? 'x' : ''}`
      })
      const last = header.files[rows.at(rows.length - 1).file]!.name.split('/').at(-1)
      return [...lines, `${last} - ${high.toString(16)} `]
    })
  })
}

describe('line tables', () => {
  const skip = !haveGcc || !have('powerpc-linux-gnu-objdump')

  it.each(variants)('of the C guest with %s %s are those objdump decodes', { skip }, (...options) => {
    const path = build(cSources, ...options)
    const expected = objdumpRows(path)
    expect(expected.length).toBeGreaterThan(80)
    expect(ourRows(path).sort()).toEqual(expected.sort())
  })

  const others = ['calls', 'arrays', 'generic', 'kinds', 'objects', 'containers'].flatMap(program =>
    ['-O2 -gdwarf-5', '-Og -gdwarf-4', 'clang -O2 -gdwarf-5', 'clang -O0 -gdwarf-4'].map(options => [program, options]),
  )
  it.each(others)('of %s with %s are those objdump decodes', { skip: skip || !haveClang }, (program, options) => {
    const path = build(programs[program], ...options.split(' '))
    expect(ourRows(path).sort()).toEqual(objdumpRows(path).sort())
  })

  it('of the C++ guest are those objdump decodes', { skip: skip || !have('powerpc-linux-gnu-g++') }, () => {
    const path = build(['start.S', 'classes.cc'], '-O2', '-g')
    expect(ourRows(path).sort()).toEqual(objdumpRows(path).sort())
  })
})
