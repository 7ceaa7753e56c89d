import { searchWords } from '../../../db/search/search-words.ts'
import { looksLikeCardNumber } from '../../domain/text/card-number.ts'
import type { OrderStatus } from '../../domain/repair-status.ts'
import { faultOfText, type Source } from './source.ts'

/** The Open Repair Data Standard, v0.3: https://standard.openrepair.org */

export type OrdsRow = {
  key: string
  category: string
  brand: string
  status: OrderStatus
  /** ms. */
  at: number
  note: string | null
  /** What the search index holds of the device and of the note. */
  words: { device: string; note: string }
}

/** What a model is called where the data names none. */
export const NO_MODEL = 'Unspecified'

const STATUS = new Map<string, OrderStatus>([
  ['Fixed', 'Completed'],
  ['Repairable', 'Repairing'],
  ['End of life', 'Cancelled'],
  ['Unknown', 'Pending'],
])

const COLUMNS = ['id', 'product_category', 'brand', 'repair_status', 'event_date', 'problem'] as const

export const ords: Source<OrdsRow> = {
  kind: 'ords',
  columns: COLUMNS,
  named: ['id', 'product_category', 'brand'],
  read: (cell) => {
    const id = cell('id')
    const category = cell('product_category')
    const status = STATUS.get(cell('repair_status'))
    const at = dayOf(cell('event_date'))
    const note = cell('problem')
    if (id === '') return 'there is no id'
    if (category === '') return 'there is no product_category'
    if (!status) return `repair_status '${cell('repair_status')}' is none of ${[...STATUS.keys()].join(', ')}`
    if (at === null) return `event_date '${cell('event_date')}' is no date like 2024-05-31`
    const brand = cell('brand') || 'Unknown'
    const fault = [id, category, brand].some(({ length }) => length > 200)
      ? 'id, product_category or brand is longer than 200 characters'
      : faultOfText(note + id + category + brand)
    if (fault) return fault
    if ([note, id, category, brand].some(looksLikeCardNumber)) return 'the text holds a card number'
    return {
      key: `ords:${id}`,
      category,
      brand,
      status,
      at,
      note: note || null,
      words: { device: deviceWords(brand), note: searchWords(note) },
    }
  },
}

/** The start of a day, UTC, in ms. */
function dayOf(written: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(written)) return null
  const at = Date.parse(`${written}T00:00:00Z`)
  return Number.isNaN(at) || new Date(at).getUTCDate() !== Number(written.slice(8)) ? null : at
}

const known = new Map<string, string>()

function deviceWords(brand: string): string {
  let words = known.get(brand)
  if (words === undefined) {
    if (known.size > 10_000) known.clear()
    known.set(brand, (words = searchWords(brand)))
  }
  return words
}
