import { type Builder, cents, flag, instant, int, json, nullable, primary, ref, synced, text } from './columns.ts'

const LIVE = 'deleted_at is null'
const OPEN = `${LIVE} and status in ('Pending', 'Repairing')`

/** The shop, its people, devices, repairs and money; the journal; what stays on this machine. */
export async function foundation({ table, index }: Builder): Promise<void> {
  await table(
    'store',
    synced({
      code: text(),
      name: text(),
      currency: text(),
      time_zone: text(),
      tax_mode: text(),
      tax_rate: int(),
      phone: nullable(text()),
      address: nullable(text()),
      set_up_at: nullable(instant()),
    }),
  )
  await table(
    'node',
    synced({
      name: text(),
      terminal: text(),
      is_self: flag(0),
      epoch: int(),
      seq: int(),
      chain: text(),
      hlc: nullable(text()),
    }),
  )
  await table(
    'user',
    synced({
      full_name: text(),
      phone: nullable(text()),
      phone_key: nullable(text()),
      email: nullable(text()),
      email_key: nullable(text()),
      profile_picture: nullable(text()),
      role: text(),
      is_staff: flag(0),
      is_active: flag(1),
      source_key: nullable(text()),
    }),
  )
  await index('user', ['phone_key'], 'phone_key is not null')
  await index('user', ['email_key'], 'email_key is not null')
  await index('user', ['source_key'], 'source_key is not null')
  await index('user', ['role', 'is_staff'], `(is_staff = 1 or role <> 'customer')`)

  for (const name of ['device_type', 'brand', 'problem']) {
    await table(name, synced({ name: text(), name_key: text(), description: nullable(text()) }))
    await index(name, ['name_key'])
  }
  await table(
    'model',
    synced({ brand_id: ref('brand'), device_type_id: ref('device_type'), name: text(), name_key: text() }),
  )
  await index('model', ['brand_id', 'device_type_id', 'name_key'])
  await index('model', ['name_key'])

  await table(
    'device',
    synced({
      brand_id: ref('brand'),
      model_id: ref('model'),
      device_type_id: ref('device_type'),
      serial_number: nullable(text()),
      serial_key: nullable(text()),
      owner_id: nullable(ref('user')),
      notes: nullable(text()),
      source_key: nullable(text()),
    }),
  )
  await index('device', ['owner_id', 'id'], LIVE)
  await index('device', ['serial_key'], 'serial_key is not null')
  await index('device', ['source_key'], 'source_key is not null')

  await table(
    'repair_order',
    synced({
      ticket_number: text(),
      opened_by: nullable(ref('user')),
      device_id: ref('device'),
      customer_id: ref('user'),
      problem_id: nullable(ref('problem')),
      cost_cents: cents(),
      discount_cents: cents(),
      note: nullable(text()),
      status: text(),
      estimated_completion_date: nullable(instant()),
      completed_at: nullable(instant()),
      source_key: nullable(text()),
    }),
  )
  await index('repair_order', ['status', 'id'], LIVE)
  await index('repair_order', ['customer_id', 'id'], LIVE)
  await index('repair_order', ['device_id', 'id'], LIVE)
  await index('repair_order', ['ticket_number'])
  await index('repair_order', ['status', 'estimated_completion_date'], OPEN)
  await index('repair_order', ['customer_id', 'status'], OPEN)
  await index(
    'repair_order',
    ['customer_id', 'cost_cents', 'discount_cents'],
    `${LIVE} and cost_cents > discount_cents`,
  )
  await index('repair_order', ['completed_at'], `${LIVE} and completed_at is not null`)
  await index('repair_order', ['source_key'], 'source_key is not null')

  await table(
    'intake',
    synced({
      order_id: ref('repair_order'),
      problem_ids: json(),
      accessories: json(),
      condition: json(),
      terms_accepted: flag(0),
      signature: nullable(text()),
    }),
  )
  await index('intake', ['order_id'])
  await table('assignment', synced({ order_id: ref('repair_order'), user_id: ref('user'), assigned_at: instant() }))
  await index('assignment', ['order_id'], LIVE)
  await index('assignment', ['user_id', 'id'], LIVE)
  await index('assignment', ['user_id', 'order_id'], LIVE)

  await table(
    'payment',
    synced({
      order_id: ref('repair_order'),
      due_amount_cents: cents(),
      status: text(),
      payment_method: nullable(text()),
      transaction_id: nullable(text()),
      receipt_number: nullable(text()),
      paid_at: instant(),
    }),
  )
  await index('payment', ['order_id', 'id'], LIVE)
  await index('payment', ['status', 'id'], LIVE)
  await index('payment', ['receipt_number'], 'receipt_number is not null')
  await table(
    'payment_entry',
    synced({
      payment_id: ref('payment'),
      order_id: ref('repair_order'),
      amount_cents: cents(),
      kind: text(),
      actor_id: nullable(ref('user')),
    }),
  )
  await index('payment_entry', ['payment_id'])
  await index('payment_entry', ['order_id'])
  await table(
    'order_event',
    synced({
      order_id: ref('repair_order'),
      kind: text(),
      actor_id: nullable(ref('user')),
      text: nullable(text()),
      from_value: nullable(text()),
      to_value: nullable(text()),
    }),
  )
  await index('order_event', ['order_id', 'id'])
  await index('order_event', ['created_at'], `to_value = 'Cancelled'`)

  await table(
    'journal',
    {
      origin: int(),
      epoch: int(),
      seq: int(),
      tx: int(),
      hlc: text(),
      schema: int(),
      at: instant(),
      actor: nullable(int()),
      device: nullable(text()),
      act: text(),
      entity: text(),
      row_id: int(),
      kind: text(),
      before: nullable(text()),
      after: nullable(text()),
      salt: nullable(text()),
      digest: text(),
      chain: text(),
    },
    ['origin', 'epoch', 'seq'],
    { clustered: true },
  )

  // What was removed is counted apart, so that a whole table is counted at once.
  for (const name of ['user', 'device', 'repair_order', 'assignment', 'payment'])
    await index(name, ['deleted_at'], 'deleted_at is not null')

  await localTables({ table, index })
}

