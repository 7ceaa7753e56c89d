import { expect, test } from 'vitest'
import {
  type Cell,
  draftAt,
  EMPTY,
  pricesOf,
  readPrice,
  rowId,
  tally,
  withCells,
  withoutSaved,
  withRows,
} from '../../../renderer/features/trade-ins/prices/cells.ts'
import { importTable, pasteAt, tableOf } from '../../../renderer/features/trade-ins/prices/paste.ts'
import { blockOf, only, placeAfter, placesIn } from '../../../renderer/features/trade-ins/prices/selection.ts'
import { newRow } from '../../../renderer/features/trade-ins/prices/use-sheet.ts'

const named = { brand_id: 1, brand_name: 'Apple', model: 'iPhone 13', storage: '128GB' }
const stored = newRow(named)
stored.prices.A = { price_cents: 24_000, since: null, next: null }
const id = rowId(named)
const rows = new Map([[id, stored]])
const cell = (price: Cell['price'], grade: Cell['grade'] = 'A'): Cell => ({ row: id, grade, price })

test('what is typed as a price is read with its signs, and what is none stays as it was typed', () => {
  const read = (text: string) => readPrice(text, 'en-GB')
  expect(['240', '240.5', '£240.50', '240,50 €', 'GBP 240', ' 1,240.00 '].map(read)).toEqual([
    24_000, 24_050, 24_050, 24_050, 24_000, 124_000,
  ])
  expect(['', '-', '–'].map(read)).toEqual([null, null, null])
  expect(['5O', 'soon', '=1+1', '-5', '1e5', '12.345', '123456789'].map(read)).toEqual([
    '5O',
    'soon',
    '=1+1',
    '-5',
    '1e5',
    '12.345',
    '123456789',
  ])
})

test('a cell that is as it is stored is no draft, and one that is no price is not saved', () => {
  const draft = withCells(EMPTY, [cell(25_000), cell('5O', 'B'), cell(null, 'C')], rows)
  expect(tally(draft)).toMatchObject({ changed: 1, bad: [{ price: '5O' }] })
  expect(pricesOf(draft, rows)).toEqual([{ brand_id: 1, model: 'iPhone 13', storage: '128GB', prices: { A: 25_000 } }])
  expect(tally(withCells(draft, [cell(24_000)], rows)).changed).toBe(0)
  expect(draftAt(withoutSaved(draft, draft), id, 'B')?.price).toBe('5O')
  const meanwhile = withCells(draft, [cell(26_000)], rows)
  expect(draftAt(withoutSaved(meanwhile, draft), id, 'A')?.price).toBe(26_000)
})

test('a row is added once, however it is written, and stays until its prices are saved', () => {
  const fresh = { ...named, model: 'Pixel 9', storage: null }
  const draft = withRows(EMPTY, [fresh, { ...fresh, model: 'PIXEL 9' }, { ...named, model: 'iphone 13' }], rows)
  expect(draft.added).toEqual([fresh])
  const priced = withCells(draft, [{ row: rowId(fresh), grade: 'A', price: 'x' }], rows)
  expect(withoutSaved(priced, priced).added).toEqual([fresh])
  expect(withoutSaved(draft, draft).added).toEqual([])
})

test('a block that is pasted leaves out what lies beyond the sheet, and leaves what its gaps lie over', () => {
  const pasted = pasteAt('1\t2\n\t3\r\nx\n', { row: 1, column: 3 }, ['r0', 'r1', 'r2'], 'en-GB')
  expect(pasted).toEqual({
    cells: [
      { row: 'r1', grade: 'D', price: 100 },
      { row: 'r1', grade: 'E', price: 200 },
      { row: 'r2', grade: 'E', price: 300 },
    ],
    beyond: 1,
  })
  expect(pasteAt('1\t2', { row: 0, column: 4 }, ['r0'], 'en-GB').beyond).toBe(1)
})

test('a table is read by the names of its columns, in any order, and by its line what is wrong is said', () => {
  const table = tableOf('E\tModel\tBRAND\n5\tiPhone 13\tapple\n5\t\tApple\n5\tX\tNone\n')
  expect(importTable(table, [{ id: 1, name: 'Apple' }], 'en-GB')).toEqual({
    rows: [{ ...named, storage: null }],
    cells: [{ row: rowId({ ...named, storage: null }), grade: 'E', price: 500 }],
    faults: [
      { line: 3, fault: 'noModel', text: 'Apple' },
      { line: 4, fault: 'unknownBrand', text: 'None' },
    ],
  })
  expect(importTable(tableOf('brand,price\nApple,5'), [], 'en-GB')).toBeNull()
})

test('five thousand rows are pasted and read at once, with words and gaps among them', () => {
  const count = 5_000
  const lines = Array.from({ length: count }, (_, n) => (n % 10 === 0 ? 'sold out\t' : `${n}\t${n}.50`))
  const rows = Array.from({ length: count }, (_, n) => `r${n}`)
  const { cells, beyond } = pasteAt(lines.join('\n'), { row: 0, column: 0 }, rows, 'en-GB')
  expect([cells.length, beyond]).toEqual([2 * count - count / 10, 0])
  expect(cells.filter(({ price }) => typeof price === 'string')).toHaveLength(count / 10)
  const named = lines.map((line, n) => `Apple\tModel ${n}\t${line}`)
  const read = importTable(tableOf(['Brand\tModel\tA\tB', ...named].join('\n')), [{ id: 1, name: 'Apple' }], 'en-GB')!
  expect(read.rows).toHaveLength(count)
  expect(read.faults).toHaveLength(0)
})

test('keys stay in the sheet, and with Ctrl go all the way', () => {
  const at = { row: 3, column: 2 }
  const to = (key: string, ctrl = false) => placeAfter(key, at, 10, ctrl)
  expect([to('ArrowDown'), to('ArrowLeft'), to('PageDown'), to('x')]).toEqual([
    { row: 4, column: 2 },
    { row: 3, column: 1 },
    { row: 9, column: 2 },
    null,
  ])
  expect([to('ArrowUp', true), to('Home', true), to('End', true), to('End')]).toEqual([
    { row: 0, column: 2 },
    { row: 0, column: 0 },
    { row: 9, column: 4 },
    { row: 3, column: 4 },
  ])
  const block = blockOf({ anchor: { row: 4, column: 1 }, at: { row: 3, column: 2 } })
  expect(placesIn(block)).toEqual([
    { row: 3, column: 1 },
    { row: 3, column: 2 },
    { row: 4, column: 1 },
    { row: 4, column: 2 },
  ])
  expect(placesIn(blockOf(only(at)))).toEqual([at])
})
