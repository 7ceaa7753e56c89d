import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { rowsById } from '../../../db/queries/alike.ts'
import { REFERENCES } from '../../../db/schema/references.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { namesOf } from '../queries/row-names.ts'
import { THING_OF } from '../queries/things.ts'
import { isDeep } from '../../domain/deep.ts'
import { FIRST_MS, LAST_MS } from '../../domain/time/instant.ts'
import { peopleById } from '../../shop/people/users.ts'
import {
  type About,
  type By,
  type SCREENS,
  TOLD_COLUMNS,
  type ToldColumn,
  type Value,
  VALUE_WORDS,
} from './told.contract.ts'

/** Says of rows of any table what people call them, and of their values what they are. */

export type Fields = Readonly<Record<string, unknown>>
type ScreenKind = (typeof SCREENS)[number]
type ToldAbout = z.output<typeof About>
export type ToldValue = z.output<typeof Value>

/** Tables of a newer program are `other`. */
const isKnown = (entity: string): entity is SyncedTable => Object.hasOwn(THING_OF, entity)

const SCREEN_OF: Partial<Record<SyncedTable, ScreenKind>> = {
  repair_order: 'ticket',
  user: 'customer',
  device: 'device',
  pickup_request: 'trade-in',
  sales_order: 'web-order',
}

/** A row without a screen is shown where that is which it belongs to: the first of these columns that leads to one. */
const BELONGS_TO = [
  'order_id', 'ticket_id', 'pickup_id', 'intake_id', 'payment_id', 'receipt_id', 'device_id', 'unit_id', 'customer_id',
  'user_id', 'product_id', 'checklist_id',
] as const // oxfmt-ignore
/** From a leg by its receipt to its customer: no row is farther from its screen. */
const MOST_STEPS = 3

const MOMENTS = new Set<string>([
  'completed_at', 'picked_up_at', 'estimated_completion_date', 'paid_at', 'valid_from', 'valid_until', 'scheduled_at',
  'revoked_at', 'deleted_at',
]) // oxfmt-ignore
const FLAGS = new Set<string>(['is_staff', 'is_lead', 'is_active', 'must', 'nothing_with_it'])
/** These hold lists and objects, as JSON. */
const WRITTEN_AS_JSON = new Set<string>(['highlights', 'shipping_address'])
/** The columns that hold words of the program, by `table column`. */
const WORDS_OF = new Map<string, keyof typeof VALUE_WORDS>([
  ['user role', 'role'],
  ['store tax_mode', 'taxMode'],
  ['payment payment_method', 'method'],
  ['sales_order payment_method', 'method'],
  ['repair_order status', 'repairStatus'],
  ['payment status', 'paymentStatus'],
  ['sales_order status', 'webOrderStatus'],
  ['pickup_request status', 'tradeInStatus'],
])

/** Whether a calendar has this moment (ms): a terminal may say any number. */
const isInstant = (ms: number) => ms >= FIRST_MS && ms <= LAST_MS

export type Teller = ReturnType<typeof openTeller>

/**
 * Looks each row up once. `said` are rows that are not here and that something which waits puts, by `entity id`: they have names
 * though no screens.
 */
