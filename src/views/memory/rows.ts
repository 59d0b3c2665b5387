// Rows of memory as elements. They are made once and filled again and again: a frame changes texts and classes only.

import type { MemoryRow, MemoryView } from '../models/memory.ts'

/** Makes `grid` show these rows. */
export function drawRows(grid: HTMLElement, rows: readonly MemoryRow[], { unit, perRow }: MemoryView): void {
  const shape = [rows.length, unit, perRow].join()
  if (grid.dataset.shape !== shape) {
    grid.replaceChildren(...rows.map(() => emptyRow(perRow / unit, perRow)))
    grid.dataset.shape = shape
  }
  for (const [n, row] of rows.entries()) fill(grid.children[n] as HTMLElement, row)
}

function emptyRow(cells: number, characters: number): HTMLElement {
  const row = span('row', 'row')
  const spans = (count: number, name: string, role?: string) => Array.from({ length: count }, () => span(name, role))
  const text = span('text', 'gridcell')
  text.append(...spans(characters, 'character'))
  row.append(span('address', 'rowheader'), ...spans(cells, 'cell', 'gridcell'), text, span('label', 'gridcell'))
  return row
}

function span(name: string, role?: string): HTMLElement {
  const element = document.createElement('span')
  element.className = name
  if (role !== undefined) element.setAttribute('role', role)
  return element
}

function fill(element: HTMLElement, { address, cells, characters, label }: MemoryRow): void {
  const children = element.children as HTMLCollectionOf<HTMLElement>
  put(children[0]!, address.toString(16).padStart(8, '0'))
  for (const [i, { address, text, isChanged, isSelected, isReadable }] of cells.entries()) {
    const cell = children[1 + i]!
    put(cell, text)
    cell.dataset.address = String(address)
    cell.className = classes('cell', { changed: isChanged, selected: isSelected, unreadable: !isReadable })
    cell.id = isSelected ? 'selected' : ''
    cell.setAttribute('aria-selected', String(isSelected))
    cell.setAttribute('aria-label', `${isReadable ? text : 'unreadable'}${isChanged ? ', changed' : ''}`)
  }
  const text = children[1 + cells.length]!
  for (const [i, { text: character, isChanged }] of characters.entries()) {
    const shown = text.children[i] as HTMLElement
    put(shown, character)
    shown.className = classes('character', { changed: isChanged })
  }
  put(children[2 + cells.length]!, label)
}

function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

const classes = (name: string, more: Readonly<Record<string, boolean>>): string =>
  [name, ...Object.keys(more).filter(each => more[each])].join(' ')
