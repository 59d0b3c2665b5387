import { afterEach } from 'vitest'
import type { Workbench } from './workbench.ts'

/** Leaves a picture of the workbench beside the report of every test that fails. */
export function photographFailures(workbench: () => Workbench | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench()?.screenshot(`failed-${task.name.slice(0, 40)}`)
  })
}