async function localTables({ table, index }: Pick<Builder, 'table' | 'index'>) {
  await table('credential', {
    user_id: primary(ref('user')),
    password_hash: nullable(text()),
    pin_hash: nullable(text()),
    updated_at: instant(),
  })
  await table('session', {
    id: primary(text()),
    user_id: ref('user'),
    surface: text(),
    token_hash: nullable(text()),
    device: nullable(text()),
    created_at: instant(),
    expires_at: instant(),
    locked_at: nullable(instant()),
    ended_at: nullable(instant()),
  })
  await index('session', ['token_hash'], 'token_hash is not null')
  await index('session', ['user_id'])
  await index('session', ['expires_at'])
  await table('claim_code', {
    code_hash: primary(text()),
    user_id: ref('user'),
    expires_at: instant(),
    used_at: nullable(instant()),
  })
  await index('claim_code', ['user_id'])
  await table('sign_in_failure', { id: primary(text()), account: text(), address: text(), at: instant() })
  await index('sign_in_failure', ['address', 'account', 'at'])
  await index('sign_in_failure', ['at'])
  await table(
    'idempotency_key',
    {
      user_id: int(),
      method: text(),
      path: text(),
      key: text(),
      fingerprint: text(),
      status: nullable(int()),
      headers: nullable(text()),
      body: nullable(text()),
      created_at: instant(),
    },
    ['user_id', 'method', 'path', 'key'],
  )
  await index('idempotency_key', ['created_at'])
  await table('passcode', { order_id: primary(ref('repair_order')), cipher: text(), created_at: instant() })
  await table('counter', { name: primary(text()), n: int(), label: nullable(text()) })
  await table('import_run', {
    id: primary(text()),
    kind: text(),
    file: text(),
    line: int(),
    accepted: int(),
    rejected: int(),
    updated_at: instant(),
  })
}
