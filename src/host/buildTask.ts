// A build task for a folder that has sources and no program: tasks.json with what the first build needs.

/** A compiler for the 440 on each system, and how it is had; the first of a system is what VS Code takes there. */
export const COMPILERS = {
  debian: 'sudo apt install gcc-powerpc-linux-gnu',
  fedora: 'sudo dnf install gcc-powerpc64-linux-gnu',
  macos: 'brew install llvm lld',
  windows: 'winget install LLVM.LLVM',
} as const

const COMMON = ['-g', '-O1', '-ffreestanding', '-nostdlib', '-static', '-fno-pie']
const CLANG = ['--target=powerpc-none-elf', '-mcpu=440', '-fuse-ld=lld', ...COMMON, '-Wl,--image-base=0x100000']
const GCC = ['-mcpu=440', ...COMMON, '-no-pie', '-Wl,-Ttext-segment=0x100000']

/**
 * @param sources by their names in the folder
 * @param hasEntry one of them is in assembly, and has the program's first instruction
 */
export function tasksText(sources: readonly string[], hasEntry: boolean): string {
  const rest = [...(hasEntry ? [] : ['-Wl,--entry=main']), '-o', 'program.elf', ...sources]
  const task = {
    label: 'Build for PowerPC 440',
    type: 'process',
    command: 'powerpc-linux-gnu-gcc',
    args: [...GCC, ...rest],
    osx: { command: 'clang', args: [...CLANG, ...rest] },
    windows: { command: 'clang', args: [...CLANG, ...rest] },
    options: { cwd: '${workspaceFolder}' },
    group: { kind: 'build', isDefault: true },
    problemMatcher: '$gcc',
  }
  const lines = [
    '// Builds program.elf for a PowerPC 440 without an operating system (Ctrl+Shift+B); F5 debugs it.',
    '// The compiler is one for PowerPC:',
    `//   Debian, Ubuntu  ${COMPILERS.debian}`,
    `//   Fedora          ${COMPILERS.fedora}   (command "powerpc64-linux-gnu-gcc", and "-m32" before "-mcpu=440")`,
    `//   macOS           ${COMPILERS.macos}   (command "$(brew --prefix llvm)/bin/clang", written out)`,
    `//   Windows         ${COMPILERS.windows}`,
  ]
  return `${lines.join('\n')}\n${JSON.stringify({ version: '2.0.0', tasks: [task] }, null, 2)}\n`
}
