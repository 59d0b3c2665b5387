/** Waits for a state instead of for a time: asks again until the answer is truthy; a throw counts as "not yet". */
export async function until<T>(what: string, ask: () => T | Promise<T>, patience = 20_000): Promise<NonNullable<T>> {
  let last: unknown
  for (const end = Date.now() + patience; Date.now() < end; await sleep(100)) {
    try {
      last = await ask()
      if (last) return last as NonNullable<T>
    } catch (error) {
      last = error
    }
  }
  const seen = last instanceof Error ? last.message.split('\n')[0] : JSON.stringify(last)
  throw new Error(`waited ${patience / 1000} s in vain for ${what}; last seen: ${seen}`)
}

export const sleep = (milliseconds: number): Promise<void> => new Promise(wake => setTimeout(wake, milliseconds))
