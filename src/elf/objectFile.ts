// An ELF file that is read for its sections only.

import { readAnyHeader } from './header.ts'
import { readSections, SectionContents } from './sections.ts'
import type { ObjectFile } from './types.ts'

/** @throws ElfError for what is no ELF file of our machine; damage to sections goes to `problems`. */
export function readObjectFile(bytes: Uint8Array, name: string): ObjectFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readAnyHeader(bytes, view, name)
  const problems: string[] = []
  const contents = new SectionContents(bytes, readSections(bytes, view, header, problems), problems)
  return { name, problems, allContents: sectionName => contents.all(sectionName) }
}