export function openTeller(db: Db, said: ReadonlyMap<string, Fields> = new Map()) {
  const rows = new Map<string, Promise<Fields | null>>()
  const here = async (entity: SyncedTable, id: number): Promise<Fields | null> => {
    // What waits may name anything: PostgreSQL refuses a number that is no id.
    if (!Number.isSafeInteger(id)) return null
    const name = `${entity} ${id}`
    const row = rows.get(name) ?? rowsById(db, entity, [id]).then(([found]) => found?.values ?? null)
    rows.set(name, row)
    return await row
  }
  const valuesOf = async (entity: SyncedTable, id: number) =>
    (await here(entity, id)) ?? said.get(`${entity} ${id}`) ?? null

  const nameOf = async (entity: SyncedTable, id: number): Promise<string | null> => {
    const values = await valuesOf(entity, id)
    return values && ((await namesOf(db, entity, [{ id, values }])).get(id) ?? null)
  }

  /** The row itself, or what it belongs to, where that has a screen. */
  const shownBy = async (entity: SyncedTable, id: number, steps = 0): Promise<[SyncedTable, number] | null> => {
    const values = await valuesOf(entity, id)
    if (!values) return null
    if (SCREEN_OF[entity]) return [entity, id]
    if (steps === MOST_STEPS) return null
    const references: Partial<Record<string, SyncedTable>> = REFERENCES[entity]
    for (const column of BELONGS_TO) {
      const [table, other] = [references[column], values[column]]
      const found = table && typeof other === 'number' ? await shownBy(table, other, steps + 1) : null
      if (found) return found
    }
    return null
  }

  const screenOf = async (entity: SyncedTable, id: number): Promise<ToldAbout['screen']> => {
    const values = await here(entity, id)
    if (!values || values['deleted_at'] !== null) return null
    // Who works here has no page as a customer.
    if (entity === 'user' && (values['role'] !== 'customer' || values['is_staff'] === 1)) return null
    return { kind: SCREEN_OF[entity]!, id }
  }

  return {
    /** What a row is about. */
    about: async (entity: string, id: number): Promise<ToldAbout> => {
      if (!isKnown(entity)) return { thing: 'other', name: null, screen: null }
      const shown = await shownBy(entity, id)
      const [table, of] = shown ?? [entity, id]
      return {
        thing: THING_OF[entity],
        name: (await nameOf(table, of)) ?? (await nameOf(entity, id)),
        screen: shown && (await screenOf(table, of)),
      }
    },
    nameOf: (entity: string, id: number): Promise<string | null> =>
      isKnown(entity) ? nameOf(entity, id) : Promise.resolve(null),
    /** What a column holds: of a reference what it leads to is called. */
    value: async (entity: string, column: ToldColumn, value: unknown): Promise<ToldValue> => {
      const references: Partial<Record<string, SyncedTable>> = isKnown(entity) ? REFERENCES[entity] : {}
      const table = references[column]
      if (value === null || value === undefined) return { kind: 'text', text: null, number: null }
      if (typeof value === 'string') return textOf(entity, column, value)
      if (typeof value !== 'number') return { kind: 'text', text: isDeep(value) ? '…' : JSON.stringify(value), number: null } // oxfmt-ignore
      if (table) {
        const name = await nameOf(table, value)
        return name === null
          ? { kind: 'unknown', text: `#${value}`, number: null }
          : { kind: 'text', text: name, number: null }
      }
      const kind = numberKindOf(column)
      return Number.isSafeInteger(value) && (kind !== 'moment' || isInstant(value))
        ? { kind, text: null, number: value }
        : { kind: 'text', text: String(value), number: null }
    },
  }
}

function numberKindOf(column: ToldColumn): 'cents' | 'tenths' | 'moment' | 'flag' | 'number' {
  if (column.endsWith('_cents')) return 'cents'
  if (column.endsWith('_tenths')) return 'tenths'
  return MOMENTS.has(column) ? 'moment' : FLAGS.has(column) ? 'flag' : 'number'
}

function textOf(entity: string, column: ToldColumn, text: string): ToldValue {
  const words = WORDS_OF.get(`${entity} ${column}`)
  if (words && VALUE_WORDS[words].some((word) => word === text)) return { kind: words, text, number: null }
  return { kind: 'text', text: WRITTEN_AS_JSON.has(column) ? plainly(text) : text, number: null }
}

/** What stands in a list or an object, one after the other; what is none of either stays as it is. */
function plainly(text: string): string {
  try {
    const written: unknown = JSON.parse(text)
    return isDeep(written) ? text : partsOf(written).join(', ')
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

const partsOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(partsOf)
    : value === null || value === ''
      ? []
      : [typeof value === 'string' ? value : JSON.stringify(value)]

/** Those of these columns that are told, in their order. */
export const toldOf = (columns: readonly string[]): ToldColumn[] =>
  TOLD_COLUMNS.filter((column) => columns.includes(column))

export type Written = { actor: number | null; node: number; at: number | null }
type ToldBy = z.output<typeof By>

/** Who wrote each of these, where and when. */
export async function tellBy(db: Db, written: readonly Written[]): Promise<ToldBy[]> {
  const people = await peopleById(db, [...new Set(written.flatMap(({ actor }) => actor ?? []))])
  const ids = [...new Set(written.map(({ node }) => node))]
  const nodes =
    ids.length === 0
      ? []
      : await db
          .selectFrom('node')
          .innerJoin('store', 'store.id', 'node.store_id')
          .select(['node.id', 'node.terminal', 'store.code', 'store.name'])
          .where('node.id', 'in', ids)
          .execute()
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return written.map(({ actor, node, at }) => {
    const place = byId.get(node)
    return {
      person: actor === null ? null : (people.get(actor)?.full_name ?? null),
      terminal: place ? `${place.code}-${place.terminal}` : null,
      store: place?.name ?? null,
      at: at !== null && isInstant(at) ? at : null,
    }
  })
}
