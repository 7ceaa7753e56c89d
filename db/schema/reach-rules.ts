import type { Schema, SyncedTable } from './schema.ts'
import { SYNC_RULES } from './sync-rules.ts'

/**
 * Which rows somebody sees at head office who works at one store: those that a terminal of that store has. These are the rows of the
 * store, what the organisation shares, and what rows of the store lean on though it is of another one (`share`: a customer who is
 * known at two stores, a device that was in both). Until head office has put what it wrote itself into the streams, `share` does not
 * say so yet; therefore the references that matter are asked too.
 */

type SeenBy = (store: number, row: string) => string

/** The rows of other stores that a store's rows lean on, asked of those rows themselves. */
const LEANT_ON: { readonly [T in SyncedTable]?: SeenBy } = {
  user: (store, row) =>
    anyOf(
      [
        ['repair_order', 'customer_id'],
        ['sales_order', 'user_id'],
        ['pickup_request', 'user_id'],
        ['device', 'owner_id'],
      ],
      store,
      row,
    ),
  device: (store, row) => anyOf([['repair_order', 'device_id']], store, row),
  // Pictures of what is sold are everybody's.
  photo: (store, row) =>
    `exists (select 1 from product where product.photo_id = ${row}.id) or ${anyOf(
      [
        ['ticket_photo', 'photo_id'],
        ['pickup_photo', 'photo_id'],
      ],
      store,
      row,
    )}`,
}

const anyOf = (columns: readonly (readonly [table: SyncedTable, column: string])[], store: number, row: string) =>
  columns
    .map(
      ([table, column]) =>
        `exists (select 1 from "${table}" leaning where leaning."${column}" = ${row}.id and leaning.store_id = ${store})`,
    )
    .join(' or ')

/** What of a synced table is seen; null for all of it. Who works is known to everybody, by whom things were done. */
function ofSynced(table: SyncedTable, store: number, row: string): string | null {
  const { class: kind } = SYNC_RULES[table]
  if (kind === 'org') return null
  const shared = `exists (select 1 from share where share.entity = '${table}' and share.row_id = ${row}.id
    and share.stream in ('store:${store}', 'org'))`
  const works = kind === 'person' ? [`${row}.is_staff = 1`, `${row}.role <> 'customer'`] : []
  const leantOn = LEANT_ON[table]?.(store, row)
  return `(${[`${row}.store_id = ${store}`, ...works, shared, ...(leantOn ? [leantOn] : [])].join(' or ')})`
}

/** Whether the row that a column names is seen. */
const seen = (table: SyncedTable, column: string, store: number) =>
  `exists (select 1 from "${table}" seen where seen.id = ${column} and ${ofSynced(table, store, 'seen')})`

/**
 * Tables that are not synced and speak of rows that are. A draft of an evaluation is of the store of its request or ticket, or of who
 * went on with it last.
 */
const OF_ROWS = {
  repair_due: (store, row) => seen('repair_order', `${row}.order_id`, store),
  user_sort: (store, row) => seen('user', `${row}.user_id`, store),
  passcode: (store, row) => seen('repair_order', `${row}.order_id`, store),
  offer_shown: (store, row) => seen('pickup_request', `${row}.pickup_id`, store),
  claim_code: (store, row) => seen('user', `${row}.user_id`, store),
  buy_in_draft: (store, row) => `(case
    when ${row}.pickup_id is not null then ${seen('pickup_request', `${row}.pickup_id`, store)}
    when ${row}.order_id is not null then ${seen('repair_order', `${row}.order_id`, store)}
    else exists (select 1 from "user" by_whom where by_whom.id = ${row}.updated_by and by_whom.works_at = ${store}) end)`,
} satisfies { readonly [T in keyof Schema]?: SeenBy }

/** Tables of the machine itself. What of them is told to people is their own, or told to the organisation alone. */
export const OF_THE_MACHINE = [
  'self', 'journal', 'journal_shape', 'journal_row', 'journal_packing', 'field_clock', 'arrival', 'origin_head', 'stream_head',
  'cursor', 'cursor_past', 'feed', 'share', 'held', 'quarantine', 'parked', 'conflict', 'suspect', 'heard', 'erased', 'head_office',
  'enrolment_code', 'node_contact', 'credential', 'session', 'sign_in_failure', 'idempotency_key', 'counter', 'import_run',
  'content_check', 'upkeep', 'search_pending', 'cart', 'cart_item', 'stripe_event', 'photo_need', 'id_alias',
  'archived_chain',
] as const satisfies readonly (keyof Schema)[] // oxfmt-ignore

/**
 * The condition under which a row of a table is seen by who works at `store`; null where every one is. `row` is how the query calls
 * the table. Other names (of a query's own `with`) are no tables, and are made of what was divided already.
 */
export function seenBy(table: keyof Schema, store: number, row: string = `"${table}"`): string | null {
  if (Object.hasOwn(SYNC_RULES, table)) return ofSynced(table as SyncedTable, store, row)
  return (OF_ROWS as { readonly [T in keyof Schema]?: SeenBy })[table]?.(store, row) ?? null
}

/** A table that is in none of the lists is none of these, and does not compile. */
type Placed = SyncedTable | keyof typeof OF_ROWS | (typeof OF_THE_MACHINE)[number]
true satisfies Exclude<keyof Schema, Placed> extends never ? true : never

/** Whether the rows of a table are divided. */
export const isDivided = (table: keyof Schema): boolean => seenBy(table, 1) !== null
