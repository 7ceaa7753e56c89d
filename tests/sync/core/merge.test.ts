import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Conflict } from '../../../db/schema/conflict.ts'
import { erase, merge, needsHistory, restamp } from '../../../server/sync/core/merge.ts'
import { compareClocks } from '../../../server/domain/time/write-order.ts'
import { fold, finalOf, keyOf, seen, stampAt, type Table, TABLES, twoOrders } from './rows.ts'

const CLASSES = Object.keys(TABLES) as Table[]
const RUNS = { numRuns: 1_000 }

test.each(CLASSES)(
  'in any order, and however often, ops about a row of %s come to the same row, clocks and conflicts',
  (entity) => {
    fc.assert(
      fc.property(twoOrders(entity), ([, one, other]) => {
        expect(seen(fold(entity, one))).toEqual(seen(fold(entity, other)))
      }),
      RUNS,
    )
  },
)

test.each(CLASSES)(
  'a row of %s is what the last writer of each register said, and whoever was not known has a conflict',
  (entity) => {
    fc.assert(
      fc.property(twoOrders(entity), ([ops, order]) => {
        const { values, conflicts } = fold(entity, order)
        const lost = conflicts.map((conflict) => keyOf(conflict.register, conflict.lost.clock)).toSorted()
        expect({ values, lost }).toEqual(finalOf(entity, ops))
      }),
      RUNS,
    )
  },
)

test('without other ops at hand the same comes out wherever none are asked for', () => {
  fc.assert(
    fc.property(twoOrders('repair_order'), ([, order]) => {
      const frugal: typeof merge = (row, op, columns, known) =>
        merge(row, op, columns, needsHistory(row, op) ? known : [])
      expect(seen(fold('repair_order', order, frugal))).toEqual(seen(fold('repair_order', order)))
    }),
    RUNS,
  )
})

test('told that its own op was judged by an earlier clock, a node comes to what all others have', () => {
  const told = twoOrders('repair_order').chain(([ops, order]) =>
    fc.tuple(fc.constant(ops), fc.constant(order), fc.nat(ops.length - 1), fc.integer({ min: 1, max: 60_000 })),
  )
  fc.assert(
    fc.property(told, ([, order, index, ahead]) => {
      const judged = order.find(({ clock }) => clock.seq === index + 1)!
      const former = { ...judged.clock, stamp: stampAt(5_000 + ahead) }
      const wrong = order.map((op) => (op.clock.seq === judged.clock.seq ? { ...op, clock: former } : op))
      // Its own put it knows from the first.
      const [own, others] = [wrong.filter((op) => op.kind === 'put'), wrong.filter((op) => op.kind !== 'put')]
      const row = fold('repair_order', [...own, ...others])
      const known = order.filter(({ clock }) => clock.seq !== judged.clock.seq)
      expect(seen(restamp(row, judged, former, TABLES.repair_order, known).row)).toEqual(
        seen(fold('repair_order', order)),
      )
    }),
    RUNS,
  )
})

test('once a row was erased nothing is left of what had lost before, and what lost afterwards stays', () => {
  fc.assert(
    fc.property(twoOrders('repair_order'), fc.nat(16), ([, order], later) => {
      const row = fold('repair_order', order)
      const at = { stamp: stampAt(1_000 + later), origin: 0, epoch: 1, seq: 1 }
      const erased = erase(row, at)
      const isLater = ({ lost }: Conflict) => compareClocks(lost.clock, at) > 0
      expect(erased.conflicts).toEqual(row.conflicts.filter(isLater))
      expect(erase(erased, { ...at, stamp: stampAt(0) })).toEqual(erased)
    }),
  )
})
