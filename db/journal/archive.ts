import Database from 'better-sqlite3'
import { run } from '../engines/sql-text.ts'
import { idsBefore } from '../fleet/id-alias.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import { insertLocal, updateLocal } from '../local.ts'
import type { SyncedTable } from '../schema/schema.ts'

/**
 * The journal of a shop from before it joined head office with its history. It stays word for word, as an archive: its origin, node 0,
 * is head office's since, so that it is kept under one below 0 that no other machine has. No row is held against it, for the new chain states each anew, and
 * nobody hears of it. That it is whole is proved as of any chain; what is erased about a row is erased there too.
 */

/** Under which origin the archive of a node is kept; its entries and digests say node 0's (`writerOf`). */
const archiveOf = (node: number): number => -node

export const isArchived = ({ origin }: { origin: number }): boolean => origin < 0

const TABLES = {
  journal: [
    'epoch', 'seq', 'tx', 'hlc', 'schema', 'at', 'actor', 'device', 'act', 'entity', 'row_id', 'kind', 'before', 'after',
    'salt', 'digest', 'chain', 'pack', 'stamp',
  ],
  journal_row: ['entity', 'row_id', 'epoch', 'seq'],
  journal_packing: ['epoch', 'seq'],
} as const // oxfmt-ignore

/**
 * Copies the journal of the shop in `from` into the SQLite file `to`, whose own has no entry yet, in one transaction.
 * @throws Error where it has one
 */
export function copyJournal({ from, to, node }: { from: string; to: string; node: number }): void {
  const database = new Database(to)
  try {
    database.prepare('attach database ? as shop').run(from)
    database.transaction(() => {
      if (database.prepare('select 1 from main.journal limit 1').get()) throw new Error('The journal is not empty')
      database.exec('delete from main.journal_shape')
      database.exec(
        'insert into main.journal_shape (id, entity, fields) select id, entity, fields from shop.journal_shape',
      )
      for (const [table, columns] of Object.entries(TABLES)) {
        const list = columns.map((column) => `"${column}"`).join(', ')
        database
          .prepare(`insert into main."${table}" (origin, ${list}) select ?, ${list} from shop."${table}"`)
          .run(archiveOf(node))
      }
    })()
  } finally {
    database.close()
  }
}

/** Writes down where the chains of the archive end: what is missing behind that is found out. */
export async function sealArchive(trx: Trx, node: number): Promise<void> {
  const ends = `select epoch, seq, chain from journal last where origin = ? and seq =
    (select max(seq) from journal where journal.origin = last.origin and journal.epoch = last.epoch) order by epoch`
  const origin = archiveOf(node)
  const chains = await run<{ epoch: number; seq: number; chain: string }>(trx[QUERY], trx.engine, ends, [origin])
  for (const end of chains) await insertLocal(trx, 'archived_chain', { origin, ...end, erased: '[]' })
}

/** Writes down which bodies of the archive were erased. */
export async function noteArchivedErasure(
  trx: Trx,
  places: readonly { origin: number; epoch: number; seq: number }[],
): Promise<void> {
  for (const [, chain] of Map.groupBy(places, ({ origin, epoch }) => `${origin} ${epoch}`)) {
    const { origin, epoch } = chain[0]!
    const key = trx.selectFrom('archived_chain').select('erased').where('origin', '=', origin)
    const { erased } = await key.where('epoch', '=', epoch).executeTakeFirstOrThrow()
    const seqs = new Set([...(JSON.parse(erased) as number[]), ...chain.map(({ seq }) => seq)]) // As it is written here.
    const text = JSON.stringify([...seqs].toSorted((a, b) => a - b))
    await updateLocal(trx, 'archived_chain', { origin, epoch }, { erased: text })
  }
}

/** What rows were called in the archive, as `wanted` there: the new id of each, by its table and old id. */
export async function namesInArchive(
  db: Db,
  rows: Readonly<Partial<Record<string, readonly number[]>>>,
): Promise<Map<string, Map<number, number>>> {
  const names = new Map<string, Map<number, number>>()
  for (const [table, ids = []] of Object.entries(rows)) {
    const before = await idsBefore(db, table as SyncedTable, ids) // Of a table that it does not know there is none.
    names.set(table, new Map([...before].flatMap(([id, olds]) => olds.map((old) => [old, id] as const))))
  }
  return names
}
