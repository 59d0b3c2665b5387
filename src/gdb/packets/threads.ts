// Packets about threads, of which there is one: the core, with the number 1.

import type { GdbSession, Reply } from '../session.ts'
import { hexOfText } from '../text.ts'

/** 0 is any, -1 all. */
const isOurs = (text: string): boolean => /^(-1|0|1|p-?[0-9a-f]+(\.(-1|0|1))?)$/.test(text)

/** `Hgthread`, `Hcthread` */
export const select = (_: GdbSession, text: string): Reply => (isOurs(text.slice(1)) ? 'OK' : 'E01')

/** `Tthread` */
export const isAlive = (_: GdbSession, text: string): Reply => (isOurs(text) ? 'OK' : 'E01')

/** `qThreadExtraInfo,thread` */
export const describe = ({ target }: GdbSession): Reply =>
  hexOfText(target.machine.process === undefined ? 'PPC440 core' : 'process on a PPC440 core')
