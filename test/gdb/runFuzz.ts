// `npm run test:fuzz:gdb [PACKETS [SEED]]`: by default a million packets.

import { fuzz } from './fuzz.ts'

const [packets = '1000000', seed = '1'] = process.argv.slice(2)
const started = performance.now()
fuzz(Number(packets), Number(seed))
console.log(`${packets} packets in ${((performance.now() - started) / 1000).toFixed(0)} s`)
