import type { CommittedRow } from '../database.ts'
import type { Db } from '../handle.ts'

/**
 * Tells what other processes write: a command beside the server, another server on the same PostgreSQL. While somebody
 * listens, the node's head of the journal is looked at once a second.
 */

/** Between two looks, and after one that failed, in ms. */
const EVERY = 1_000
const AFTER_FAILURE = 10_000
/** More entries than this at once are told as one row of each table: an import writes thousands in a second. */
const MANY = 500

type Head = { id: number; epoch: number; seq: number }

export type OtherWriters = {
  /** This process has committed the entries after `before` up to `after`, and tells of them itself. */
  wrote(before: number, after: number): void
  stop(): void
}

/** Tells of what others write from now on. */
export function followOthers(
  db: Db,
  tell: (rows: readonly CommittedRow[]) => void,
  onError: (error: Error) => void,
): OtherWriters {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  /** `seq` up to which everything was told; null until the first look. */
  let told: number | null = null

  const look = async () => {
    const head = await headOf(db)
    const from = told ?? head.seq
    told = Math.max(from, head.seq)
    if (head.seq <= from) return
    try {
      tell(await rowsBetween(db, head, from, head.seq))
    } catch (error) {
      told = from // Some may be told twice, which does no harm.
      throw error
    }
  }
  const again = (ms: number) => {
    if (!stopped) timer = setTimeout(run, ms).unref()
  }
  const run = () =>
    void look().then(
      () => again(EVERY),
      (error: Error) => {
        if (!stopped) onError(error)
        again(AFTER_FAILURE)
      },
    )
  run()
  return {
    wrote: (before, after) => {
      // Where others wrote just before, the next look tells of both.
      if (told === null || told >= before) told = Math.max(told ?? 0, after)
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

const headOf = (db: Db): Promise<Head> =>
  db.selectFrom('node').select(['id', 'epoch', 'seq']).where('is_self', '=', 1).executeTakeFirstOrThrow()

async function rowsBetween(db: Db, { id, epoch }: Head, from: number, to: number): Promise<CommittedRow[]> {
  const entries = db
    .selectFrom('journal')
    .where('origin', '=', id)
    .where('epoch', '=', epoch)
    .where('seq', '>', from)
    .where('seq', '<=', to)
  if (to - from <= MANY) return await entries.select(['entity', 'row_id as id']).orderBy('seq').execute()
  return await entries
    .select((e) => ['entity', e.fn.max('row_id').as('id')])
    .groupBy('entity')
    .execute()
}
