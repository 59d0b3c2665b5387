// The colours of the theme, as the page's style sheet has them.

import type { TimelineKind } from '../../protocol/messages.ts'

export interface TimelineTheme {
  readonly font: string
  readonly text: string
  readonly faint: string
  readonly grid: string
  readonly selected: string
  readonly position: string
  readonly kinds: Readonly<Record<TimelineKind, string>>
}

/** The first is used that the theme has. */
export function readTheme(): TimelineTheme {
  const style = getComputedStyle(document.documentElement)
  const colour = (...names: readonly string[]): string =>
    names.map(name => style.getPropertyValue(`--vscode-${name}`).trim()).find(value => value !== '') ?? 'currentColor'
  const text = colour('foreground')
  return {
    font: `11px ${style.getPropertyValue('--vscode-font-family') || 'sans-serif'}`,
    text,
    faint: colour('descriptionForeground', 'foreground'),
    grid: colour('contrastBorder', 'panel-border', 'editorIndentGuide-background1', 'foreground'),
    selected: colour('focusBorder', 'foreground'),
    position: colour('charts-yellow', 'foreground'),
    kinds: {
      stop: colour('debugIcon-breakpointForeground', 'charts-red', 'foreground'),
      future: text,
      access: colour('charts-orange', 'foreground'),
      interrupt: colour('charts-blue', 'foreground'),
      debug: colour('charts-purple', 'foreground'),
      line: colour('charts-green', 'foreground'),
    },
  }
}
