import { counterFloor, NODE_SPAN } from '../../server/domain/ids.ts'
import { type Letter, LETTERS, numberInSeries, parseDocumentNumber } from '../../server/domain/numbers.ts'
import type { CounterFinding } from './findings.ts'
import { run } from '../engines/sql-text.ts'
import { counterStep, counterSum } from '../row-sums.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import { MINTED_LOCAL_TABLES, SYNCED_TABLES } from '../schema/schema.ts'
import type { Scan } from './scan.ts'

/**
 * Holds the counters that ids and number series are given out from against the rows that bear them. A page that fell back to an
 * earlier day is whole in itself: ids would be refused, and numbers given out twice. Each counter bears a sum too, by which one
 * that was changed otherwise is known (`db/row-sums.ts`).
 */

type Reader = Pick<Scan, 'engine' | 'rows'>

/** Reads through a handle as a scan does. */
export const reader = ({ engine, [QUERY]: query }: Db): Reader => ({
  engine,
  rows: async (text, parameters) => (await run<object>(query, engine, text, [...parameters])).map(Object.values),
})

/** A counter that is behind, or was changed, and what it has to say at least. */
type Behind = { finding: CounterFinding; n: number; label: string | null }

/** A column whose rows bear numbers of a series, and the letter that stands in them. */
type Bearer = { table: string; column: string; letter: Letter }
type Series = { name: string; letter: Letter; bearers: readonly Bearer[] }

/** Each series. Payments of before receipts had their letter bear numbers of the same count. */
const SERIES: readonly Series[] = [
  {
    name: 'ticket number',
    letter: LETTERS.ticket,
    bearers: [{ table: 'repair_order', column: 'ticket_number', letter: '' }],
  },
  {
    name: 'receipt number',
    letter: LETTERS.receipt,
    bearers: [
      { table: 'payment', column: 'receipt_number', letter: '' },
      { table: 'payment_entry', column: 'receipt_number', letter: 'R' },
      { table: 'sales_payment_entry', column: 'receipt_number', letter: 'R' },
    ],
  },
  {
    name: 'purchase number',
    letter: LETTERS.purchase,
    bearers: [{ table: 'receipt', column: 'number', letter: 'P' }],
  },
]

/**
 * The counters that are behind, or are not as their sums say. Rows are read before the counters, so that a server may write meanwhile. Of ids only those
 * that this node gave out count, of numbers only those of the series that it gives out from now.
 */
export async function countersBehind(reader: Reader): Promise<CounterFinding[]> {
  return (await findBehind(reader)).map(({ finding }) => finding)
}

/** Puts counters that are behind ahead of the rows, and sums those anew that were changed; returns what was found. Within the one write that there is at a time. */
export async function leapCounters(trx: Trx): Promise<CounterFinding[]> {
  const { engine, [QUERY]: query, act } = trx
  const behind = await findBehind(reader(trx))
  for (const { finding, n, label } of behind)
    await run(
      query,
      engine,
      `insert into counter (name, n, label, sum) values (?, ?, ?, ?)
        on conflict (name) do update set n = excluded.n, label = excluded.label, sum = excluded.sum`,
      [finding.name, n, label, counterSum({ name: finding.name, n, label })],
    )
  if (behind.length > 0) await leapToEpoch(trx, counterFloor(act.node.epoch))
  return behind.map(({ finding }) => finding)
}

/** A page of before a restore has counters that go on in the lost days: they leap again, though no row says so. */
const leapToEpoch = ({ engine, [QUERY]: query }: Trx, floor: number) =>
  run(
    query,
    engine,
    `update counter set n = ?, sum = sum + (? - n) * ${counterStep(1)} where n < ? and name in (${NAMES})`,
    [floor, floor, floor],
  )

const MINTED = [...SYNCED_TABLES, ...MINTED_LOCAL_TABLES]
const NAMES = MINTED.map((table) => `'${table}'`).join(', ')

async function findBehind(reader: Reader): Promise<Behind[]> {
  const [self] = await reader.rows(
    `select node.id, node.terminal, store.code, self.epoch from self join node on node.id = self.node_id left join store on store.id = node.store_id`,
    [],
  )
  const [node, terminal, code, epoch] = self as [number, string, string, number]
  const behind = await findIdsBehind(reader, node, counterFloor(epoch))
  for (const series of SERIES) {
    const found = await findSeriesBehind(reader, series, { node, terminal, fresh: `${code}-${terminal}` })
    if (found) behind.push(found)
  }
  return [...behind, ...(await findChanged(reader, new Set(behind.map(({ finding }) => finding.name))))]
}

