import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The rules of who may import whom, each with imports that it refuses and that it lets through. No path stands twice in a file: lint reads it once. */

const ROOT = join(import.meta.dirname, '..', '..')
const SIDES = ['db', 'main', 'renderer', 'server']

type Case = { file: string; refused: string[]; open: string[] }

const value = (path: string) => `import '${path}'`
const typeOnly = (path: string) => `import type {} from '${path}'`

/** By rule of the design: the file, what it may not import, and what stands beside that and may be. */
const RULES: Record<string, Case[]> = {
  'domain/ imports nothing but itself and the rules of phone numbers': [
    {
      file: 'server/domain/money/planted.ts',
      refused: [
        value('zod'),
        value('node:crypto'),
        value('../../http/errors.ts'),
        value('../../../db/handle.ts'),
        typeOnly('../../../db/database.ts'),
      ],
      open: [value('../fold.ts'), value('./tax.ts'), value('libphonenumber-js/min')],
    },
  ],
  'db/ imports domain/ of the server alone': [
    {
      file: 'db/journal/planted.ts',
      refused: [value('../../server/http/errors.ts'), value('../../server/config.ts'), value('../../main/policy.ts')],
      open: [value('../../server/domain/chain.ts'), value('../rows.ts'), value('pg')],
    },
  ],
  'a numbered migration imports columns.ts alone': [
    {
      file: 'db/migrations/0999-planted.ts',
      refused: [
        value('../rows.ts'),
        value('./0002-search.ts'),
        value('./migrate.ts'),
        typeOnly('../handle.ts'),
        value('../../server/domain/ids.ts'),
      ],
      open: [value('./columns.ts'), value('kysely')],
    },
    { file: 'db/migrations/planted.ts', refused: [], open: [value('../rows.ts'), value('./0002-search.ts')] },
  ],
  'http/ knows no surface and no shop': [
    {
      file: 'server/http/auth/planted.ts',
      refused: [
        value('../../v1/orders.ts'),
        value('../../api/orders.ts'),
        value('../../counter/counter.ts'),
        typeOnly('../../counter/search/search.contract.ts'),
        value('../../sync/take.ts'),
        value('../../shop/people/users.ts'),
        value('../../context.ts'),
      ],
      open: [value('../errors.ts'), typeOnly('../../context.ts'), value('../../../db/local.ts')],
    },
  ],
  'surfaces never import each other': [
    {
      file: 'server/v1/planted.ts',
      refused: [
        value('../api/orders.ts'),
        value('../counter/counter.ts'),
        value('../counter/search/search.contract.ts'),
      ],
      open: [value('./orders.ts'), value('../shop/repairs/orders.ts')],
    },
    {
      file: 'server/api/planted.ts',
      refused: [value('../v1/orders.ts'), value('../v1/orders.contract.ts'), value('../counter/events.ts')],
      open: [value('../shop/sales/orders.ts')],
    },
    {
      file: 'server/counter/repairs/planted.ts',
      refused: [value('../../v1/orders.ts'), value('../../api/orders.contract.ts'), value('../../sync/take.ts')],
      open: [value('../../shop/repairs/orders.ts'), value('../../http/errors.ts')],
    },
  ],
  'rooms of the shop stand on each other in one order': [
    {
      file: 'server/shop/people/planted.ts',
      refused: [value('../devices/devices.ts')],
      open: [value('../photos/image.ts')],
    },
    {
      file: 'server/shop/devices/planted.ts',
      refused: [value('../repairs/orders.ts')],
      open: [value('../people/users.ts')],
    },
    {
      file: 'server/shop/repairs/planted.ts',
      refused: [value('../stock/ledger.ts'), value('../trade-ins/prices.ts')],
      open: [value('../devices/devices.ts'), value('../document-numbers.ts')],
    },
    {
      file: 'server/shop/stock/planted.ts',
      refused: [value('../repairs/orders.ts')],
      open: [value('../devices/devices.ts')],
    },
    {
      file: 'server/shop/trade-ins/planted.ts',
      refused: [value('../sales/orders.ts')],
      open: [value('../stock/ledger.ts')],
    },
    {
      file: 'server/shop/sales/planted.ts',
      refused: [value('../card-payments/stripe.ts')],
      open: [value('../trade-ins/prices.ts')],
    },
    {
      file: 'server/shop/card-payments/planted.ts',
      refused: [value('../../v1/orders.ts'), value('../erasure/erase-photos.ts')],
      open: [value('../sales/orders.ts')],
    },
    {
      file: 'server/shop/photos/planted.ts',
      refused: [value('../people/users.ts'), value('../document-numbers.ts')],
      open: [value('./image.ts'), value('../../http/errors.ts')],
    },
    { file: 'server/shop/planted.ts', refused: [value('./people/users.ts')], open: [value('../http/errors.ts')] },
  ],
  'demo and erasure are for tests, commands and set-up': [
    { file: 'server/v1/planted-demo.ts', refused: [value('../shop/demo/demo.ts')], open: [] },
    { file: 'server/planted.ts', refused: [value('./shop/erasure/erase-photos.ts')], open: [] },
    { file: 'server/counter/session/planted.ts', refused: [value('../../shop/demo/demo.ts')], open: [] },
    {
      file: 'server/counter/session/setup.ts',
      refused: [value('../search/search.ts')],
      open: [value('../../shop/demo/demo.ts')],
    },
    {
      file: 'server/cli/planted.ts',
      refused: [value('../counter/counter.ts'), value('../v1/v1.ts')],
      open: [value('../shop/demo/demo.ts'), value('../shop/erasure/erase-photos.ts'), value('../sync/take.ts')],
    },
  ],
  'screens of the counter share contracts and queries': [
    {
      file: 'server/counter/search/planted.ts',
      refused: [value('../customers/customers.ts'), value('../counter.ts'), value('../events.ts')],
      open: [value('../customers/customers.contract.ts'), value('../queries/balances.ts')],
    },
    {
      file: 'server/counter/queries/planted.ts',
      refused: [value('../repairs/board.ts')],
      open: [typeOnly('../repairs/repairs.contract.ts')],
    },
    {
      file: 'server/counter/search/planted.contract.ts',
      refused: [value('../../shop/people/users.ts'), value('./search.ts'), typeOnly('../../../db/handle.ts')],
      open: [value('../../http/fields.contract.ts'), value('../../domain/tenders.ts'), value('zod')],
    },
  ],
  'sync/ is known to app, serve and cli': [
    {
      file: 'server/cleanup.ts',
      refused: [value('./sync/take.ts')],
      open: [value('./shop/people/users.ts'), typeOnly('./sync/node-keys.ts')],
    },
    { file: 'server/app.ts', refused: [value('./cli/serve.ts')], open: [value('./sync/take.ts'), value('./v1/v1.ts')] },
    { file: 'server/serve.ts', refused: [value('./v1/v1.ts')], open: [value('./sync/take.ts')] },
    { file: 'server/start/planted.ts', refused: [value('../sync/take.ts')], open: [value('../serve.ts')] },
    { file: 'server/shop/sales/planted-sync.ts', refused: [value('../../sync/take.ts')], open: [] },
    {
      file: 'server/sync/planted.ts',
      refused: [value('../counter/events.ts')],
      open: [value('../shop/repairs/orders.ts')],
    },
  ],
  'the core of sync does nothing itself': [
    {
      file: 'server/sync/core/merge.ts',
      refused: [
        value('node:crypto'),
        value('kysely'),
        value('../take.ts'),
        value('../../shop/repairs/orders.ts'),
        value('../../http/errors.ts'),
        value('../../../db/rows.ts'),
        typeOnly('../../../db/handle.ts'),
        value('../../../db/journal/journal.ts'),
      ],
      open: [
        value('zod'),
        value('./registers.ts'),
        value('../../domain/chain.ts'),
        value('../../../db/schema/sync-rules.ts'),
      ],
    },
  ],
  'the page sees contracts, domain/ and the types of main/channels.ts': [
    {
      file: 'renderer/planted.ts',
      refused: [
        value('../server/http/errors.ts'),
        value('../server/counter/session/session.contract.ts'),
        value('../db/handle.ts'),
        typeOnly('../db/database.ts'),
        value('../main/channels.ts'),
        typeOnly('../main/policy.ts'),
        value('node:path'),
      ],
      open: [
        value('../server/domain/tenders.ts'),
        typeOnly('../server/counter/session/session.contract.ts'),
        typeOnly('../main/channels.ts'),
      ],
    },
    {
      file: 'main/planted.ts',
      refused: [value('../server/start/under-shell.ts'), typeOnly('../server/serve.ts'), value('../renderer/api.ts')],
      open: [typeOnly('../server/start/under-shell.ts'), value('./policy.ts')],
    },
    { file: 'server/planted-shell.ts', refused: [value('../main/policy.ts'), value('../renderer/api.ts')], open: [] },
  ],
  'features of the page never import each other, and nothing below imports them': [
    {
      file: 'renderer/features/customers/planted.tsx',
      refused: [
        value('../repairs/requests.ts'),
        typeOnly('../repairs/condition.ts'),
        value('../repairs/papers/papers.ts'),
        value('../../frame/frame.tsx'),
        value('../../app.tsx/../frame/frame.tsx'),
      ],
      open: [value('./requests.ts'), value('../../ui/page.tsx'), value('../../print/codes.tsx')],
    },
    {
      file: 'renderer/features/repairs/papers/planted.tsx',
      refused: [value('../../customers/requests.ts'), value('../../../features/customers/requests.ts')],
      open: [value('../requests.ts'), value('../../../payment/cash.ts')],
    },
    {
      file: 'renderer/ui/planted.tsx',
      refused: [value('../features/home/work-lists.ts'), value('../frame/frame.tsx')],
      open: [value('../api.ts')],
    },
    {
      file: 'renderer/print/planted.tsx',
      refused: [typeOnly('../features/repairs/requests.ts')],
      open: [value('../ui/format.ts')],
    },
    {
      file: 'renderer/payment/planted.ts',
      refused: [value('../features/repairs/requests.ts')],
      open: [value('../ui/money.tsx')],
    },
    {
      file: 'renderer/frame/planted.tsx',
      refused: [value('../features/home/home.tsx')],
      open: [value('../ui/page.tsx')],
    },
    { file: 'renderer/live.ts', refused: [value('./ui/page.tsx')], open: [value('./query.ts')] },
  ],
  'engines are opened in db/, and rows written there': [
    {
      file: 'server/shop/stock/planted-engine.ts',
      refused: [value('pg'), value('better-sqlite3'), `import { QUERY } from '../../../db/handle.ts'`],
      open: [`import { handle } from '../../../db/handle.ts'`],
    },
    {
      file: 'server/shop/stock/planted-inner.ts',
      refused: [
        value('../../../db/engines/sqlite.ts'),
        value('../../../db/migrations/columns.ts'),
        value('../../../db/file/guard.ts'),
      ],
      open: [value('../../../db/rows.ts')],
    },
  ],
}

