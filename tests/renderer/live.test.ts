import { expect, test } from 'vitest'
import { SYNCED_TABLES } from '../../db/schema/schema.ts'
import { QUERIES_BY_TABLE } from '../../renderer/live.ts'

/** Rows that no screen of the counter shows by themselves: those that name them are written with them. */
const ON_NO_SCREEN = [
  'address',
  'category',
  'checklist_answer',
  'declaration',
  'intake_problem',
  'leg',
  'leg_share',
  'location',
  'receipt_line',
  'refund_line',
  'sales_line',
  'seller_identity',
  'till_event',
]

test('a change of any table that a screen shows has its screens asked again', () => {
  expect(SYNCED_TABLES.filter((table) => !QUERIES_BY_TABLE[table]).toSorted()).toEqual(ON_NO_SCREEN)
})

test.each(['repair_order', 'user', 'device', 'device_type', 'brand', 'model', 'problem', 'assignment', 'payment'])(
  'lists of repairs, which name it, follow a change of %s',
  (table) => {
    expect(QUERIES_BY_TABLE[table]).toEqual(expect.arrayContaining(['repairs', 'board', 'home']))
  },
)
