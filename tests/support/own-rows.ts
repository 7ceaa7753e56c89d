import type { Trx } from '../../db/handle.ts'
import { insertLocal, insertMinted, upsertLocal } from '../../db/local.ts'
import { LOCAL_TABLES, type LocalTable } from '../../db/schema/schema.ts'

/** Writes a row into each table of this machine alone that has none: of people, goods and requests that are there. */
export async function fillOwnTables(trx: Trx): Promise<void> {
  const { now } = trx.act
  const firstOf = async (table: 'user' | 'product' | 'repair_order' | 'pickup_request') =>
    (await trx.selectFrom(table).select('id').orderBy('id').limit(1).executeTakeFirstOrThrow()).id
  const [user_id, product_id] = [await firstOf('user'), await firstOf('product')]
  const [order_id, pickup_id] = [await firstOf('repair_order'), await firstOf('pickup_request')]
  const key = { user_id, method: 'POST', path: '/v1/orders', key: 'a key', fingerprint: 'a fingerprint' }
  const answer = { status: 201, headers: '[]', body: 'a sealed body', created_at: now }
  const draft = { pickup_id, order_id, device: '{}', answers: '[]', offer: 'null', photo_ids: '[]', version: 1 }
  const grant = { created_at: now, expires_at: now + 3_600_000, locked_at: null, ended_at: null }
  const run = { kind: 'users', file: 'users.csv', line: 3, accepted: 2, rejected: 1, updated_at: now }
  const event = { event_id: 'evt_1', type: 'charge.updated', object_id: null, happened_at: now, order_id: null }
  const writes: Record<LocalTable, () => Promise<unknown>> = {
    cart: () => insertMinted(trx, 'cart', { user_id }),
    cart_item: async () => {
      const cart = await trx.selectFrom('cart').select('id').limit(1).executeTakeFirstOrThrow()
      await insertMinted(trx, 'cart_item', { cart_id: cart.id, product_id, qty: 2 })
    },
    stripe_event: () => insertMinted(trx, 'stripe_event', { ...event, outcome: 'applied', payload: '{}' }),
    buy_in_draft: () =>
      insertLocal(trx, 'buy_in_draft', { id: 'one', ...draft, updated_by: user_id, created_at: now, updated_at: now }),
    credential: () => upsertLocal(trx, 'credential', { user_id }, { password_hash: 'a hash', updated_at: now }),
    session: () =>
      insertLocal(trx, 'session', { id: 'one', user_id, surface: 'v1', token_hash: 'a hash', device: null, ...grant }),
    claim_code: () =>
      insertLocal(trx, 'claim_code', {
        code_hash: 'a hash',
        user_id,
        expires_at: now + 3_600_000,
        used_at: null,
        sent_at: null,
      }),
    sign_in_failure: () =>
      insertLocal(trx, 'sign_in_failure', { id: 'one', account: 'user 1', address: '10.0.0.7', at: now }),
    idempotency_key: () => insertLocal(trx, 'idempotency_key', { ...key, ...answer }),
    passcode: () => upsertLocal(trx, 'passcode', { order_id }, { cipher: 'sealed', created_at: now }),
    offer_shown: () => upsertLocal(trx, 'offer_shown', { pickup_id }, { final_offer_cents: 9_900, version: 1 }),
    import_run: () => upsertLocal(trx, 'import_run', { id: 'one' }, run),
    content_check: () =>
      insertLocal(trx, 'content_check', {
        id: 1,
        position: null,
        started_at: null,
        finished_at: now,
        entries: 1,
        rows: 1,
        findings: '[]',
      }),
    head_office: () => insertLocal(trx, 'head_office', { id: 1, incarnation: 'a name', address: null, sign_key: null }),
    enrolment_code: () =>
      insertLocal(trx, 'enrolment_code', {
        code_hash: 'a hash',
        store_id: 1,
        terminal: 'T2',
        name: 'Second counter',
        replaces: null,
        created_by: user_id,
        created_at: now,
        expires_at: now + 3_600_000,
        used_at: null,
        node_id: null,
      }),
    node_contact: () =>
      insertLocal(trx, 'node_contact', {
        node_id: 1,
        seen_at: now,
        version: '0.1.0',
        schema: 30,
        clock_offset: 0,
        waiting: 0,
        photos_waiting: 0,
        waiting_since: null,
        troubles: 0,
        troubles_there: 0,
        verdict: 'go',
        same_at: now,
        differs: 0,
      }),
    id_alias: () => insertLocal(trx, 'id_alias', { entity: 'brand', first_id: 1, last_id: 8, first_new_id: 4 }),
    archived_chain: () =>
      insertLocal(trx, 'archived_chain', { origin: -1, epoch: 1, seq: 0, chain: 'genesis', erased: '[]' }),
    upkeep: () => upsertLocal(trx, 'upkeep', { name: 'search user' }, { form: '1 1', after_id: null }),
  }
  for (const table of Object.keys(LOCAL_TABLES) as LocalTable[]) {
    const row = await trx.selectFrom(table).select('sum').limit(1).executeTakeFirst()
    if (!row) await writes[table]()
  }
}