const cases = Object.values(RULES).flat()
let folder: string
/** By file, the lines on which lint refused an import. */
let refusals: Map<string, Set<number>>
/** Files that lint found in a circle. */
let inCircles: Set<string>

/** Two files that know each other's types alone. */
const CIRCLE = ['server/domain/first.ts', 'server/domain/second.ts'] as const

/** A tree with the same folders, lint's own rules, and nothing but what is planted. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fixpoint-rules-'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const name of ['oxlint.config.ts', 'import-rules.config.ts', 'package.json'])
    copyFileSync(join(ROOT, name), join(folder, name))
  for (const side of SIDES)
    for (const entry of readdirSync(join(ROOT, side), { recursive: true, withFileTypes: true }))
      if (entry.isDirectory())
        mkdirSync(join(folder, entry.parentPath.slice(ROOT.length), entry.name), { recursive: true })
  for (const { file, refused, open } of cases) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), [...refused, ...open].join('\n'))
  }
  const [first, second] = CIRCLE
  writeFileSync(join(folder, first), "import type { B } from './second.ts'\nexport type A = { b: B | null }\n")
  writeFileSync(join(folder, second), "import type { A } from './first.ts'\nexport type B = { a: A | null }\n")
  const lint = spawn(process.execPath, [join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--format=json', ...SIDES], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { diagnostics } = JSON.parse(await text(lint.stdout)) as { diagnostics: Diagnostic[] }
  inCircles = new Set(diagnostics.filter(({ code }) => code === 'import(no-cycle)').map(({ filename }) => filename))
  refusals = new Map(cases.map(({ file }) => [file, new Set()]))
  for (const { code, filename, labels } of diagnostics)
    if (code === 'eslint(no-restricted-imports)') refusals.get(filename)!.add(labels[0]!.span.line)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true }))

type Diagnostic = { code: string; filename: string; labels: { span: { line: number } }[] }

test.for(Object.entries(RULES))('%s', ([, planted]) => {
  for (const { file, refused, open } of planted) {
    const lines = [...refusals.get(file)!].toSorted((a, b) => a - b)
    expect({ file, lines }).toEqual({ file, lines: refused.map((_, index) => index + 1) })
    expect(refused.length + open.length, file).toBeGreaterThan(0)
  }
})

test('a circle is found, of types alone too', () => {
  expect([...inCircles].toSorted()).toEqual(CIRCLE)
})
