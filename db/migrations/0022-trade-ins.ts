import { sql } from 'kysely'
import { type Builder, cents, flag, instant, int, json, nullable, primary, ref, synced, text } from './columns.ts'

/**
 * Buying devices in: the documents of money, which purchases begin (data-model.md 2); offers, what they rest on, sellers and
 * what they declared (6); questions and their answers (5); who may approve; what a unit was bought with and until when it is
 * held.
 */
export async function tradeIns(builder: Builder): Promise<void> {
  await documentsOfMoney(builder)
  await offersAndSellers(builder)
  await questions(builder)
  await newColumns(builder)
}

async function documentsOfMoney({ table, index }: Builder) {
  await table(
    'receipt',
    synced({
      number: text(),
      kind: text(),
      customer_id: nullable(ref('user')),
      cashier_id: ref('user'),
      started_at: instant(),
      total_cents: cents(),
      currency: text(),
      tax_mode: text(),
      original_id: nullable(ref('receipt')),
      approved_by: nullable(ref('user')),
      surface: text(),
      note: nullable(text()),
      request_key: nullable(text()),
    }),
  )
  await index('receipt', ['number'])
  await index('receipt', ['original_id'], 'original_id is not null')
  await index('receipt', ['request_key'], 'request_key is not null')
  await index('receipt', ['customer_id'], 'customer_id is not null')
  await table(
    'receipt_line',
    synced({
      receipt_id: ref('receipt'),
      position: int(),
      kind: text(),
      pickup_id: nullable(ref('pickup_request')),
      product_id: nullable(ref('product')),
      unit_id: nullable(ref('unit')),
      ticket_id: nullable(ref('repair_order')),
      web_order_id: nullable(ref('sales_order')),
      original_line_id: nullable(ref('receipt_line')),
      title: text(),
      qty: int(),
      unit_price_cents: cents(),
      list_price_cents: cents(),
      line_discount_cents: cents(),
      receipt_discount_cents: cents(),
      gross_cents: cents(),
      net_cents: cents(),
      tax_cents: cents(),
      rate_ppm: int(),
      scheme: text(),
      margin_tax_cents: nullable(cents()),
      cost_cents: nullable(cents()),
      reason: nullable(text()),
      goes_to: nullable(text()),
    }),
  )
  await index('receipt_line', ['receipt_id'])
  await index('receipt_line', ['original_line_id'], 'original_line_id is not null')
  await index('receipt_line', ['pickup_id'], 'pickup_id is not null')
  await index('receipt_line', ['unit_id'], 'unit_id is not null')
  await table(
    'leg',
    synced({
      receipt_id: ref('receipt'),
      method: text(),
      amount_cents: cents(),
      tendered_cents: nullable(cents()),
      change_cents: nullable(cents()),
      reference: nullable(text()),
      sales_payment_id: nullable(ref('sales_payment')),
      purchase_receipt_id: nullable(ref('receipt')),
    }),
  )
  await index('leg', ['receipt_id'])
  await table('leg_share', synced({ leg_id: ref('leg'), line_id: ref('receipt_line'), amount_cents: cents() }))
  await index('leg_share', ['leg_id'])
  await index('leg_share', ['line_id'])
  await table(
    'till_event',
    synced({
      kind: text(),
      user_id: ref('user'),
      document_id: nullable(int()),
      amount_cents: nullable(cents()),
      text: nullable(text()),
    }),
  )
  await index('till_event', ['document_id'], 'document_id is not null')
}

async function offersAndSellers({ table, index }: Builder) {
  await table(
    'offer',
    synced({
      pickup_id: ref('pickup_request'),
      version: int(),
      condition: text(),
      base_cents: nullable(cents()),
      source: text(),
      deductions: json(),
      price_cents: cents(),
      made_by: ref('user'),
      approved_by: nullable(ref('user')),
      reason: nullable(text()),
      photo_id: nullable(ref('photo')),
      valid_until: nullable(instant()),
    }),
  )
  await index('offer', ['pickup_id', 'version'])
  await index('offer', ['photo_id'], 'photo_id is not null')
  await table(
    'check_result',
    synced({
      device_id: ref('device'),
      kind: text(),
      result: text(),
      source: nullable(text()),
      reference: nullable(text()),
      at: instant(),
      by: nullable(ref('user')),
    }),
  )
  await index('check_result', ['device_id'])
  await table(
    'seller_identity',
    synced({
      customer_id: ref('user'),
      pickup_id: ref('pickup_request'),
      kind: text(),
      name: nullable(text()),
      document_kind: nullable(text()),
      number: nullable(text()),
      issuer: nullable(text()),
      valid_until: nullable(text()),
      born: nullable(text()),
      address: nullable(text()),
      photo_id: nullable(ref('photo')),
      retain_until: nullable(instant()),
      erased_at: nullable(instant()),
    }),
  )
  await index('seller_identity', ['pickup_id'])
  await index('seller_identity', ['customer_id'])
  await index('seller_identity', ['retain_until'], 'erased_at is null')
  await index('seller_identity', ['photo_id'], 'photo_id is not null')
  await table(
    'declaration',
    synced({
      receipt_id: ref('receipt'),
      words: nullable(text()),
      words_version: int(),
      signature: nullable(text()),
      photo_id: nullable(ref('photo')),
      language: text(),
      retain_until: nullable(instant()),
      erased_at: nullable(instant()),
    }),
  )
  await index('declaration', ['receipt_id'])
  await index('declaration', ['retain_until'], 'erased_at is null')
  await index('declaration', ['photo_id'], 'photo_id is not null')
  await table('hold_release', synced({ unit_id: ref('unit'), by: ref('user'), reason: text() }))
  await index('hold_release', ['unit_id'])
  await table('buy_in_draft', {
    id: primary(text()),
    pickup_id: nullable(ref('pickup_request')),
    order_id: nullable(ref('repair_order')),
    device: json(),
    answers: json(),
    offer: json(),
    photo_ids: json(),
    version: int(),
    updated_by: ref('user'),
    created_at: instant(),
    updated_at: instant(),
  })
  await index('buy_in_draft', ['pickup_id'], 'pickup_id is not null')
  await index('buy_in_draft', ['updated_at'])
}

