import { sql } from 'kysely'
import { type Builder, nullable, ref, synced } from './columns.ts'
import { execute } from '../engines/direct.ts'
import { QUERY, type Trx } from '../handle.ts'
import { type EntryKey, recordErasure } from '../journal/erase.ts'
import { insertMany, patchEvenEvent } from '../rows.ts'

/**
 * Ids that stood in texts become columns that follow their row when enrolment rebases ids: the faults of an intake, and who
 * an order was given to. Bodies that were erased before the journal said so are named in it.
 */
export async function linkedIds({ query, trx, table, index, addColumn }: Builder): Promise<void> {
  await table('intake_problem', synced({ intake_id: ref('intake'), problem_id: ref('problem') }))
  await index('intake_problem', ['intake_id'])
  await addColumn('order_event', 'user_id', nullable(ref('user')))
  if (trx) {
    await moveProblems(trx)
    await moveTechnicians(trx)
    recordErasure(
      trx,
      await execute<EntryKey>(trx[QUERY], 'select origin, epoch, seq from journal where salt is null', []),
    )
  }
  await sql`alter table intake drop column problem_ids`.execute(query)
}

/** Rows read at once. */
const BATCH = 1_000

async function moveProblems(trx: Trx) {
  const known = new Set((await trx.selectFrom('problem').select('id').execute()).map(({ id }) => id))
  for await (const intakes of batches<{ id: number; problem_ids: string; created_at: number }>(trx, 'intake')) {
    const rows = intakes.flatMap(({ id: intake_id, problem_ids, created_at }) =>
      (JSON.parse(problem_ids) as number[]) // As the counter wrote it.
        .filter((problem_id) => known.has(problem_id))
        .map((problem_id) => ({ intake_id, problem_id, created_at })),
    )
    await insertMany(trx, 'intake_problem', rows)
    for (const { id, problem_ids } of intakes)
      trx.act.ops.push({
        entity: 'intake',
        row_id: id,
        kind: 'patch',
        before: JSON.stringify({ problem_ids }),
        after: '{}',
      })
  }
}

async function moveTechnicians(trx: Trx) {
  const people = new Set((await trx.selectFrom('user').select('id').execute()).map(({ id }) => id))
  type Event = { id: number; kind: string; from_value: string | null; to_value: string | null }
  for await (const events of batches<Event>(trx, 'order_event'))
    for (const { id, kind, from_value, to_value } of events) {
      if (kind !== 'assigned' && kind !== 'unassigned') continue
      const user_id = Number(to_value ?? from_value)
      // The name is asked of the person from now on, so that it is in one place alone.
      const whom = people.has(user_id) ? { user_id, text: null } : {}
      await patchEvenEvent(trx, 'order_event', id, { ...whom, from_value: null, to_value: null })
    }
}

async function* batches<R extends { id: number }>(trx: Trx, table: string): AsyncGenerator<R[]> {
  for (let after = -1; ;) {
    const rows = await execute<R>(
      trx[QUERY],
      `select * from ${table} where id > ${after} order by id limit ${BATCH}`,
      [],
    )
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.id
  }
}
