import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownOnce } from '../../server/domain/shown-once.ts'

const row = fc.record({ order_id: fc.nat(1), photo_id: fc.nat(2), position: fc.nat(2), created_at: fc.nat(2) })
const rows = fc.array(row, { maxLength: 9 }).map((all) => all.map((one, id) => ({ id, ...one })))

test('each pair is shown once, as it was first, in one order whatever order the rows came in', () => {
  fc.assert(
    fc.property(
      rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([one, other]) => {
        const shown = shownOnce(one, ['order_id', 'photo_id'])
        expect(shownOnce(other, ['order_id', 'photo_id'])).toEqual(shown)
        const pairs = shown.map(({ order_id, photo_id }) => `${order_id} ${photo_id}`)
        expect(new Set(pairs).size).toBe(pairs.length)
        expect(pairs.toSorted()).toEqual(
          [...new Set(one.map(({ order_id, photo_id }) => `${order_id} ${photo_id}`))].toSorted(),
        )
      },
    ),
  )
})

test('rows go by position, then by when they came, then by id', () => {
  const list = [
    { id: 1, created_at: 5, position: 1, photo_id: 1 },
    { id: 4, created_at: 1, position: 0, photo_id: 2 },
    { id: 2, created_at: 9, position: 0, photo_id: 2 },
    { id: 3, created_at: 1, position: 0, photo_id: 3 },
  ]
  expect(shownOnce(list, ['photo_id']).map(({ id }) => id)).toEqual([3, 4, 1])
})
