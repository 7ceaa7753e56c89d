import { starterIn } from '../../server/domain/starters.ts'
import { nameKey } from '../../server/domain/text/fold.ts'
import { run } from '../engines/sql-text.ts'
import { rebasedId } from '../fleet/id-alias.ts'
import { type Db, QUERY } from '../handle.ts'
import { REFERENCES } from '../schema/references.ts'
import { SYNCED_TABLES, type SyncedTable } from '../schema/schema.ts'
import { SYNC_RULES } from '../schema/sync-rules.ts'
import type { OldRow, OldShop } from './old-shop.ts'

/**
 * Which rows of a shop that joins are rows of head office from then on: its store and machine, what both have under the same key
 * (`maps` in `SYNC_RULES`), and people of whom somebody has said who they are there.
 */

export type Mapping = Map<SyncedTable, Map<number, number>>

type Wanted = {
  store: number
  node: number
  /** Who works at the shop, by what they are called at head office. */
  people: ReadonlyMap<number, number>
}

/** Looks through what the terminal's database has heard of head office. */
export async function mappingOf(shop: OldShop, db: Db, { store, node, people }: Wanted): Promise<Mapping> {
  const mapping: Mapping = new Map()
  mapping.set('store', new Map(shop.rows('store').map(({ id }) => [Number(id), store])))
  mapping.set('node', new Map(shop.rows('node').map(({ id }) => [Number(id), node])))
  mapping.set('user', new Map(people))
  for (const table of SYNCED_TABLES) {
    const rules = SYNC_RULES[table]
    if (!('maps' in rules) || rules.maps === null) continue
    const there = byKey(await rowsThere(db, table), (row) => keyOf(table, rules.maps!, row))
    const columns: Readonly<Record<string, SyncedTable>> = REFERENCES[table]
    const called = (row: OldRow): OldRow => {
      const renamed = { ...row }
      for (const [column, entity] of Object.entries(columns)) {
        const old = row[column]
        if (old != null) renamed[column] = mapping.get(entity)?.get(Number(old)) ?? rebasedId(node, Number(old))
      }
      return renamed
    }
    const own = shop.rows(table).flatMap((row): [number, number][] => {
      const same = there.get(keyOf(table, rules.maps!, called(row)))
      if (!same || !mayMap(shop, table, row, same)) return []
      return [[Number(row['id']), Number(same['id'])]]
    })
    mapping.set(table, new Map(own))
  }
  return mapping
}

/** All rows that the terminal's database has of a table. */
export const rowsThere = (db: Db, table: SyncedTable): Promise<OldRow[]> =>
  run<OldRow>(db[QUERY], db.engine, `select * from "${table}" order by id`, [])

/** Of several under one key, one that is in sight, and of those the first. */
function byKey(rows: readonly OldRow[], keyOfRow: (row: OldRow) => string): Map<string, OldRow> {
  const found = new Map<string, OldRow>()
  const rank = (row: OldRow) => (row['deleted_at'] === null ? 0 : 2) + ((row['duplicate_of'] ?? null) === null ? 0 : 1)
  for (const row of rows.toSorted((a, b) => rank(a) - rank(b))) {
    const key = keyOfRow(row)
    if (!found.has(key)) found.set(key, row)
  }
  return found
}

/** What a shop begins with has a name in the language of whoever set it up. */
const STARTERS = new Set<SyncedTable>(['device_type', 'problem'])

function keyOf(table: SyncedTable, columns: readonly string[], row: OldRow): string {
  const values = columns.map((column) => {
    if (column !== 'name_key' || !STARTERS.has(table)) return row[column]
    return nameKey(starterIn(table as 'device_type', String(row['name']), 'en'))
  })
  return JSON.stringify(values)
}

/**
 * What is in sight here is no row that head office has taken out of sight. Where goods lie is a place of its own: at head office it
 * is another shop's.
 */
function mayMap(shop: OldShop, table: SyncedTable, row: OldRow, same: OldRow): boolean {
  if (row['deleted_at'] === null && same['deleted_at'] !== null) return false
  return table !== 'location' || !shop.has(`select 1 from product where location_id = ${Number(row['id'])}`)
}
