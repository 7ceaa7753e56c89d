import { productText } from '../../../db/search/product-words.ts'
import { searchWords } from '../../../db/search/search-words.ts'
import { looksLikeCardNumber } from '../../domain/text/card-number.ts'
import { cityKeys, MAX_CITY_KEYS } from '../../domain/cities.ts'
import { type Grade, GRADES, GRADE_WORDS } from '../../domain/grade.ts'
import { MAX_CENTS, parseMoney } from '../../domain/money/money.ts'
import { productKey } from '../../shop/stock/product-key.ts'
import { faultOfText, type Source } from './source.ts'

/** A product of the file; what is null was left empty. */
export type ProductRow = {
  /** Brand, model, name and condition. */
  key: string
  category: string
  brand: string
  model: string
  name: string
  condition: Grade
  price_cents: number
  original_price_cents: number | null
  stock: number | null
  location: string | null
  cities: string[] | null
  image: string | null
  highlights: string[] | null
  /** What the search index holds. */
  words: string
}

const REQUIRED_COLUMNS = ['category', 'brand', 'model', 'name', 'condition', 'price'] as const
const MAX_QUANTITY = 1_000_000

export const products: Source<ProductRow> = {
  kind: 'products',
  columns: [...REQUIRED_COLUMNS, 'original_price', 'stock', 'location', 'city_availability', 'image', 'highlights'],
  named: ['category', 'brand', 'model', 'name', 'location'],
  read: (cell) => {
    const missing = REQUIRED_COLUMNS.find((column) => cell(column) === '')
    if (missing) return `there is no ${missing}`
    const { condition, ...numbers } = { condition: gradeOf(cell('condition')), ...numbersOf(cell) }
    if (!condition)
      return `condition '${cell('condition')}' is none of ${Object.entries(GRADE_WORDS).flat().join(', ')}`
    const wrong = Object.values(numbers).find((number) => typeof number === 'string')
    if (typeof wrong === 'string') return wrong
    const texts = textsOf(cell)
    const fault = faultOf(cell, texts)
    if (fault) return fault
    const { brand, model, name } = texts
    return {
      ...texts,
      ...(numbers as Pick<ProductRow, 'price_cents' | 'original_price_cents' | 'stock'>), // No text among them any more.
      condition,
      key: productKey(brand, model, name, condition),
      words: searchWords(productText(texts)),
    }
  },
}

type Cell = (column: string) => string

const gradeOf = (written: string): Grade | undefined =>
  GRADES.find((grade) => [grade, GRADE_WORDS[grade]].some((word) => plain(word) === plain(written)))

/** `Like-new`, `like new`. */
const plain = (word: string) => word.toLowerCase().replaceAll(/[\s-]+/g, ' ')

/** The numbers of a row; a text says what is wrong with one. */
function numbersOf(cell: Cell) {
  return {
    price_cents: priceOf(cell, 'price'),
    original_price_cents: cell('original_price') === '' ? null : priceOf(cell, 'original_price'),
    stock: stockOf(cell('stock')),
  }
}

function priceOf(cell: Cell, column: string): number | string {
  // Behind a comma that stands for the point; two figures there are no group of thousands.
  const cents = parseMoney(cell(column).replace(/^(\d+),(\d{2})$/, '$1.$2'))
  if (typeof cents !== 'number') return `${column} '${cell(column)}' is no amount like 899.99`
  if (cents < 0 || cents > MAX_CENTS) return `${column} '${cell(column)}' is not between 0 and 99999999.99`
  return cents
}

function stockOf(written: string): number | string | null {
  if (written === '') return null
  return /^\d{1,7}$/.test(written) && Number(written) <= MAX_QUANTITY
    ? Number(written)
    : `stock '${written}' is no number from 0 to ${MAX_QUANTITY}`
}

const textsOf = (cell: Cell) => ({
  category: cell('category'),
  brand: cell('brand'),
  model: cell('model'),
  name: cell('name'),
  location: cell('location') || null,
  image: cell('image') || null,
  cities: listOf(cell('city_availability')),
  highlights: listOf(cell('highlights')),
})

function listOf(written: string): string[] | null {
  if (written === '') return null
  return written
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function faultOf(cell: Cell, { cities, highlights, image }: ReturnType<typeof textsOf>): string | null {
  const short = ['category', 'brand', 'model', 'name', 'location'].find((column) => cell(column).length > 200)
  if (short) return `${short} is longer than 200 characters`
  if (image && (image.length > 2_000 || !/^(https?:\/\/|\/)\S+$/i.test(image)))
    return 'image is neither an http address nor a path'
  if (new TextEncoder().encode(cityKeys(cities ?? [])).length > MAX_CITY_KEYS)
    return `city_availability is longer than ${MAX_CITY_KEYS} bytes`
  if ((highlights ?? []).length > 50 || (highlights ?? []).some(({ length }) => length > 200))
    return 'highlights are more than 50, or one is longer than 200 characters'
  const all = ['category', 'brand', 'model', 'name', 'location', 'city_availability', 'highlights'].map(cell)
  if (all.some(looksLikeCardNumber)) return 'the text holds a card number'
  return faultOfText(all.join('') + (image ?? ''))
}
