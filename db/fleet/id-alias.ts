import { mintedAs, mintId, NODE_SPAN, nodeOf } from '../../server/domain/ids.ts'
import { run } from '../engines/sql-text.ts'
import { type Db, QUERY } from '../handle.ts'
import type { IdAliasTable } from '../schema/fleet-tables.ts'
import type { MintedLocalTable, SyncedTable } from '../schema/schema.ts'

/**
 * Ids of before this machine joined head office with its history. Its rows were node 0's, which is head office: they got ids of this
 * machine, or are rows of head office now. What was printed, linked or written down elsewhere says the old ones.
 */

type Entity = SyncedTable | MintedLocalTable

/** The id that a row has that was called `old` before; null for none that was there. */
export async function idSince(db: Db, entity: Entity, old: number): Promise<number | null> {
  const text = 'select * from id_alias where entity = ? and first_id <= ? order by first_id desc limit 1'
  const [alias] = await run<IdAliasTable>(db[QUERY], db.engine, text, [entity, old])
  return alias && old <= alias.last_id ? alias.first_new_id + old - alias.first_id : null
}

/** What rows were called before, by what they are called now; of those that were not there then, nothing. */
export async function idsBefore(db: Db, entity: Entity, ids: readonly number[]): Promise<Map<number, number[]>> {
  const aliases = await run<IdAliasTable>(db[QUERY], db.engine, 'select * from id_alias where entity = ?', [entity])
  const olds = (id: number) =>
    aliases.flatMap(({ first_id, last_id, first_new_id }) => {
      const old = first_id + id - first_new_id
      return old >= first_id && old <= last_id ? [old] : []
    })
  return new Map(ids.map((id) => [id, olds(id)]))
}

/** The rows of `id_alias` for ids up to `last`, which become `node`'s but for those that are `mapped`. */
export function aliasesOf(
  entity: Entity,
  { node, last, mapped }: { node: number; last: number; mapped: ReadonlyMap<number, number> },
): IdAliasTable[] {
  const aliases: IdAliasTable[] = []
  let next = 1
  const upTo = (end: number) => {
    if (next <= end) aliases.push({ entity, first_id: next, last_id: end, first_new_id: mintId(node, next) })
    next = end + 1
  }
  for (const [old, id] of [...mapped].toSorted(([a], [b]) => a - b)) {
    upTo(old - 1)
    aliases.push({ entity, first_id: old, last_id: old, first_new_id: id })
    next = old + 1
  }
  upTo(last)
  return aliases
}

/** @throws Error for an id that no shop alone has minted */
export function rebasedId(node: number, old: number): number {
  if (nodeOf(old) !== 0 || old >= NODE_SPAN) throw new Error(`Another machine has minted ${old}`)
  return mintId(node, mintedAs(old))
}
