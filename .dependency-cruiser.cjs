// The table of layers: each folder of src/ and what it may import, beside itself and util. No cycles anywhere,
// but for those of types alone, which vanish in the build.
const layers = {
  util: [],
  isa: [],
  bus: [],
  elf: [],
  dwarf: ['elf'],
  protocol: [],
  devices: ['bus', 'isa/registers.ts'],
  cpu: ['isa', 'bus'],
  compiler: ['cpu', 'isa'],
  boards: ['devices', 'cpu', 'bus', 'compiler'],
  kvm: ['cpu', 'isa'],
  symbols: ['elf', 'dwarf', 'isa/registers.ts'],
  machine: ['boards', 'compiler', 'devices', 'elf', 'kvm', 'cpu', 'bus', 'linux', 'isa'],
  linux: ['cpu', 'bus', 'isa'],
  history: ['machine', 'cpu', 'isa/comparators.ts'],
  expr: ['symbols', 'isa'],
  debuggee: [
    'cpu/request.ts',
    'dwarf/ranges.ts',
    'kvm',
    'symbols',
    'expr',
    'isa',
    'machine',
    'history',
    'elf',
    'linux/host.ts',
    'linux/signalFrame.ts',
  ],
  dap: ['debuggee', 'history/happenings.ts', 'isa', 'protocol', 'linux/host.ts'],
  gdb: ['debuggee', 'isa', 'machine'],
  script: ['debuggee', 'expr', 'machine', 'isa'],
  measure: ['cpu/observer.ts', 'debuggee', 'isa', 'elf', 'symbols', 'machine'],
  'views/models': ['isa/registers.ts', 'isa/registerGroups.ts', 'protocol'],
  'views/timeline': ['views/models', 'protocol'],
  'views/vscode': ['views/models', 'protocol'],
}

const portable = Object.keys(layers).filter(layer => !['views/vscode', 'views/timeline'].includes(layer))
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'portable-layers-import-no-host',
      severity: 'error',
      from: { path: portable.map(layer => `^src/${layer}/`) },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: 'node_modules/@vscode/debugprotocol' },
    },
    ...Object.entries(layers).map(([layer, allowed]) => ({
      name: `layer-${layer}`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: {
        path: '^src/',
        pathNot: [layer, 'util', ...allowed].map(part => `^src/${part}${part.endsWith('.ts') ? '$' : '/'}`),
      },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
}
