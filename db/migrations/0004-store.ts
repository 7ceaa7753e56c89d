import { sql } from 'kysely'
import { type Builder, cents, flag, instant, int, json, nullable, ref, searchTable, synced, text } from './columns.ts'

const LIVE = 'deleted_at is null'

/** The store: its catalogue and stock, carts and sales with their payments, trade-ins, and the photos of both. */
export async function store(builder: Builder): Promise<void> {
  await catalogue(builder)
  await stock(builder)
  await sales(builder)
  await cards(builder)
  await tradeIns(builder)
  await searchTable(builder, 'product')
}

async function catalogue({ table, index, addColumn, query }: Builder) {
  await addColumn('brand', 'starter', nullable(int()))
  await table(
    'category',
    synced({ slug: text(), name: text(), name_key: text(), shown_as: text(), icon: nullable(text()) }),
  )
  await index('category', ['slug'])
  await index('category', ['name_key'])
  await table('location', synced({ slug: text(), name: text(), code: text(), hub_name: text() }))
  await index('location', ['slug'])
  await table('photo', synced({ sha256: text(), width: int(), height: int(), bytes: int() }))
  await index('photo', ['sha256'])
  await table(
    'product',
    synced({
      category_id: ref('category'),
      brand_id: ref('brand'),
      location_id: nullable(ref('location')),
      model: text(),
      name: text(),
      condition: text(),
      price_cents: cents(),
      original_price_cents: cents(),
      discount_tenths: int(),
      rating_hundredths: int(),
      reviews: int(),
      photo_id: nullable(ref('photo')),
      image: nullable(text()),
      highlights: json(),
      cities: json(),
      city_keys: text(),
      serialised: flag(0),
      source_key: nullable(text()),
      description: nullable(text()), // Last, for it may be long: SQLite passes over what stands before a column.
    }),
  )
  const named = (name: string, columns: string[], where: string) =>
    query.schema
      .createIndex(name)
      .on('product')
      .columns(columns)
      .where(sql<boolean>`${sql.raw(where)}`)
      .execute()
  // Each walks products in id order and judges every filter without reading their rows; SQLite looks at deleted_at again.
  const judged = ['condition', 'price_cents', 'city_keys', 'deleted_at']
  await named('product_walk', ['id', 'category_id', 'brand_id', ...judged], LIVE)
  await named('product_category', ['category_id', 'id', 'brand_id', ...judged], LIVE)
  await named('product_brand', ['brand_id', 'id', 'category_id', ...judged], LIVE)
  await named('product_deals', ['discount_tenths desc', 'id'], `${LIVE} and price_cents < original_price_cents`)
  await index('product', ['city_keys'], LIVE)
  await index('product', ['location_id'])
  await index('product', ['photo_id'], 'photo_id is not null')
  await index('product', ['source_key'], 'source_key is not null')
  await index('product', ['deleted_at'], 'deleted_at is not null')
}

async function stock({ table, index }: Builder) {
  await table(
    'unit',
    synced({
      product_id: ref('product'),
      serial_number: nullable(text()),
      serial_key: nullable(text()),
      condition: text(),
      cost_cents: nullable(cents()),
      origin: text(),
      note: nullable(text()),
    }),
  )
  await index('unit', ['product_id', 'id'], LIVE)
  await index('unit', ['serial_key'], 'serial_key is not null')
  await table(
    'sales_order',
    synced({
      user_id: ref('user'),
      status: text(),
      subtotal_cents: cents(),
      tax_cents: cents(),
      shipping_fee_cents: cents(),
      total_cents: cents(),
      currency: text(),
      payment_method: text(),
      notes: nullable(text()),
      shipping_address: nullable(json()),
      expires_at: nullable(instant()),
      cancel_reason: nullable(text()),
    }),
  )
  await index('sales_order', ['user_id', 'id'], LIVE)
  await index('sales_order', ['status', 'id'], LIVE)
  await index('sales_order', ['expires_at'], `${LIVE} and expires_at is not null and status = 'pending'`)
  await index('sales_order', ['deleted_at'], 'deleted_at is not null')
  await table(
    'sales_line',
    synced({
      order_id: ref('sales_order'),
      product_id: ref('product'),
      title: text(),
      unit_price_cents: cents(),
      qty: int(),
      line_total_cents: cents(),
      from_cart: int(),
    }),
  )
  await index('sales_line', ['order_id', 'id'])
  await index('sales_line', ['product_id'])
  await table(
    'stock_movement',
    synced({
      product_id: ref('product'),
      unit_id: nullable(ref('unit')),
      order_id: nullable(ref('sales_order')),
      quantity: int(),
      kind: text(),
      note: nullable(text()),
      actor_id: nullable(ref('user')),
    }),
  )
  await index('stock_movement', ['product_id', 'quantity'])
  await index('stock_movement', ['unit_id', 'quantity'], 'unit_id is not null')
  await index('stock_movement', ['order_id'], 'order_id is not null')
}

async function sales({ table, index }: Builder) {
  await table('cart', synced({ user_id: ref('user') }))
  await index('cart', ['user_id'], LIVE)
  await table('cart_item', synced({ cart_id: ref('cart'), product_id: ref('product'), qty: int() }))
  await index('cart_item', ['cart_id', 'id'], LIVE)
  await index('cart_item', ['product_id'])
  await table(
    'address',
    synced({
      user_id: ref('user'),
      full_name: text(),
      phone_number: text(),
      address_line1: text(),
      address_line2: nullable(text()),
      city: text(),
      state: text(),
      postal_code: text(),
      country: text(),
      is_default: flag(0),
    }),
  )
  await index('address', ['user_id', 'id'], LIVE)
}

