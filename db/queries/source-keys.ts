import { execute } from '../engines/direct.ts'
import { QUERY, type Trx } from '../handle.ts'

/** Which of these keys of another source rows of `table` carry already: one statement, however many there are. */
export async function knownSourceKeys(
  trx: Trx,
  table: 'user' | 'device' | 'repair_order',
  keys: readonly string[],
): Promise<Set<string>> {
  const sqlite = trx.engine === 'sqlite'
  const isListed = sqlite ? 'in (select value from json_each(?))' : '= any($1::text[])'
  const text = `select source_key from "${table}" where source_key ${isListed}`
  const rows = await execute<{ source_key: string }>(trx[QUERY], text, [sqlite ? JSON.stringify(keys) : keys])
  return new Set(rows.map(({ source_key }) => source_key))
}

/** The rows of the catalogue that carry these keys and are not removed, by their key. */
export async function productsOfKeys(trx: Trx, keys: readonly string[]): Promise<Map<string, number>> {
  const sqlite = trx.engine === 'sqlite'
  const isListed = sqlite ? 'in (select value from json_each(?))' : '= any($1::text[])'
  const text = `select id, source_key from product where source_key ${isListed} and deleted_at is null order by id desc`
  const parameter = sqlite ? JSON.stringify(keys) : keys
  const rows = await execute<{ id: number; source_key: string }>(trx[QUERY], text, [parameter])
  return new Map(rows.map(({ id, source_key }) => [source_key, id]))
}