/** Those that the rows are not ahead of, and that are not as their sum says: they go on where they stand. */
async function findChanged({ rows: read }: Reader, known: ReadonlySet<string>): Promise<Behind[]> {
  const rows = (await read('select name, n, label, sum from counter order by name', [])) as Counter[]
  return rows.flatMap(([name, n, label, sum]) => {
    if (known.has(name) || sum === null || sum === counterSum({ name, n, label })) return []
    const finding = { kind: 'counter', name, stood: String(n), next: String(n + 1), reason: 'changed' } as const
    return [{ finding, n, label }]
  })
}

type Counter = [name: string, n: number, label: string | null, sum: number | null]

/** One look at the end of each table's primary key. After a restore a counter that has counted nothing begins with `floor`. */
async function findIdsBehind({ rows: read }: Reader, node: number, floor: number): Promise<Behind[]> {
  const base = node * NODE_SPAN
  const last = MINTED.map(
    (table) =>
      `select '${table}' as name, (select max(id) from "${table}" where id > ${base} and id < ${base + NODE_SPAN}) as id`,
  )
  const rows = (await read(last.join(' union all '), [])) as [string, number | null][]
  const counters = new Map((await read('select name, n from counter', [])) as [string, number][])
  return rows.flatMap(([name, id]) => {
    const [stood, n] = [counters.get(name) ?? floor, id === null ? 0 : id - base]
    return n > stood
      ? [{ finding: { kind: 'counter', name, stood: String(stood), next: String(n + 1) }, n, label: null } as const]
      : []
  })
}

/**
 * How many numbers after the counter's are looked up: a series is dense, so that rows bear the very next ones where it fell
 * back. The highest of all is looked for only then, since numbers are texts that no index has in the order of their value.
 */
const LOOKED_UP = 60

async function findSeriesBehind(
  reader: Reader,
  { name, letter, bearers }: Series,
  { node, terminal, fresh }: { node: number; terminal: string; fresh: string },
): Promise<Behind | null> {
  const own = ownRows(node)
  const counterOf = async () => {
    const [counter = []] = await reader.rows('select n, label from counter where name = ?', [name])
    const [n = 0, label = null] = counter as [number?, string?]
    // A restore gives the terminal another name: numbers under the former one were given out on the lost days.
    const isFormer = label !== null && !label.endsWith(`-${terminal}`)
    return { n, label, isFormer, series: isFormer || label === null ? fresh : label }
  }
  const before = await counterOf()
  const { series } = before
  if (!before.isFormer && !(await bearsNext(reader, bearers, { series, n: before.n, own }))) return null
  const all: number[] = []
  for (const bearer of bearers) all.push(await highestIn(reader, bearer, { series, own }))
  const highest = Math.max(...all)
  const { n, label, isFormer } = await counterOf() // Somebody may have taken numbers meanwhile.
  if (!isFormer && n >= highest) return null
  const stood = numberInSeries(label ?? series, n, letter)
  const next = numberInSeries(series, highest + 1, letter)
  return { finding: { kind: 'counter', name, stood, next }, n: highest, label: series }
}

/** Numbers that a shop brought which has joined may be called as this machine's are: they stand on rows of that one. */
const ownRows = (node: number) => `id >= ${node * NODE_SPAN} and id < ${(node + 1) * NODE_SPAN}`

/** Whether a row bears one of the numbers that come after `n`. */
async function bearsNext(
  { rows: read }: Reader,
  bearers: readonly Bearer[],
  { series, n, own }: { series: string; n: number; own: string },
) {
  for (const { table, column, letter } of bearers) {
    const next = Array.from({ length: LOOKED_UP }, (_, index) => numberInSeries(series, n + index + 1, letter))
    const marks = next.map(() => '?').join()
    const rows = await read(`select 1 from "${table}" where "${column}" in (${marks}) and ${own} limit 1`, next)
    if (rows.length > 0) return true
  }
  return false
}

async function highestIn(
  { engine, rows: read }: Reader,
  { table, column, letter }: Bearer,
  { series, own }: { series: string; own: string },
) {
  const begins = `${series}-${letter}`
  // SQLite finds the series by the index, whose texts stand byte by byte: a colon follows the digits.
  // PostgreSQL sorts as its database does, which says nothing of beginnings.
  const [isOfSeries, bounds] =
    engine === 'sqlite'
      ? [`"${column}" >= ? and "${column}" < ?`, [`${begins}0`, `${begins}:`]]
      : [`substr("${column}", 1, ${begins.length}) = ?`, [begins]]
  const rows = await read(
    `select "${column}" from "${table}" where ${isOfSeries} and ${own}
      order by length("${column}") desc, "${column}" desc limit ${LONGEST}`,
    bounds,
  )
  const numbers = rows.map(([written]) => parseDocumentNumber(String(written))?.n ?? 0)
  return Math.max(0, ...numbers)
}

/** How many of the highest are read: one that is no number, in a damaged row, comes before them. */
const LONGEST = 20
