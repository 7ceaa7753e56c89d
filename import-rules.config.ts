import { readdirSync } from 'node:fs'
import { posix } from 'node:path'

/**
 * Who may import whom. Each row is a room: a folder, or files of one. What it may import is all it may import: a folder that
 * no row names is closed to it. `oxlint.config.ts` makes one lint rule of each room, tests/toolchain/import-rules.test.ts
 * sees that each refuses.
 */
export type Room = {
  /** `a/b/**` a folder with all below it, `a/b/*` its own files, `a/b/c.ts` one file. A later row counts before an earlier one. */
  of: string
  /** Files of the same folder are open to a folder, not to a row that names files. */
  may: readonly string[]
  /** Of these only the types. */
  types?: readonly string[]
  /** Packages that are closed, as a regular expression. */
  packages?: string
  /** What the one reads who is refused. */
  because: string
}

const DOMAIN = 'server/domain/**'
/** What of db/ stands open to the server; engines and migrations do not, the file itself only to those who open it. */
const DATABASE = [
  'db/*',
  'db/fleet/**',
  'db/queries/**',
  'db/search/**',
  'db/schema/**',
  'db/journal/**',
  'db/check/**',
]
const FLOOR = [DOMAIN, ...DATABASE, 'server/http/**']
const CONTEXT = ['server/context.ts', 'server/config.ts']
const ENGINES = '^(better-sqlite3|pg)$'

/** Inside the shop each room sees those of the rows before its own. */
const FLOORS = [
  ['money'],
  ['people'],
  ['devices'],
  ['repairs', 'stock'],
  ['trade-ins'],
  ['sales'],
  ['card-payments'],
  ['clock'],
  ['fleet'],
]
const shopRoom = (name: string) => `server/shop/${name}/**`
const SHOP = ['server/shop/*', ...['photos', ...FLOORS.flat()].map(shopRoom)]

const shopRooms: readonly Room[] = FLOORS.flatMap((floor, height) =>
  floor.map((name) => ({
    of: shopRoom(name),
    may: [...FLOOR, 'server/shop/*', ...['photos', ...FLOORS.slice(0, height).flat()].map(shopRoom)],
    types: CONTEXT,
    packages: ENGINES,
    because:
      'In the shop: money → people → devices → repairs, stock → trade-ins → sales → card-payments → clock → fleet; photos is a leaf.',
  })),
)

const COUNTER_CONTRACTS = 'server/counter/**/*.contract.ts'
const CONTRACTS = [
  COUNTER_CONTRACTS,
  'server/v1/*.contract.ts',
  'server/api/*.contract.ts',
  'server/http/*.contract.ts',
]
const SURFACE =
  'v1, api and counter never import each other: what they share goes to server/shop, rules to server/domain.'