async function cards({ table, index }: Builder) {
  await table(
    'sales_payment',
    synced({
      order_id: ref('sales_order'),
      method: text(),
      amount_cents: cents(),
      currency: text(),
      status: text(),
      intent_id: nullable(text()),
      intent_key: nullable(text()),
      refund_due: flag(0),
      trouble: nullable(text()),
      checked_at: nullable(instant()),
    }),
  )
  await index('sales_payment', ['order_id', 'id'])
  await index('sales_payment', ['intent_id'], 'intent_id is not null')
  await index('sales_payment', ['status', 'checked_at'])
  await index('sales_payment', ['refund_due'], 'refund_due = 1')
  await table(
    'sales_payment_entry',
    synced({
      payment_id: ref('sales_payment'),
      order_id: ref('sales_order'),
      amount_cents: cents(),
      kind: text(),
      reference: nullable(text()),
      actor_id: nullable(ref('user')),
    }),
  )
  await index('sales_payment_entry', ['payment_id'])
  await index('sales_payment_entry', ['order_id'])
  await table(
    'refund',
    synced({
      order_id: ref('sales_order'),
      payment_id: ref('sales_payment'),
      amount_cents: cents(),
      reason: nullable(text()),
      status: text(),
      failure: nullable(text()),
      restocks: flag(0),
      refund_id: nullable(text()),
      request_key: text(),
      checked_at: nullable(instant()),
      actor_id: nullable(ref('user')),
    }),
  )
  await index('refund', ['order_id', 'id'])
  await index('refund', ['payment_id'])
  await index('refund', ['refund_id'], 'refund_id is not null')
  await index('refund', ['status'])
  await table('refund_line', synced({ refund_id: ref('refund'), product_id: ref('product'), qty: int() }))
  await index('refund_line', ['refund_id'])
  await index('refund_line', ['product_id'])
  await table(
    'dispute',
    synced({
      order_id: ref('sales_order'),
      payment_id: ref('sales_payment'),
      dispute_id: text(),
      amount_cents: cents(),
      reason: nullable(text()),
      status: text(),
      evidence_due_at: nullable(instant()),
      checked_at: nullable(instant()),
    }),
  )
  await index('dispute', ['order_id'])
  await index('dispute', ['status'])
  await index('dispute', ['payment_id'])
  await index('dispute', ['dispute_id'])
  await table(
    'stripe_event',
    synced({
      event_id: text(),
      type: text(),
      object_id: nullable(text()),
      happened_at: instant(),
      order_id: nullable(ref('sales_order')),
      outcome: text(),
      payload: json(),
    }),
  )
  await index('stripe_event', ['event_id'])
  await index('stripe_event', ['object_id', 'happened_at'], 'object_id is not null')
  await index('stripe_event', ['happened_at'])
  await index('stripe_event', ['outcome'], "outcome = 'to-ask'")
  await index('stripe_event', ['order_id'], 'order_id is not null')
}

async function tradeIns({ table, index }: Builder) {
  await table(
    'pickup_request',
    synced({
      user_id: ref('user'),
      brand_id: ref('brand'),
      model_text: text(),
      storage: nullable(text()),
      condition: text(),
      additional_info: nullable(text()),
      address: nullable(json()),
      scheduled_at: nullable(instant()),
      deposit_amount_cents: nullable(cents()),
      status: text(),
      notes: nullable(text()),
      estimated_price_cents: nullable(cents()),
    }),
  )
  await index('pickup_request', ['user_id', 'id'], LIVE)
  await index('pickup_request', ['brand_id'])
  await index('pickup_request', ['status', 'id'], LIVE)
  await index('pickup_request', ['deleted_at'], 'deleted_at is not null')
  await table('pickup_photo', synced({ pickup_id: ref('pickup_request'), photo_id: ref('photo'), position: int() }))
  await index('pickup_photo', ['pickup_id', 'position'])
  await index('pickup_photo', ['photo_id'])
  await table(
    'evaluation',
    synced({
      pickup_id: ref('pickup_request'),
      tester_id: ref('user'),
      final_offer_cents: cents(),
      notes: nullable(text()),
      evaluation_cost_cents: nullable(cents()),
      diagnostics: nullable(json()),
      parts_replaced: nullable(json()),
    }),
  )
  await index('evaluation', ['pickup_id'])
  await table(
    'trade_in_price',
    synced({
      brand_id: ref('brand'),
      model: text(),
      model_key: text(),
      storage: nullable(text()),
      storage_key: text(),
      condition: text(),
      price_cents: cents(),
      valid_from: nullable(instant()),
      valid_until: nullable(instant()),
    }),
  )
  await index('trade_in_price', ['brand_id', 'model_key', 'condition'], LIVE)
  await table(
    'trade_in_deduction',
    synced({
      name: text(),
      name_key: text(),
      amount_cents: nullable(cents()),
      percent_tenths: nullable(int()),
      valid_from: nullable(instant()),
      valid_until: nullable(instant()),
    }),
  )
  await index('trade_in_deduction', ['name_key'])
}
