import { MIGRATIONS } from '../migrations/migrate.ts'
import { type EntryFinding, type Finding, MAX_FINDINGS } from './findings.ts'
import type { SeriesRead } from './documents.ts'
import type { SelfTable } from '../schema/local-tables.ts'
import type { Fences } from './fences.ts'
import { type IndexCheck, newIndexCheck } from './journal-index.ts'
import { BEFORE_OWN, type OwnReach } from './own-tables.ts'
import { type ErasureState, openErasures, type Erasures } from './erasures.ts'
import { openRestores, type Restores, type RestoreState } from './restores.ts'
import type { Lost } from './shared/lost.ts'
import type { FirstRows } from './shared/said.ts'
import { newSums, type Sums } from './sums.ts'

/** How far a walk through the journal has come: the last entry that was read of which chain. */
export type ChainPosition = { origin: number; epoch: number; seq: number; chain: string; ended: boolean }

/** Where a check is; everything that it needs to go on, after a restart too. */
export type Position = {
  /**
   * First the rows are added up, then what the journal says of them is taken off, then its index is read, then the documents of
   * money are added up, and the tables of this machine alone are read; then rows that several nodes wrote are judged, some thousand at a time; what is odd is looked at closely.
   */
  phase:
    | 'rows'
    | 'journal'
    | 'indexed'
    | 'documents'
    | 'erased'
    | 'own'
    | 'shared-rows'
    | 'shared-journal'
    | 'odd-rows'
    | 'odd-journal'
    | 'done'
  /** The chain that grows; it begins anew when a database is restored. */
  self: { origin: number; epoch: number }
  /** What of its own it hears back from others. */
  lost: Lost
  /** What this machine is: at a terminal the journal does not tell of what others wrote. */
  role: SelfTable['role']
  /** Where each other chain ended when the check began, by `origin/epoch`. */
  heads: Readonly<Record<string, number>>
  /** Transactions of others that were held or quarantined then, as `origin/epoch/tx`: nothing of them is in the rows. */
  waiting: Readonly<Record<string, true>>
  /** Which table is read, and after which id it goes on. */
  table: number
  after: number
  fences: Fences
  /** Where the journal ended when it was last looked at. */
  head: number
  reached: ChainPosition
  rows: number
  entries: number
  /** Entries whose body was erased. */
  erased: number
  sums: Sums
  index: IndexCheck
  series: SeriesRead
  own: OwnReach
  erasures: Erasures
  restores: Restores
  /** Rows of which something was erased, until they are stated anew. */
  erasedRows: Set<string>
  /** Rows that several nodes wrote, as `table id`, and how many of them were judged; of these that were written meanwhile. */
  shared: Set<string>
  first: FirstRows
  judged: number
  moved: Set<string>
  /** Entries that are not as they were written: what they say of their rows does not count. */
  findings: Finding[]
}

/** Counts up with what a position holds: one of an older program is of no use. */
const FORM = 8

/** A position as it is stored. */
type Stored = Omit<Position, 'sums' | 'erasures' | 'restores' | 'erasedRows' | 'shared' | 'moved'> & {
  form: number
  schema: number
  sums: string
  erasures: ErasureState
  restores: RestoreState
  erasedRows: string[]
  shared: string[]
  moved: string[]
}

export const BEFORE_FIRST_CHAIN = {
  // An archive has an origin below 0.
  origin: Number.MIN_SAFE_INTEGER,
  epoch: -1,
  seq: 0,
  chain: '',
  ended: true,
} as const satisfies ChainPosition

export const newPosition = (
  { origin, epoch, seq, role }: Position['self'] & Pick<Position, 'role'> & { seq: number },
  index = newIndexCheck(),
  heads: Position['heads'] = {},
  waiting: Position['waiting'] = {},
  lost: Lost = [],
): Position => ({
  phase: 'rows',
  self: { origin, epoch },
  lost,
  role,
  heads,
  waiting,
  head: seq,
  table: 0,
  after: -1,
  fences: {},
  reached: { ...BEFORE_FIRST_CHAIN },
  rows: 0,
  entries: 0,
  erased: 0,
  sums: newSums(),
  index,
  series: {},
  own: { ...BEFORE_OWN },
  erasures: openErasures(),
  restores: openRestores(),
  erasedRows: new Set(),
  shared: new Set(),
  first: { rows: {}, said: {} },
  judged: 0,
  moved: new Set(),
  findings: [],
})

/** Whether one more finding would be kept. */
export const keepsMore = ({ findings }: Pick<Position, 'findings'>): boolean => findings.length < MAX_FINDINGS

/** Adds a finding, unless there are as many as are kept. */
export function addFinding(position: Position, finding: Finding): void {
  if (keepsMore(position)) position.findings.push(finding)
}

/** Entries that are not as they were written. */
export const entriesOf = ({ findings }: Position): EntryFinding[] =>
  findings.filter((finding) => finding.kind === 'entry')

/** A position as text. The close look at what is odd begins anew: it takes a moment, and holds rows. */
export function storedPosition(position: Position): string {
  const { sums, erasures, restores, erasedRows, shared, moved, ...rest } = position
  const looksClosely = rest.phase === 'odd-journal'
  const judges = rest.phase === 'shared-journal'
  const stored: Stored = {
    ...rest,
    ...(looksClosely && { phase: 'odd-rows', table: 0, after: -1 }),
    ...(judges && { phase: 'shared-rows' }),
    form: FORM,
    schema: MIGRATIONS.length,
    sums: Buffer.from(sums.buffer).toString('base64'),
    erasures: erasures.state(),
    restores: restores.state(),
    erasedRows: [...erasedRows],
    shared: [...shared],
    moved: [...moved],
  }
  return JSON.stringify(stored)
}

/** The position that was stored; null where it is of no use: the tables have changed since, or the database was restored. */
export function restoredPosition(text: string, self: Position['self']): Position | null {
  const { form, schema, sums, erasures, restores, erasedRows, shared, moved, ...rest } = JSON.parse(text) as Stored // As `storedPosition` wrote it.
  if (
    form !== FORM ||
    schema !== MIGRATIONS.length ||
    rest.self.origin !== self.origin ||
    rest.self.epoch !== self.epoch
  )
    return null
  const bytes = Uint8Array.from(Buffer.from(sums, 'base64'))
  return {
    ...rest,
    ...(rest.phase === 'odd-rows' && { table: 0, after: -1 }),
    sums: new Uint32Array(bytes.buffer),
    erasures: openErasures(erasures),
    restores: openRestores(restores),
    erasedRows: new Set(erasedRows),
    shared: new Set(shared),
    moved: new Set(moved),
  }
}
