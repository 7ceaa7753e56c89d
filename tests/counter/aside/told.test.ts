import { expect, test } from 'vitest'
import { SYNCED_TABLES } from '../../../db/schema/schema.ts'
import { isFact, SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import { toldOf } from '../../../server/counter/aside/told.ts'
import { isRestorable } from '../../../server/sync/waiting/conflicts.ts'

/** What is looked up by, and what follows from the other columns of its register. */
const isDerived = (column: string) => column.endsWith('_key') || column === 'phone_shared_at'

test('each column that a lost value is written into again is shown beside what holds', () => {
  const restorable = SYNCED_TABLES.flatMap((entity) => {
    const rules = SYNC_RULES[entity]
    if (isFact(entity) || !('alone' in rules)) return []
    const registers: (readonly string[])[] = [...(rules.together ?? []), ...rules.alone.map((column) => [column])]
    return registers
      .filter(([register]) => isRestorable({ entity, register: register! }))
      .flatMap((columns) => columns.filter((column) => !isDerived(column)).map((column) => ({ entity, column })))
  })
  expect(restorable).toContainEqual({ entity: 'sales_order', column: 'shipping_address' })
  expect(restorable.filter(({ column }) => toldOf([column]).length === 0)).toEqual([])
})