const folders = (path: string) =>
  readdirSync(posix.join(import.meta.dirname, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

const counterRooms: readonly Room[] = folders('server/counter').map((name) => ({
  of: `server/counter/${name}/**`,
  may: [...FLOOR, ...SHOP, 'server/counter/queries/**', COUNTER_CONTRACTS],
  types: CONTEXT,
  packages: ENGINES,
  because: "Screens of the counter share contracts and server/counter/queries, never each other's handlers.",
}))

/** The page below its screens: what each may use of the others. */
const PAGE = ['renderer/*', DOMAIN]
const page = (of: string, may: readonly string[], because: string): Room => ({
  of,
  may: [...PAGE, ...may],
  types: [...CONTRACTS, 'main/channels.ts'],
  packages: '^node:',
  because,
})
const ONLY = 'The page sees types of contracts, domain/ and the types of main/channels.ts'

export const ROOMS: readonly Room[] = [
  {
    of: DOMAIN,
    may: [],
    // Lint knows no “but”: all names are closed that do not begin like libphonenumber-js.
    packages: '^([^.l]|l[^i]|li[^b]|lib[^p]|libp[^h])',
    because: 'domain/ imports nothing but itself and the rules of phone numbers: rules are pure.',
  },
  { of: 'db/**', may: [DOMAIN], because: 'db/ stands below server/: of it, only domain/ may be imported.' },
  {
    of: 'db/migrations/[0-9]*.ts',
    may: ['db/migrations/columns.ts'],
    because: 'A numbered migration is frozen: it imports columns.ts, never code that lives on.',
  },
  {
    of: 'server/http/**',
    may: [DOMAIN, ...DATABASE],
    types: CONTEXT,
    packages: ENGINES,
    because: 'http/ makes routes of endpoints, whatever they are: it knows neither surfaces nor the shop.',
  },
  {
    of: 'server/shop/*',
    may: FLOOR,
    types: CONTEXT,
    packages: ENGINES,
    because: 'What all rooms of the shop share knows none of them.',
  },
  ...shopRooms,
  {
    of: shopRoom('photos'),
    may: FLOOR,
    types: CONTEXT,
    packages: ENGINES,
    because: 'shop/photos is a leaf: whoever has photos imports it.',
  },
  ...['erasure', 'demo'].map((name) => ({
    of: shopRoom(name),
    may: [...FLOOR, ...SHOP],
    types: CONTEXT,
    packages: ENGINES,
    because: 'Only the shop stands below demo and erasure.',
  })),
  {
    of: shopRoom('backup'),
    may: [...FLOOR, ...SHOP, 'db/file/**'],
    types: CONTEXT,
    packages: ENGINES,
    because: 'A backup knows the files of the shop and its photos; only commands know backups.',
  },
  ...['v1', 'api'].map((name) => ({
    of: `server/${name}/**`,
    may: [...FLOOR, ...SHOP],
    types: CONTEXT,
    packages: ENGINES,
    because: SURFACE,
  })),
  {
    of: 'server/counter/*',
    may: [...FLOOR, ...SHOP, 'server/counter/**'],
    types: CONTEXT,
    packages: ENGINES,
    because: SURFACE,
  },
  ...counterRooms,
  {
    of: 'server/counter/aside/**',
    may: [
      ...FLOOR,
      ...SHOP,
      'server/counter/queries/**',
      COUNTER_CONTRACTS,
      'server/sync/*',
      'server/sync/waiting/**',
      'server/sync/after/**',
    ],
    types: CONTEXT,
    packages: ENGINES,
    because:
      'What sync puts aside is decided at the counter: of sync, its screens know what waits and what follows alone.',
  },
  {
    of: 'server/counter/session/setup.ts',
    may: [...FLOOR, ...SHOP, shopRoom('demo'), 'server/counter/session/**'],
    types: CONTEXT,
    packages: ENGINES,
    because: 'Set-up fills in the demonstration, beside what every screen may import.',
  },
  {
    of: 'server/{http,v1,api,counter}/**/*.contract.ts',
    may: [DOMAIN, ...CONTRACTS],
    types: ['server/http/uploads.ts'],
    because: 'A contract is read by the page too: it imports domain/ and other contracts.',
  },
  {
    of: 'server/sync/**',
    may: [...FLOOR, ...SHOP],
    types: CONTEXT,
    packages: ENGINES,
    because: 'sync/ stands on the shop, and knows no surface.',
  },
  {
    of: 'server/sync/enrol/**',
    may: [...FLOOR, ...SHOP, 'db/file/**', 'db/rebase/**', 'server/sync/**'],
    types: CONTEXT,
    packages: ENGINES,
    because: 'A terminal’s database is made beside the one that is there: sync/enrol knows files, and no surface.',
  },
  {
    of: 'server/sync/core/**',
    may: [DOMAIN, 'db/schema/**'],
    packages: '^([^.z]|z[^o]|zo[^d])',
    because: 'The core of sync decides and does nothing: no database, no clock, no network; it knows rules and shapes.',
  },
  {
    of: 'server/checks/**',
    may: [...FLOOR, 'db/file/quick-check.ts'],
    types: CONTEXT,
    packages: ENGINES,
    because: 'checks/ looks at the database, and knows neither surfaces nor the shop.',
  },
  {
    of: 'server/*',
    may: [...FLOOR, ...SHOP, 'server/checks/**'],
    types: ['server/sync/node-keys.ts'],
    packages: ENGINES,
    because: 'Surfaces meet in app.ts alone, and only app, serve, cli and counter/aside know sync/.',
  },
  {
    of: 'server/app.ts',
    may: [...FLOOR, ...SHOP, 'server/*', 'server/{v1,api,counter,sync}/**'],
    because: 'app.ts puts the surfaces together, and nothing else.',
  },
  {
    of: 'server/open-run.ts',
    may: [...FLOOR, ...SHOP, 'db/file/**', 'server/*', 'server/checks/**', 'server/sync/**'],
    because: 'open-run.ts opens the database and all that works on it; the surfaces are in app.ts.',
  },
  {
    of: 'server/serve.ts',
    may: [...FLOOR, ...SHOP, 'db/file/**', 'server/*', 'server/checks/**', 'server/sync/**'],
    because: 'serve.ts opens the file and the app; the surfaces are in app.ts.',
  },
  {
    of: 'server/data-folder.ts',
    may: [...FLOOR, 'db/file/**', 'server/*'],
    because: 'data-folder.ts makes the folder of the database and sees what lies in it.',
  },
  {
    of: 'server/cli/**',
    may: [
      ...FLOOR,
      ...SHOP,
      ...['backup', 'demo', 'erasure'].map(shopRoom),
      'db/file/**',
      'server/*',
      'server/sync/**',
    ],
    packages: ENGINES,
    because: 'Commands stand on the shop and serve.ts, and know no surface.',
  },
  { of: 'server/cli.mjs', may: ['server/built.mjs', 'server/cli/**'], because: 'cli.mjs runs the commands.' },
  {
    of: 'server/start/**',
    may: [...FLOOR, 'db/file/**', 'server/*', shopRoom('people')],
    packages: ENGINES,
    because: 'start/ opens a window on serve.ts, and knows no surface.',
  },
  { of: 'server/start.mjs', may: [...DATABASE, 'server/*', 'server/start/**'], because: 'start.mjs runs start/.' },
  {
    of: 'main/**',
    may: [],
    types: ['server/start/**'],
    because: 'The shell runs the server as a process: only types are imported.',
  },
  page('renderer/*', ['renderer/i18n/words.ts'], `${ONLY}; what stands beside app.tsx is below every screen.`),
  ...['renderer/app.tsx', 'renderer/main.tsx'].map((of) => page(of, ['renderer/**'], `${ONLY}.`)),
  page('renderer/i18n/**', [], `${ONLY}; words know no screen.`),
  page('renderer/ui/**', ['renderer/i18n/**'], `${ONLY}; ui/ is free of business.`),
  page('renderer/print/**', ['renderer/ui/**'], `${ONLY}; print/ stands below the screens.`),
  page('renderer/payment/**', ['renderer/ui/**'], `${ONLY}; payment/ stands below the screens.`),
  page('renderer/desk/**', ['renderer/ui/**', 'renderer/i18n/words.ts'], `${ONLY}; desk/ stands below the screens.`),
  page('renderer/frame/**', ['renderer/ui/**', 'renderer/i18n/**'], `${ONLY}; the frame knows no screen.`),
  ...folders('renderer/features').map((name) =>
    page(
      `renderer/features/${name}/**`,
      ['renderer/ui/**', 'renderer/desk/**', 'renderer/print/**', 'renderer/payment/**', 'renderer/i18n/words.ts'],
      `${ONLY}; features never import each other: what they share goes to renderer/ui.`,
    ),
  ),
]

const SIDES = ['db', 'server', 'renderer', 'main']

function withAllBelow(path: string): string[] {
  return [path, ...folders(path).flatMap((name) => withAllBelow(`${path}/${name}`))]
}

const FOLDERS = SIDES.flatMap(withAllBelow)

const nameOf = (row: string) => posix.basename(row)
/** Whether a row means all files of a folder, or files by their names. */
const isWhole = (row: string) => /^\*+$/.test(nameOf(row))
/** Whether a row has files of this folder in it. */
function reaches(row: string, folder: string): boolean {
  const name = isWhole(row) ? 'any' : nameOf(row).replace('[0-9]', '0').replace('*', 'any')
  return posix.matchesGlob(`${folder}/${name}`, row)
}

function specifier(from: string, to: string): string {
  const path = posix.relative(from, to) || '.'
  return path.startsWith('.') ? path : `./${path}`
}

const literal = (text: string) => text.replaceAll('.', '\\.').replaceAll('*', '[^/]*')

type Rule = {
  files: string[]
  rules: { 'no-restricted-imports': ['error', { patterns: Pattern[] }] }
}
type Pattern = { message: string } & (
  | { regex: string; allowTypeImports?: true; importNames?: string[] }
  | { group: string[] }
)

/** What the files of `folder` that stand in this room may not import, as `no-restricted-imports` reads it. */
function patternsOf({ of, may, types = [], packages, because: message }: Room, folder: string): Pattern[] {
  const open = [...may, ...(isWhole(of) ? [of] : [])]
  const patterns: Pattern[] = [{ regex: roundabout(folder), message: 'Imports take the shortest way.' }]
  if (packages) patterns.push({ regex: packages, message })
  if (of.startsWith('server/')) patterns.push(NO_QUERY)
  const closed: string[] = []
  for (const other of FOLDERS) {
    const way = specifier(folder, other)
    const reached = open.filter((row) => reaches(row, other))
    if (reached.some(isWhole)) continue
    const reachedTypes = types.filter((row) => reaches(row, other))
    for (const row of reachedTypes) {
      const name = isWhole(row) ? '[^/]+' : literal(nameOf(row))
      patterns.push({ regex: `^${literal(way)}/${name}$`, allowTypeImports: true, message: `${message} (Types may.)` })
    }
    if (reachedTypes.some(isWhole)) continue
    const names = [...reached, ...reachedTypes].map(nameOf)
    if (names.length === 0) closed.push(literal(way))
    else patterns.push({ group: [`${way}/*`, ...names.map((name) => `!${way}/${name}`)], message })
  }
  return [...patterns, { regex: `^(?:${closed.join('|')})/[^/]+$`, message }]
}

const NO_QUERY = {
  regex: '(^|/)db/handle\\.ts$',
  importNames: ['QUERY'],
  message: 'Rows are written by db/rows.ts and db/local.ts only.',
}

/** Ways that go down and up again, or up further than they need: the other patterns know the shortest alone. */
function roundabout(folder: string): string {
  const parts = folder.split('/')
  const back = parts.map((name, index) => `${'../'.repeat(parts.length - index)}${name}/`)
  return `^\\./\\.\\.|[^./]/\\.\\.?/|^(?:${back.map(literal).join('|')})`
}

/** The rooms as lint rules: for each folder that of its room, then those of files that have rows of their own. */
export const importOverrides: Rule[] = FOLDERS.flatMap((folder) => {
  const rows = ROOMS.filter(({ of }) => reaches(of, folder))
  const room = rows.findLast(({ of }) => isWhole(of))
  const files = rows.filter(({ of }) => !isWhole(of))
  return [...(room ? [room] : []), ...files].map((row): Rule => ({
    files: [`${folder}/${isWhole(row.of) ? '*' : nameOf(row.of)}`],
    rules: { 'no-restricted-imports': ['error', { patterns: patternsOf(row, folder) }] },
  }))
})
