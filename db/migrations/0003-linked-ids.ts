import { type Kysely, sql } from 'kysely'
import { type Builder, nullable, ref, synced } from './columns.ts'

/**
 * Ids that stood in texts become columns that follow their row when enrolment rebases ids: the faults of an intake, and who
 * an order was given to. Bodies that were erased before the journal said so are named in it.
 */
export async function linkedIds({ query, trx, table, index, addColumn }: Builder): Promise<void> {
  await table('intake_problem', synced({ intake_id: ref('intake'), problem_id: ref('problem') }))
  await index('intake_problem', ['intake_id'])
  await addColumn('order_event', 'user_id', nullable(ref('user')))
  if (trx) {
    await moveProblems({ query, act: trx.act })
    await moveTechnicians({ query, act: trx.act })
    await nameErased({ query, act: trx.act })
  }
  await sql`alter table intake drop column problem_ids`.execute(query)
}

/** The rows, and the write that tells the journal of them. */
type Move = { query: Kysely<unknown>; act: NonNullable<Builder['trx']>['act'] }

/** Rows read at once, and added by one statement. */
const BATCH = 1_000

type Fault = { intake_id: number; problem_id: number; created_at: number }

async function moveProblems({ query, act }: Move) {
  const { rows: problems } = await sql<{ id: number }>`select id from problem`.execute(query)
  const known = new Set(problems.map(({ id }) => id))
  for await (const intakes of batches<{ id: number; problem_ids: string; created_at: number }>(query, 'intake')) {
    const faults = intakes.flatMap(({ id: intake_id, problem_ids, created_at }) =>
      (JSON.parse(problem_ids) as number[]) // As the counter wrote it.
        .filter((problem_id) => known.has(problem_id))
        .map((problem_id) => ({ intake_id, problem_id, created_at })),
    )
    for (let start = 0; start < faults.length; start += BATCH)
      await addFaults({ query, act }, faults.slice(start, start + BATCH))
    for (const { id, problem_ids } of intakes)
      act.ops.push({
        entity: 'intake',
        row_id: id,
        kind: 'patch',
        before: JSON.stringify({ problem_ids }),
        after: '{}',
      })
  }
}

async function addFaults({ query, act }: Move, faults: readonly Fault[]) {
  const { store_id, id: node } = act.node
  const { rows } = await sql<{ n: number }>`
    insert into counter (name, n) values ('intake_problem', ${faults.length})
    on conflict (name) do update set n = counter.n + excluded.n returning n`.execute(query)
  const first = node * 2 ** 32 + rows[0]!.n - faults.length + 1
  const values = faults.map(
    ({ intake_id, problem_id, created_at }, at) =>
      sql`(${first + at}, ${store_id}, ${intake_id}, ${problem_id}, ${created_at}, ${act.now})`,
  )
  await sql`
    insert into intake_problem (id, store_id, intake_id, problem_id, created_at, updated_at)
    values ${sql.join(values)}`.execute(query)
  for (const [at, fault] of faults.entries()) {
    const after = JSON.stringify({ store_id, ...fault })
    act.ops.push({ entity: 'intake_problem', row_id: first + at, kind: 'put', before: null, after })
  }
}

type Given = {
  id: number
  kind: string
  user_id: number | null
  text: string | null
  from_value: string | null
  to_value: string | null
}

async function moveTechnicians({ query, act }: Move) {
  const { rows: users } = await sql<{ id: number }>`select id from "user"`.execute(query)
  const people = new Set(users.map(({ id }) => id))
  for await (const events of batches<Given>(query, 'order_event'))
    for (const event of events) {
      if (event.kind !== 'assigned' && event.kind !== 'unassigned') continue
      const user_id = Number(event.to_value ?? event.from_value)
      // The name is asked of the person from now on, so that it is in one place alone.
      const whom = people.has(user_id) ? { user_id, text: null } : {}
      await change({ query, act }, event, { ...whom, from_value: null, to_value: null })
    }
}

async function change({ query, act }: Move, before: Given, wanted: Partial<Omit<Given, 'id' | 'kind'>>) {
  const fields = (Object.keys(wanted) as (keyof typeof wanted)[]).filter((field) => before[field] !== wanted[field])
  if (fields.length === 0) return
  const sets = fields.map((field) => sql`${sql.ref(field)} = ${wanted[field]}`)
  await sql`update order_event set ${sql.join(sets)}, updated_at = ${act.now} where id = ${before.id}`.execute(query)
  const pick = (from: Partial<Given>) => JSON.stringify(Object.fromEntries(fields.map((field) => [field, from[field]])))
  act.ops.push({
    entity: 'order_event',
    row_id: before.id,
    kind: 'patch',
    before: pick(before),
    after: pick(wanted),
  })
}

/** Says in the journal which bodies were erased before: one entry for each chain. */
async function nameErased({ query, act }: Move) {
  type Place = { origin: number; epoch: number; seq: number }
  const { rows } = await sql<Place>`select origin, epoch, seq from journal where salt is null`.execute(query)
  for (const places of Map.groupBy(rows, ({ origin, epoch }) => `${origin}/${epoch}`).values()) {
    const { origin, epoch, seq } = places[0]!
    const after = JSON.stringify({ origin, epoch, seqs: places.map((place) => place.seq) })
    act.ops.push({ entity: 'journal', row_id: seq, kind: 'erase', before: null, after })
  }
}

async function* batches<R extends { id: number }>(query: Kysely<unknown>, table: string): AsyncGenerator<R[]> {
  for (let after = -1; ;) {
    const { rows } = await sql<R>`
      select * from ${sql.table(table)} where id > ${after} order by id limit ${BATCH}`.execute(query)
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.id
  }
}
