import { rebasedId } from '../fleet/id-alias.ts'
import { REFERENCES } from '../schema/references.ts'
import {
  LOCAL_TABLES,
  MINTED_LOCAL_TABLES,
  type LocalTable,
  type MintedLocalTable,
  SYNCED_TABLES,
  type SyncedTable,
} from '../schema/schema.ts'
import type { OldRow } from './old-shop.ts'

/**
 * Says of each row of a shop that joins with its history which ids it has from then on: of columns that refer, of words that hold an
 * id, and of the tables of this machine alone.
 */

type Entity = SyncedTable | MintedLocalTable

/** Rows that are head office's from now on, by table: old id → its id there. */
export type Mapped = ReadonlyMap<SyncedTable, ReadonlyMap<number, number>>

/** What an id is from now on. */
export type IdOf = (entity: Entity, old: number) => number

/** Ids of node 0 become `node`'s, but for the rows that are mapped. */
export const openIds =
  (node: number, mapped: Mapped): IdOf =>
  (entity, old) =>
    mapped.get(entity as SyncedTable)?.get(old) ?? rebasedId(node, old)

/** Words of a synced table that hold an id beside the columns of `REFERENCES`; each gives back the row with the new one. */
const IN_WORDS: Partial<Record<SyncedTable, (row: OldRow, idOf: IdOf) => OldRow>> = {
  order_event: (row, idOf) =>
    PURCHASES.has(String(row['kind'])) && row['to_value'] !== null
      ? { ...row, to_value: String(idOf('pickup_request', Number(row['to_value']))) }
      : row,
  checklist_item: (row, idOf) => {
    const options = JSON.parse(String(row['options'])) as { deduction_id: number | null }[] // As `questions.ts` writes them.
    const renamed = options.map((option) => ({ ...option, deduction_id: renamedIn(idOf, 'trade_in_deduction', option.deduction_id) }))
    return { ...row, options: JSON.stringify(renamed) }
  },
  task_note: (row, idOf) => {
    const entity = SYNCED_TABLES.find((table) => table === row['about_entity'])
    if (!entity) return row
    const other = PAIRS.has(String(row['kind'])) ? String(idOf(entity, Number(row['facts_seen']))) : row['facts_seen']!
    return { ...row, about_id: idOf(entity, Number(row['about_id'])), facts_seen: other }
  },
} // oxfmt-ignore

/** Events whose `to_value` is the request that a device was bought by. */
const PURCHASES: ReadonlySet<string> = new Set(['bought', 'given-back'])
/** Notes about two rows: `facts_seen` is the other one. */
const PAIRS: ReadonlySet<string> = new Set(['same-thing', 'other-thing'])

const renamedIn = (idOf: IdOf, entity: Entity, old: number | null) => (old === null ? null : idOf(entity, old))

/** A row of a synced table as it is from now on, its id too. */
export function rebasedRow(table: SyncedTable, row: OldRow, idOf: IdOf): OldRow {
  const inWords = IN_WORDS[table]?.(row, idOf) ?? row
  return { ...renamedColumns(inWords, REFERENCES[table], idOf), id: idOf(table, Number(row['id'])) }
}

function renamedColumns(row: OldRow, columns: Readonly<Record<string, Entity>>, idOf: IdOf): OldRow {
  const renamed = { ...row }
  for (const [column, entity] of Object.entries(columns))
    if (renamed[column] != null) renamed[column] = idOf(entity, Number(renamed[column]))
  return renamed
}

/**
 * What becomes of the tables of this machine alone: columns that hold ids, and of what. `null`: it stays behind. Sessions end, since
 * people sign in anew; the rest is of the database that was.
 */
export const OWN_REFERENCES: { readonly [T in LocalTable]: Readonly<Record<string, Entity>> | null } = {
  cart: { user_id: 'user' },
  cart_item: { cart_id: 'cart', product_id: 'product' },
  stripe_event: { order_id: 'sales_order' },
  buy_in_draft: { pickup_id: 'pickup_request', order_id: 'repair_order', updated_by: 'user' },
  credential: { user_id: 'user' },
  session: null,
  claim_code: { user_id: 'user' },
  sign_in_failure: {},
  idempotency_key: { user_id: 'user' },
  passcode: { order_id: 'repair_order' },
  offer_shown: { pickup_id: 'pickup_request' },
  import_run: {},
  content_check: null,
  upkeep: null,
  head_office: null,
  enrolment_code: null,
  node_contact: null,
  id_alias: null,
  archived_chain: null,
}

/** The tables whose rows come along, those first that others refer to. */
export const BROUGHT_OWN_TABLES = (Object.keys(LOCAL_TABLES) as LocalTable[]).filter(
  (table) => OWN_REFERENCES[table] !== null,
)

/** A row of a table of this machine alone as it is from now on, without its sum. */
export function rebasedOwnRow(table: LocalTable, { sum: _, ...row }: OldRow, idOf: IdOf): OldRow {
  const renamed = renamedColumns(row, OWN_REFERENCES[table] ?? {}, idOf)
  if (isMinted(table)) renamed['id'] = idOf(table, Number(row['id']))
  if (table === 'buy_in_draft') return rebasedDraft(renamed, idOf)
  return table === 'idempotency_key' && isCutOff(renamed) ? { ...renamed, body: null } : renamed
}

/**
 * A key whose answer was lost has the id that was left, and not of what (`spendKey`): it would be another row's now. Whoever asks again
 * hears that it was done.
 */
const isCutOff = ({ status }: OldRow) => status !== null && Number(status) <= 0

const isMinted = (table: LocalTable): table is MintedLocalTable =>
  MINTED_LOCAL_TABLES.some((minted) => minted === table)

type Draft = {
  device: { device_id: number | null; device_type_id: number | null }
  answers: { item_id: number; photo_id: number | null }[]
  offer: { photo_id: number | null } | null
}

/** As `server/shop/trade-ins/drafts.ts` writes it. */
function rebasedDraft(row: OldRow, idOf: IdOf): OldRow {
  const read = <T>(column: string) => JSON.parse(String(row[column])) as T
  const device = read<Partial<Draft['device']>>('device')
  const renamed = (entity: Entity, old: number | null | undefined) => renamedIn(idOf, entity, old ?? null)
  if (device.device_id != null) device.device_id = renamed('device', device.device_id)
  if (device.device_type_id != null) device.device_type_id = renamed('device_type', device.device_type_id)
  const answers = read<Draft['answers']>('answers').map((answer) => ({
    ...answer,
    item_id: idOf('checklist_item', answer.item_id),
    photo_id: renamed('photo', answer.photo_id),
  }))
  const offer = read<Draft['offer']>('offer')
  const photo_ids = read<number[]>('photo_ids').map((id) => idOf('photo', id))
  return {
    ...row,
    device: JSON.stringify(device),
    answers: JSON.stringify(answers),
    offer: JSON.stringify(offer && { ...offer, photo_id: renamed('photo', offer.photo_id) }),
    photo_ids: JSON.stringify(photo_ids),
  }
}