async function questions({ table, index }: Builder) {
  await table('checklist', synced({ device_type_id: nullable(ref('device_type')), moment: text() }))
  await index('checklist', ['moment', 'device_type_id'], 'deleted_at is null')
  await table(
    'checklist_item',
    synced({
      checklist_id: ref('checklist'),
      position: int(),
      section: text(),
      part: nullable(text()),
      text: json(),
      answers: text(),
      must: flag(0),
      options: json(),
    }),
  )
  await index('checklist_item', ['checklist_id', 'position'], 'deleted_at is null')
  await table(
    'checklist_answer',
    synced({
      item_id: ref('checklist_item'),
      item_text: json(),
      pickup_id: nullable(ref('pickup_request')),
      order_id: nullable(ref('repair_order')),
      unit_id: nullable(ref('unit')),
      choice: text(),
      choice_text: nullable(json()),
      grade: nullable(text()),
      deduction: nullable(json()),
      user_id: ref('user'),
      photo_id: nullable(ref('photo')),
    }),
  )
  await index('checklist_answer', ['pickup_id'], 'pickup_id is not null')
  await index('checklist_answer', ['photo_id'], 'photo_id is not null')
  await table(
    'task_note',
    synced({
      kind: text(),
      about_entity: text(),
      about_id: int(),
      by: ref('user'),
      text: nullable(text()),
      facts_seen: text(),
    }),
  )
  await index('task_note', ['about_entity', 'about_id'])
}

async function newColumns(builder: Builder) {
  const { addColumn, index } = builder
  await addColumn('user', 'is_lead', nullable(int()))
  await addColumn('store', 'rules', nullable(json()))
  await addColumn('unit', 'device_id', nullable(ref('device')))
  await addColumn('unit', 'purchase_receipt_id', nullable(ref('receipt')))
  await addColumn('unit', 'hold_until', nullable(instant()))
  await index('unit', ['device_id'], 'device_id is not null')
  await index('unit', ['purchase_receipt_id'], 'purchase_receipt_id is not null')
  await index('unit', ['hold_until'], 'hold_until is not null')
  await addColumn('stock_movement', 'receipt_line_id', nullable(ref('receipt_line')))
  await addColumn('product', 'web', nullable(int()))
  await judgeWeb(builder)
  await addColumn('pickup_request', 'channel', nullable(text()))
  await addColumn('pickup_request', 'device_id', nullable(ref('device')))
  await addColumn('pickup_request', 'order_id', nullable(ref('repair_order')))
  await addColumn('pickup_request', 'answered_offer_cents', nullable(cents()))
  await addColumn('pickup_request', 'collected_at', nullable(instant()))
  await addColumn('pickup_request', 'answered_at', nullable(instant()))
  await addColumn('pickup_request', 'given_back_at', nullable(instant()))
  await index('pickup_request', ['device_id'], 'device_id is not null')
  await index('pickup_request', ['order_id'], 'order_id is not null')
  await addColumn('offer_shown', 'version', nullable(int()))
}

/** The indexes that products are walked in judge every filter; whether the web shop shows a product is one more. */
async function judgeWeb({ query }: Builder) {
  const again = async (name: string, columns: string[], where: string) => {
    await query.schema.dropIndex(name).execute()
    await query.schema
      .createIndex(name)
      .on('product')
      .columns(columns)
      .where(sql<boolean>`${sql.raw(where)}`)
      .execute()
  }
  const live = 'deleted_at is null'
  const judged = ['condition', 'price_cents', 'city_keys', 'web', 'deleted_at']
  await again('product_walk', ['id', 'category_id', 'brand_id', ...judged], live)
  await again('product_category', ['category_id', 'id', 'brand_id', ...judged], live)
  await again('product_brand', ['brand_id', 'id', 'category_id', ...judged], live)
  const reduced = `${live} and price_cents < original_price_cents`
  await again('product_deals', ['discount_tenths desc', 'id', 'price_cents', 'web'], reduced)
}
