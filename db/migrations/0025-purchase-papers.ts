import { type Kysely, sql } from 'kysely'
import { type Builder, nullable, ref } from './columns.ts'

/**
 * An identity says which purchase it is of: instants do not tell, for a clock may be put back between two sellers of one request.
 * Orders of a status and repairs with a fault are found by when they came.
 */
export async function purchasePapers({ query, trx, addColumn, index }: Builder): Promise<void> {
  await addColumn('seller_identity', 'receipt_id', nullable(ref('receipt')))
  if (trx) await namePurchases(query, trx.act)
  await index('seller_identity', ['receipt_id'], 'receipt_id is not null')
  await index('sales_order', ['status', 'created_at', 'id'])
  await sql`drop index if exists intake_problem_problem_id_id`.execute(query)
  await index('intake_problem', ['problem_id', 'created_at', 'id'])
}

/**
 * Both were written in one transaction, and so at one instant. Where that fits several, and in rows of other nodes, which tell
 * of theirs, nothing is filled in.
 */
async function namePurchases(query: Kysely<unknown>, { ops, now, node }: NonNullable<Builder['trx']>['act']) {
  const first = node.id * 2 ** 32
  const { rows } = await sql<{ id: number; receipt_id: number }>`
    select identity.id, min(receipt.id) as receipt_id
    from seller_identity identity
    join receipt_line line on line.pickup_id = identity.pickup_id
    join receipt on receipt.id = line.receipt_id
    where identity.id >= ${first} and identity.id < ${first + 2 ** 32}
      and receipt.id >= ${first} and receipt.id < ${first + 2 ** 32}
      and receipt.kind = 'purchase' and receipt.original_id is null
      and receipt.created_at = identity.created_at
      and not exists (
        select 1 from seller_identity other
        where other.pickup_id = identity.pickup_id and other.created_at = identity.created_at and other.id <> identity.id)
    group by identity.id having count(distinct receipt.id) = 1
    order by identity.id`.execute(query)
  for (const { id, receipt_id } of rows) {
    await sql`update seller_identity set receipt_id = ${receipt_id}, updated_at = ${now} where id = ${id}`.execute(
      query,
    )
    const [before, after] = [null, receipt_id].map((value) => JSON.stringify({ receipt_id: value })) as [string, string]
    ops.push({ entity: 'seller_identity', row_id: id, kind: 'patch', before, after })
  }
}
