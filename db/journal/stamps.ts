import { run } from '../engines/sql-text.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'

type Entries = { origin: number; epoch: number }

/** By which stamps entries of a stretch are known to be judged, where these are not their own; of what is packed, nothing. */
export async function stampsIn(
  db: Db,
  { origin, epoch, from, to }: Entries & { from: number; to: number },
): Promise<ReadonlyMap<number, string>> {
  const judged = db
    .selectFrom('journal')
    .select(['seq', 'stamp'])
    .where('origin', '=', origin)
    .where('epoch', '=', epoch)
  const rows = await judged
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .where('stamp', 'is not', null)
    .orderBy('seq')
    .execute()
  return new Map(rows.map(({ seq, stamp }) => [seq, stamp!]))
}

/** Writes down by which stamp head office judged an entry of this node; null where by its own. It is not packed before. */
export async function setStamp(
  { engine, [QUERY]: query }: Trx,
  { origin, epoch, seq }: Entries & { seq: number },
  stamp: string | null,
): Promise<void> {
  const text = 'update journal set stamp = ? where origin = ? and epoch = ? and seq = ?'
  await run(query, engine, text, [stamp, origin, epoch, seq])
}
