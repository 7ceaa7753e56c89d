import { defineConfig } from 'oxlint'
import { importOverrides } from './import-rules.config.ts'

/** Rules of the two categories that cost more here than they find. */
const OFF = [
  'unicorn/no-thenable',
  'promise/always-return',
  'typescript/no-unnecessary-type-assertion',
  'react/incompatible-library',
  'jsx-a11y/no-noninteractive-tabindex',
  'typescript/no-meaningless-void-operator',
  'react/react-in-jsx-scope',
  'react/refs',
  'react/purity',
  'react/use-memo',
  'react/hooks',
  'react/set-state-in-effect',
  'react/memo-dependencies',
  'react/exhaustive-effect-dependencies',
  'unicorn/consistent-function-scoping',
  'unicorn/require-post-message-target-origin',
  'unicorn/prefer-add-event-listener',
  'unicorn/no-array-sort',
  'unicorn/no-array-reverse',
  'typescript/no-unsafe-type-assertion',
  'typescript/no-misused-spread',
  'typescript/unbound-method',
  'typescript/consistent-return',
  'typescript/no-unnecessary-type-parameters',
  'typescript/require-array-sort-compare',
  'eslint/no-shadow',
  'eslint/no-unmodified-loop-condition',
  'eslint/no-await-in-loop',
  'import/no-named-as-default-member',
  'import/no-unassigned-import',
  'promise/no-callback-in-promise',
  'jsx-a11y/prefer-tag-over-role',
  'jsx-a11y/no-autofocus',
  'jsx-a11y/click-events-have-key-events',
  'jsx-a11y/no-static-element-interactions',
  'jsx-a11y/no-noninteractive-element-interactions',
  'jsx-a11y/no-noninteractive-element-to-interactive-role',
  'jsx-a11y/interactive-supports-focus',
  'jsx-a11y/control-has-associated-label',
]

const WRITES = ['insertInto', 'updateTable', 'deleteFrom', 'replaceInto', 'mergeInto']
const noWrites = WRITES.map((property) => ({
  property,
  message:
    'Rows are written by insert, patch and remove of db/rows.ts, which append to the journal (db/local.ts for tables of this machine alone).',
}))

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'promise'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', 'out', 'docs'],
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-non-null-asserted-optional-chain': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'eslint/eqeqeq': ['error', 'always', { null: 'ignore' }],
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'react/rules-of-hooks': 'error',
    'eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
    ...Object.fromEntries(OFF.map((rule) => [rule, 'off'])),
  },
  overrides: [
    ...importOverrides,
    { files: ['server/**/*.ts', 'db/**/*.ts'], rules: { 'no-restricted-properties': ['error', ...noWrites] } },
    {
      files: ['db/{rows,local,open,journal/journal,search/search-index}.ts', 'db/migrations/*.ts'],
      rules: { 'no-restricted-properties': 'off' },
    },
    { files: ['tests/**'], rules: { 'typescript/no-explicit-any': 'off' } },
    {
      files: [
        '*.config.ts',
        'tests/support/{stall,summary}-reporter.ts',
        'tests/support/start-postgres.ts',
        'tests/support/build-pages.ts',
      ],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
})
