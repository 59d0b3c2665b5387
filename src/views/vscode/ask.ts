// Requests of our own to the session that is being debugged. What cannot be done is said.

import * as vscode from 'vscode'

/**
 * @param otherwise said where no program of ours is debugged
 * @returns the answer, or undefined where there is none
 */
export async function ask<Answer>(request: string, args: object, otherwise: string): Promise<Answer | undefined> {
  const session = vscode.debug.activeDebugSession
  if (session?.type !== 'ppc440') {
    void vscode.window.showInformationMessage(otherwise)
    return undefined
  }
  try {
    return (await session.customRequest(request, args)) as Answer
  } catch (error) {
    void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error))
    return undefined
  }
}
