import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isDivided, OF_THE_MACHINE } from '../../db/schema/reach-rules.ts'
import { LOCAL_TABLES, type Schema, SYNCED_TABLES } from '../../db/schema/schema.ts'
import { SYNC_RULES } from '../../db/schema/sync-rules.ts'

/** How rows are divided by store at head office, table by table. */

const ofTheMachine: ReadonlySet<string> = new Set(OF_THE_MACHINE)

test('each table is divided by store, of the whole organisation, or of the machine', () => {
  for (const table of SYNCED_TABLES)
    expect([table, isDivided(table)]).toEqual([table, SYNC_RULES[table].class !== 'org'])
  for (const table of Object.keys(LOCAL_TABLES) as (keyof Schema)[])
    expect([table, isDivided(table)]).toEqual([table, !ofTheMachine.has(table)])
  for (const table of ['repair_due', 'user_sort'] as const) expect(isDivided(table)).toBe(true)
})

/**
 * SQL that is written out is not divided by itself (`db/reach.ts`). In the surfaces and the shop it reads rows only beside a row of the
 * query around it, which was divided; whoever writes more of it asks what it may show, and adds it here.
 */
const BESIDE_A_ROW: Readonly<Record<string, string>> = {
  'server/counter/queries/repair-filter.ts': 'of a repair of the query',
  'server/counter/repairs/repair-walks.ts': 'of a repair of the query',
  'server/counter/repairs/sorted-repairs.ts': 'of a repair of the query',
  'server/counter/repairs/named-in-order.ts': 'whether a model has a device: it names models, which are shared',
  'server/shop/people/unconfirmed.ts': 'of the account and repairs that a customer asks for',
  'server/shop/stock/shelf.ts': 'movements of a unit of the query, in the store of who asks',
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Whether a file writes out SQL that selects from a divided table. */
function writesOut(text: string): boolean {
  const divided = SYNCED_TABLES.filter(isDivided).join('|')
  return new RegExp(`(?:from|join)\\s+"?(?:${divided})"?[\\s)]`).test(text.replaceAll(/^\s*(?:\*|\/\/).*$/gm, ''))
}

test('SQL that is written out reads rows of stores nowhere but where it was looked at', () => {
  const files = ['server/v1', 'server/api', 'server/counter', 'server/shop'].flatMap(filesIn)
  const found = files.filter((file) => writesOut(readFileSync(file, 'utf8')))
  expect(found.toSorted()).toEqual(Object.keys(BESIDE_A_ROW).toSorted())
})

test('a list that is written out is found', () => {
  expect(writesOut('sql`select note from repair_order where true`')).toBe(true)
  expect(writesOut('sql`select 1 from "user" other`')).toBe(true)
  expect(writesOut('sql`select 1 from brand `')).toBe(false)
})
