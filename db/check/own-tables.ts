import { sortKey } from '../../server/domain/text/sort-key.ts'
import { isAsSummed } from '../row-sums.ts'
import { LOCAL_TABLES, type LocalTable } from '../schema/schema.ts'
import { DUE, USER_FORM } from '../search/sort-keys.ts'
import type { LocalFinding, SortedFinding } from './findings.ts'
import { columnsOf, type Scan } from './scan.ts'

/**
 * Reads the tables of this machine alone, of which no journal tells: those that are written by themselves are held against the
 * sums that their rows bear, those that lists are sorted by against the rows that they follow from.
 */

/** Where it is: in which table, and behind which key. */
export type OwnReach = { walk: number; after: readonly unknown[] }

export const BEFORE_OWN: OwnReach = { walk: 0, after: [] }

/** What is wrong with the next rows, and behind which key it goes on; null at the end. */
type Slice = { findings: (LocalFinding | SortedFinding)[]; after: readonly unknown[] | null }
type Walk = (after: readonly unknown[], limit: number) => Promise<Slice>

export type OwnTables = {
  /** Reads the next `limit` rows from `reach` on, and moves it; `more` says whether there are any. */
  read(reach: OwnReach, limit: number): Promise<Pick<Slice, 'findings'> & { more: boolean }>
}

export async function openOwnTables(scan: Scan): Promise<OwnTables> {
  const tables = Object.keys(LOCAL_TABLES) as LocalTable[]
  const columns = await columnsOf(scan, tables)
  const walks: Walk[] = [
    ...tables.map((table) => summedRows(scan, table, columns.get(table)!)),
    ...SORTED.map((sorted) => sortedRows(scan, sorted)),
    (after, limit) => sortedNames(scan, after, limit),
    () => ownRow(scan),
  ]
  return {
    read: async (reach, limit) => {
      const { findings, after } = await walks[reach.walk]!(reach.after, limit)
      Object.assign(reach, after === null ? { walk: reach.walk + 1, after: [] } : { after })
      return { findings, more: reach.walk < walks.length }
    },
  }
}

/** The hash of a code is no name for anybody to read. */
const NAMED_BY: Partial<Record<LocalTable, readonly string[]>> = { claim_code: ['user_id'] }

function summedRows(scan: Scan, table: LocalTable, columns: readonly string[]): Walk {
  const key: readonly string[] = LOCAL_TABLES[table]
  const [names, keys] = [columns, key].map((list) => list.map((column) => `"${column}"`).join(', '))
  const behind = `where (${keys}) > (${key.map(() => '?').join(', ')})`
  return async (after, limit) => {
    const text = `select ${names} from "${table}" ${after.length > 0 ? behind : ''} order by ${keys} limit ?`
    const read = await scan.rows(text, [...after, limit])
    const rows = read.map((values) => Object.fromEntries(columns.map((column, index) => [column, values[index]])))
    const valuesOf = (row: Record<string, unknown>, of: readonly string[]) => of.map((column) => row[column])
    const findings = rows
      .filter((row) => !isAsSummed(row))
      .map((row) => ({ kind: 'local', table, id: valuesOf(row, NAMED_BY[table] ?? key).join(' ') }) as const)
    return { findings, after: rows.length < limit ? null : valuesOf(rows.at(-1)!, key) }
  }
}

/** Where this machine is alone and nobody else has written, its clock is that of its last entry: it has heard no other. */
const SELF = `select self.node_id from self
  left join journal on journal.origin = self.node_id and journal.epoch = self.epoch and journal.seq = self.seq
  where self.role not in ('alone', 'terminal', 'head-office') or self.is_restored not in (0, 1)
    or (self.role = 'alone' and journal.kind <> 'block' and journal.hlc <> self.hlc and (select min(origin) from journal) = (select max(origin) from journal))`

/** What of this machine's own row the walk through the journal does not say. */
async function ownRow(scan: Scan): Promise<Slice> {
  const rows = await scan.rows(SELF, [])
  return { findings: rows.map(([id]) => ({ kind: 'local', table: 'self', id: String(id) })), after: null }
}

const isWaiting = (entity: string) =>
  `exists (select 1 from search_pending where entity = '${entity}' and row_id = part.id)`

/** What the next rows of a table come to: how many are not in step with a table that follows from them. */
type Sorted = { table: SortedFinding['table']; from: string; isOff: string }

const orphans = (table: string, key: string, of: string) => ({
  from: `(select ${key} as id from ${table} where ${key} > ? order by ${key} limit ?) part`,
  isOff: `not exists (select 1 from "${of}" whole where whole.id = part.id)`,
})

const SORTED: readonly Sorted[] = [
  {
    table: 'repair_due',
    from: `(select id, status, ${DUE} as due from repair_order where id > ? order by id limit ?) part
      left join repair_due on repair_due.order_id = part.id`,
    isOff: `((case when due > 0 then due end) is distinct from due_cents
      or (case when due > 0 then part.status end) is distinct from repair_due.status) and not ${isWaiting('repair_order')}`,
  },
  { table: 'repair_due', ...orphans('repair_due', 'order_id', 'repair_order') },
  { table: 'user_sort', ...orphans('user_sort', 'user_id', 'user') },
]

function sortedRows(scan: Scan, { table, from, isOff }: Sorted): Walk {
  const text = `select cast(count(*) as bigint), max(part.id),
    cast(coalesce(sum(case when ${isOff} then 1 else 0 end), 0) as bigint) from ${from}`
  return async ([after = -1], limit) => {
    const [[read, last, off]] = (await scan.rows(text, [after, limit])) as [[number, number, number]]
    if (off > 0) return { findings: [{ kind: 'sorted', table }], after: null }
    return { findings: [], after: read < limit ? null : [last] }
  }
}

const NAMES = `select part.id, full_name, name_key, ${isWaiting('user')} from "user" part
  left join user_sort on user_sort.user_id = part.id where part.id > ? order by part.id limit ?`

/** Names whose keys are just being brought to another form are left to the next check. */
async function sortedNames(scan: Scan, [after = -1]: readonly unknown[], limit: number): Promise<Slice> {
  const upkeep = `select 1 from upkeep where name = 'search user' and form = ? and after_id is null`
  if (after === -1 && (await scan.rows(upkeep, [USER_FORM])).length === 0) return { findings: [], after: null }
  const rows = (await scan.rows(NAMES, [after, limit])) as [number, string, string | null, number | boolean][]
  if (rows.some(([, name, key, waits]) => !waits && key !== sortKey(name)))
    return { findings: [{ kind: 'sorted', table: 'user_sort' }], after: null }
  return { findings: [], after: rows.length < limit ? null : [rows.at(-1)![0]] }
}
