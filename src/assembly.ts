// What the editor knows of assembly. The extension loads it, with the worker's file, when the first such source is opened.

export { problemsOf } from './asm/language/check.ts'
export { completionsAt } from './asm/language/completions.ts'
export { hoverAt } from './asm/language/hover.ts'
export { definitionAt, outlineOf, referencesAt } from './asm/language/names.ts'
