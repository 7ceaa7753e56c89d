import { sql } from 'kysely'
import { IN_MEMORY, openSqlite } from '../../engines/sqlite.ts'
import { SchemaDamaged } from '../../errors.ts'
import { migrate } from '../../migrations/migrate.ts'
import { ADDED, type IndexFinding, type TriggerFinding } from '../findings.ts'
import type { Scan } from '../scan.ts'

/** What SQLite keeps of a table, an index, a trigger or a view: the text that made it. What it has counted itself is no part of it. */
const SELECT_SCHEMA = `select type, name, tbl_name, sql from sqlite_schema where sql is not null and name not in ('sqlite_stat1', 'sqlite_stat4')`

/** Differences named in one sentence. */
const MOST_NAMED = 5

type Part = { type: string; name: string; table: string; text: string }

/** A part of an SQLite file that is not as this program makes it: `made` is null for one that it does not make, `found` for one that is missing. */
export type SchemaDifference = { made: Part | null; found: Part | null }

/**
 * Holds the tables of an SQLite file against those that this program's migrations make, by their text: a letter that a failing
 * disk has changed in the name of a column breaks statements long after, and no row tells. Returns what somebody has added that
 * acts with what is written; where there is nothing of it, the indexes that are to be put right, which no row depends on.
 * @throws SchemaDamaged naming the tables that are missing or different
 */
export async function checkSchema(scan: Scan): Promise<(TriggerFinding | IndexFinding)[]> {
  const differences = await schemaDifferences(scan)
  expectTables(differences)
  const triggers = differences.flatMap(({ made, found }) => (made ? [] : found!.type === 'trigger' ? [found!] : []))
  if (triggers.length === 0) return differences.map(indexFinding)
  const [[file] = []] = await scan.rows(`select file from pragma_database_list where name = 'main'`, [])
  return triggers.map((part) => ({ kind: 'trigger', text: foreignPart(part), file: String(file) }))
}

/** @throws SchemaDamaged where anything but indexes and triggers differs */
export function expectTables(differences: readonly SchemaDifference[]): void {
  const tables = differences.filter(({ made, found }) => !MENDABLE.has((made ?? found)!.type)).map(differenceIn)
  if (tables.length === 0) return
  throw new SchemaDamaged([...tables.slice(0, MOST_NAMED), ...(tables[MOST_NAMED] ? ['…'] : [])].join('; '))
}

/** What can be taken out or made anew without a row being lost. */
const MENDABLE: ReadonlySet<string> = new Set(['index', 'trigger'])

export const indexFinding = (difference: SchemaDifference): IndexFinding => ({
  kind: 'index',
  text: differenceIn(difference),
})

/** All that is missing, different or not this program's; a table or view of another program beside ours changes nothing. */
export async function schemaDifferences(scan: Scan): Promise<SchemaDifference[]> {
  if (scan.engine !== 'sqlite') return []
  const found = byName((await scan.rows(SELECT_SCHEMA, [])) as string[][])
  const made = await (expected ??= expectedSchema())
  const isOther = ({ type, table }: Part) =>
    type === 'table' || type === 'view' || (type === 'index' && made.get(`table ${table}`) === undefined)
  return [
    ...[...found].flatMap(([name, part]) => (made.has(name) || isOther(part) ? [] : [{ made: null, found: part }])),
    ...[...made].flatMap(([name, part]) =>
      found.get(name)?.text === part.text ? [] : [{ made: part, found: found.get(name) ?? null }],
    ),
  ]
}

/** A difference in words that end a sentence. */
function differenceIn({ made, found }: SchemaDifference): string {
  if (made) return `${made.type} ${made.name} is ${found ? 'not as it was made' : 'missing'}`
  return foreignPart(found!)
}

/** A part that this program does not make, in words that end a sentence. */
export const foreignPart = ({ type, name, table }: Pick<Part, 'type' | 'name' | 'table'>): string =>
  `${type} ${name}${type === 'view' ? '' : ` on ${table}`}${ADDED}`

const byName = (rows: readonly string[][]): Map<string, Part> =>
  new Map(
    rows.map((row) => {
      const [type, name, table, text] = row as [string, string, string, string]
      return [`${type} ${name}`, { type, name, table, text }]
    }),
  )

/** Made once: the migrations do not change while the program runs, and take ten times as long as a check of a small shop. */
let expected: Promise<Map<string, Part>> | undefined

/** The schema of a new database, which is made in memory for it. */
async function expectedSchema(): Promise<Map<string, Part>> {
  const engine = openSqlite(IN_MEMORY)
  try {
    await migrate(engine, { open: async () => null, close: async () => {} })
    const { rows } = await engine.transaction((query) =>
      sql.raw<Record<string, string>>(SELECT_SCHEMA).execute(query as never),
    )
    return byName(rows.map((row) => Object.values(row) as string[]))
  } catch (error) {
    expected = undefined // Out of memory now is not out of memory tomorrow.
    throw error
  } finally {
    await engine.close()
  }
}
