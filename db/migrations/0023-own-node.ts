import { sql } from 'kysely'
import { type Builder, flag, instant, int, nullable, primary, ref, text } from './columns.ts'

/** What moves with every write of this machine leaves the row of its node, which other nodes will have too. */
const MOVED = [
  'epoch', 'seq', 'chain', 'hlc', 'mark', 'trusted_at', 'is_restored', 'contradicted_since',
] as const // oxfmt-ignore

/** What every synced table carries, and tables of one machine do not. */
const OF_SYNCED = ['store_id', 'created_at', 'updated_at', 'deleted_at']

export async function ownNode(builder: Builder): Promise<void> {
  await moveHead(builder)
  await keepHere(builder)
}

async function moveHead({ table, query, addColumn }: Builder) {
  await table('self', {
    node_id: primary(ref('node')),
    role: text(),
    epoch: int(),
    seq: int(),
    chain: text(),
    hlc: nullable(text()),
    mark: nullable(text()),
    trusted_at: nullable(instant()),
    is_restored: flag(0),
    contradicted_since: nullable(instant()),
  })
  const moved = sql.join(MOVED.map((column) => sql.ref(column)))
  await sql`insert into self (node_id, role, ${moved}) select id, 'alone', ${moved} from node where is_self = 1`.execute(
    query,
  )
  for (const column of ['is_self', ...MOVED]) await query.schema.alterTable('node').dropColumn(column).execute()
  await addColumn('node', 'heir_id', nullable(ref('node')))
}

/** Carts are drafts of one server and Stripe's events are heard by one node: no journal tells of them any more. */
async function keepHere({ query, index, addColumn }: Builder) {
  await sql`delete from cart_item where deleted_at is not null or cart_id in (select id from cart where deleted_at is not null)`.execute(
    query,
  )
  await sql`delete from cart where deleted_at is not null`.execute(query)
  for (const name of ['cart_user_id', 'cart_item_cart_id_id']) await query.schema.dropIndex(name).execute()
  for (const table of ['cart', 'cart_item', 'stripe_event'])
    for (const column of OF_SYNCED) await query.schema.alterTable(table).dropColumn(column).execute()
  await addColumn('buy_in_draft', 'sum', nullable(text()))
  await index('cart', ['user_id'])
  await index('cart_item', ['cart_id', 'id'])
}
