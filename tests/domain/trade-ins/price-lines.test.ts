import { expect, test } from 'vitest'
import { changeOf, type PriceLine, priceNow } from '../../../server/domain/trade-ins/price-lines.ts'

const line = (id: number, price_cents: number, valid_from: number | null, valid_until: number | null = null) =>
  ({ id, price_cents, valid_from, valid_until }) satisfies PriceLine

test('a price that is the same already changes nothing', () => {
  expect(changeOf([line(1, 500, null)], 500, 100)).toBeNull()
  expect(changeOf([], null, 100)).toBeNull()
  expect(changeOf([line(1, 500, null, 100)], 500, 100)).toMatchObject({ end: [], add: { valid_from: 100 } })
})

test('every line that stands ends, also one that lies under another', () => {
  const lines = [line(1, 500, null), line(2, 600, 50, 200), line(3, 700, 10, 90)]
  expect(changeOf(lines, 650, 100)).toEqual({
    end: [1, 2],
    remove: [],
    add: { price_cents: 650, valid_from: 100, valid_until: null },
  })
  expect(changeOf(lines, null, 100)).toEqual({ end: [1, 2], remove: [], add: null })
})

test('a plan is replaced by another for the same instant, and limits what is set before it', () => {
  const lines = [line(1, 500, null, 200), line(2, 600, 200)]
  expect(changeOf(lines, 700, 200)).toEqual({
    end: [],
    remove: [2],
    add: { price_cents: 700, valid_from: 200, valid_until: null },
  })
  expect(changeOf(lines, 550, 100)?.add).toEqual({ price_cents: 550, valid_from: 100, valid_until: 200 })
})

test('what is planned is the next change of what is paid, be it to nothing', () => {
  const lines = [line(1, 500, null, 300), line(2, 500, 200, 300), line(3, 600, 400)]
  expect(priceNow(lines, 100)).toEqual({ price_cents: 500, since: null, next: { price_cents: null, at: 300 } })
  expect(priceNow(lines, 350)).toEqual({ price_cents: null, since: null, next: { price_cents: 600, at: 400 } })
  expect(priceNow(lines, 400)).toEqual({ price_cents: 600, since: 400, next: null })
})
