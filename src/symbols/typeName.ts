// Types as C declares them.

import type { ArrayType, CType, Qualifier } from './types.ts'

/** Deeper than this no declaration is read by anyone, and damaged ones have no end. */
const depthLimit = 20
/** Parts of one: a function of functions of functions doubles with each step. */
const mostParts = 1000

const order: readonly Qualifier[] = ['const', 'volatile', 'restrict', '_Atomic']

/** A type as C declares it, e.g. `int (*)(const char *)`; with a declarator, as it declares that: `int matrix[3][4]`. */
export const typeName = (type: CType, declarator = ''): string => named(type, declarator, 0, { left: mostParts })

function named(type: CType, declarator: string, depth: number, parts: { left: number }): string {
  if (depth > depthLimit || --parts.left < 0) return '…'
  const nested = (target: CType, inner: string) => named(target, inner, depth + 1, parts)
  switch (type.kind) {
    case 'pointer': {
      const { target } = type
      // Binds less than what follows the name in `int (*f)(void)` and `int (*a)[3]`.
      const binds = target.kind === 'array' || target.kind === 'function'
      return nested(target, binds ? `(${type.symbol}${declarator})` : `${type.symbol}${declarator}`)
    }
    case 'memberPointer': {
      const symbol = `${nested(type.of, '')}::*${declarator}`
      const { target } = type
      if (target.kind !== 'function') return nested(target, target.kind === 'array' ? `(${symbol})` : symbol)
      // `this` is a parameter to the debug information only.
      const [self, ...parameters] = target.parameters
      const isConst = self?.kind === 'pointer' && self.target.kind === 'qualified' && self.target.qualifier === 'const'
      return nested({ ...target, parameters }, `(${symbol})`) + (isConst ? ' const' : '')
    }
    case 'array': {
      const gap = declarator === '' ? '' : /[\w)\]]$/.test(declarator) ? declarator : `${declarator}`
      return nested(type.element, `${gap}[${type.count ?? ''}]`)
    }
    case 'function': {
      const parameters = type.parameters.map(parameter => nested(parameter, ''))
      if (type.isVariadic) parameters.push('...')
      const list = parameters.length > 0 ? parameters.join(', ') : type.isPrototyped ? 'void' : ''
      return nested(type.returns, `${declarator}(${list})`)
    }
    case 'qualified': {
      const [qualifiers, target] = unqualify(type)
      const words = qualifiers.join(' ')
      // Qualifiers of an array are those of its elements (C17, §6.7.3), and GCC says so twice.
      if (target.kind === 'array') return nested(qualifiedElements(target, qualifiers), declarator)
      // A qualifier of a pointer stands behind its star.
      if (target.kind !== 'pointer') return `${words} ${nested(target, declarator)}`
      return nested(target, declarator === '' ? ` ${words}`.trimStart() : ` ${words} ${declarator}`.trimStart())
    }
    default: {
      const gap = declarator === '' ? '' : ' '
      return `${plainName(type)}${gap}${declarator}`
    }
  }
}

/** The qualifiers in the order people write them, whatever order the compiler nested them in. */
function unqualify(type: CType): [Qualifier[], CType] {
  const found = new Set<Qualifier>()
  let target = type
  for (let i = 0; target.kind === 'qualified' && i < depthLimit; i++) {
    found.add(target.qualifier)
    target = target.target
  }
  return [order.filter(qualifier => found.has(qualifier)), target]
}

function qualifiedElements(array: ArrayType, qualifiers: readonly Qualifier[]): ArrayType {
  const innermost = array.element.kind === 'array' ? qualifiedElements(array.element, qualifiers) : array.element
  if (innermost.kind === 'array') return { ...array, element: innermost }
  const element = qualifiers.reduce<CType>((target, qualifier) => ({ kind: 'qualified', qualifier, target }), innermost)
  return { ...array, element }
}

function plainName(
  type: Exclude<CType, { kind: 'pointer' | 'memberPointer' | 'array' | 'function' | 'qualified' }>,
): string {
  switch (type.kind) {
    case 'void':
      return 'void'
    case 'base':
    case 'complex':
    case 'typedef':
      return type.name
    case 'enum':
      return type.isCxx && type.name !== undefined ? type.name : `enum ${type.name ?? '{...}'}`
    case 'struct':
      return type.isCxx && type.name !== undefined ? type.name : `${type.keyword} ${type.name ?? '{...}'}`
  }
}
