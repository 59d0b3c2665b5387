// `npm run test:launches [COUNT]`: so many sessions in one process. What they leave behind must not grow.

import { type Left, launches } from './launches.ts'

const count = Number(process.argv[2] ?? 1000)
const seen: Left[] = []
void launches(count, 10, (done, left) => {
  seen.push(left)
  const { sessions, handles, heapBytes, bufferBytes } = left
  const megabytes = [heapBytes, bufferBytes].map(bytes => (bytes / 1e6).toFixed(1))
  console.log(
    `${done} launches: ${sessions} sessions, ${handles} handles, heap ${megabytes[0]} MB, buffers ${megabytes[1]} MB`,
  )
}).then(() => {
  const [first, last] = [seen[0]!, seen.at(-1)!]
  const grown = last.heapBytes - first.heapBytes + (last.bufferBytes - first.bufferBytes)
  if (last.sessions <= 2 && last.handles <= first.handles && grown < 10e6) return
  console.error('they leave something behind')
  process.exitCode = 1
})
