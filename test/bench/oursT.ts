import { Bus, DcrSpace } from '../../src/bus/bus.ts'
import { Cpu } from '../../src/cpu/cpu.ts'
import { interpret } from '../../src/cpu/interpreter.generated.ts'
import { Word } from '../../src/cpu/state.ts'
import { variants } from '../../src/isa/decode.ts'
import { applyBootState } from '../../src/machine/launchState.ts'

const t0 = performance.now()
const cpu = new Cpu({
  ramSize: 1 << 16,
  bus: new Bus(),
  dcr: new DcrSpace(),
  pvr: 0x422218d3,
  fpu: true,
  engine: undefined as any,
})
applyBootState(cpu, 0x1000)
const heat = new Uint8Array(65536)
const words = variants()
  .filter(v => !(v.oe || (v.insn as any).seldom === true) && !(v.insn as any).privileged)
  .flatMap(v => {
    const set = (f: string, x: number) => {
      const q = (v.pattern.fields as any)[f]
      return q ? x << q.shift : 0
    }
    const w =
      v.pattern.match |
      (v.rc ? 1 : 0) |
      set('rt', 3) |
      set('rs', 3) |
      set('ra', 4) |
      set('rb', 5) |
      set('d', 8) |
      set('si', 1) |
      set('sh', 3) |
      set('me', 31) |
      set('bd', 2) |
      set('li', 2)
    return 'bo' in v.pattern.fields
      ? [w | set('bo', 20), w | set('bo', 12), w | set('bo', 4), w | set('bo', 16), w | set('bo', 18)]
      : [w]
  })
const R = +(process.env.ROUNDS ?? 10)
for (let r = 0; r < R; r++) {
  cpu.state.gpr.fill(0x2000)
  cpu.state.gpr[5] = r & 1 ? 4 : -1
  cpu.state.words[Word.ATTENTION] = 0
  for (const w of words) {
    cpu.state.ram.setInt32(0x1000, w)
    cpu.pc = 0x1000
    cpu.state.gpr[4] = 0x2000
    cpu.state.gpr[5] = 4
    cpu.state.words[Word.ATTENTION] = 0
    interpret(cpu, 1, heat)
  }
}
if (process.env.V) console.log(words.length, performance.now() - t0)
await import('./ours.ts')
