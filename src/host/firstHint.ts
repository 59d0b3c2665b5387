// Whoever presses F5 in a folder for the first time, with nothing to stop the program, is told how to stop it.

import * as vscode from 'vscode'

const SAID = 'ppc440.howToStopWasSaid'
const HOW_TO_STOP =
  'Nothing stops this program. Click left of a line number for a breakpoint, press Pause, or set "stopOnEntry": "main" in launch.json.'

/** @param memory of the workspace: it is said in its first session alone */
export function hintAtFirstSession(memory: vscode.Memento): vscode.Disposable {
  return vscode.debug.onDidStartDebugSession(({ type, configuration }) => {
    if (type !== 'ppc440' || memory.get(SAID) === true) return
    void memory.update(SAID, true)
    if (configuration.noDebug || configuration.stopOnEntry || vscode.debug.breakpoints.some(({ enabled }) => enabled))
      return
    vscode.debug.activeDebugConsole.appendLine(HOW_TO_STOP)
  })
}
