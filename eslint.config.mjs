// Biome formats and lints; this file adds only the rules that need types.
import tseslint from 'typescript-eslint'

// What a cancelled mutation run leaves there is a copy of everything, this file included.
export default tseslint.config(
  { ignores: ['.cache/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'],
    ignores: ['**/*.generated.ts', 'src/util/globals.d.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { ts: tseslint.plugin },
    rules: {
      'ts/no-floating-promises': 'error',
      'ts/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      'ts/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
)
