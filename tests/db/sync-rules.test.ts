import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import type { Database } from '../../db/database.ts'
import { QUERY } from '../../db/handle.ts'
import { patch, remove } from '../../db/rows.ts'
import { REFERENCES } from '../../db/schema/references.ts'
import { SYNCED_TABLES } from '../../db/schema/schema.ts'
import { SYNC_RULES } from '../../db/schema/sync-rules.ts'
import { addUser } from '../../server/shop/people/users.ts'
import { journalOf } from '../support/journal.ts'
import { openShop } from '../support/shop.ts'

const EVERY_ROW = ['id', 'store_id', 'created_at', 'updated_at', 'deleted_at']
const by = { actor: null, device: null, act: 'test' }

test('each synced table states its class, and each of its columns is in exactly one register', async () => {
  await using shop = await openShop()
  const tables = await shop.database.db[QUERY].introspection.getTables()
  const columnsOf = (table: { columns: { name: string }[] }) => table.columns.map(({ name }) => name)
  const synced = tables.filter((table) => EVERY_ROW.every((name) => columnsOf(table).includes(name)))
  expect(synced.map(({ name }) => name).toSorted()).toEqual([...SYNCED_TABLES].toSorted())
  for (const table of synced) {
    const rules = SYNC_RULES[table.name as (typeof SYNCED_TABLES)[number]]
    if (!('alone' in rules)) continue
    const said = [...(rules.together ?? []).flat(), ...rules.alone].toSorted()
    const own = columnsOf(table).filter((name) => !EVERY_ROW.includes(name))
    expect(said, table.name).toEqual(own.toSorted())
  }
})

/** The foreign keys of synced tables, as the database has them. */
async function foreignKeys({ engine, db }: Database) {
  const all =
    engine === 'sqlite'
      ? sql`select s.name as "from", f."from" as "column", f."table" as "to" from sqlite_schema s, pragma_foreign_key_list(s.name) f`
      : sql`select conrelid::regclass::text as "from", attname as "column", confrelid::regclass::text as "to"
          from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1] where contype = 'f'`
  const { rows } = await sql<{ from: string; column: string; to: string }>`${all}`.execute(db[QUERY])
  const keys = rows.map(({ from, column, to }) => ({
    from: from.replaceAll('"', ''),
    column,
    to: to.replaceAll('"', ''),
  }))
  return keys.filter(({ from }) => SYNCED_TABLES.some((name) => name === from))
}

test('tables stand behind those that their rows refer to', async () => {
  await using shop = await openShop()
  const keys = await foreignKeys(shop.database)
  expect(keys.length).toBeGreaterThan(50)
  const place = (table: string) => SYNCED_TABLES.findIndex((name) => name === table)
  const early = keys.filter(({ from, to }) => place(to) > place(from))
  expect(early.filter(({ from }) => from !== 'node')).toEqual([])
})

test('each column that refers to another row is said to, and no other', async () => {
  await using shop = await openShop()
  const said = Object.entries(REFERENCES).flatMap(([from, columns]) =>
    Object.entries(columns).map(([column, to]) => `${from}.${column} → ${to}`),
  )
  const keys = await foreignKeys(shop.database)
  expect(said.toSorted()).toEqual(keys.map(({ from, column, to }) => `${from}.${column} → ${to}`).toSorted())
})

test('who writes one column of a register says all of it in the journal, changed or not, and of others nothing', async () => {
  await using shop = await openShop()
  const { database } = shop
  const id = await database.write(by, (trx) =>
    addUser(trx, { full_name: 'Anna', email: 'anna@example.com', role: 'customer', is_staff: false }),
  )
  const change = (changes: Parameters<typeof patch<'user'>>[3]) =>
    database.write(by, (trx) => patch(trx, 'user', id, changes))
  await change({ is_staff: true, full_name: 'Anna' })
  expect(await change({ role: 'customer', email_key: 'anna@example.com' })).toBe(false)
  await change({ email_key: 'other', full_name: 'Anne' })
  const bodies = (await journalOf(database))
    .filter(({ kind }) => kind === 'patch')
    .map(({ before, after }) => [before, after].map((body): unknown => JSON.parse(body!)))
  expect(bodies).toEqual([
    [
      { role: 'customer', is_staff: 0, is_lead: null, works_at: null },
      { role: 'customer', is_staff: 1, is_lead: null, works_at: null },
    ],
    [
      { email: 'anna@example.com', email_key: 'anna@example.com', full_name: 'Anna' },
      { email: 'anna@example.com', email_key: 'other', full_name: 'Anne' },
    ],
  ])
})

test('who changes a row that is deleted says in the journal that it is, and the row stays hidden', async () => {
  await using shop = await openShop()
  const { database } = shop
  const person = { full_name: 'Anna', role: 'customer', is_staff: false } as const
  const id = await database.write(by, (trx) => addUser(trx, person))
  await database.write(by, (trx) => remove(trx, 'user', id))
  await database.write(by, (trx) => patch(trx, 'user', id, { full_name: 'Erased' }))
  const { before, after } = (await journalOf(database)).findLast(({ kind }) => kind === 'patch')!
  const { deleted_at } = await database.db
    .selectFrom('user')
    .select('deleted_at')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(deleted_at).not.toBe(null)
  expect(JSON.parse(before!)).toEqual({ full_name: 'Anna', deleted_at })
  expect(JSON.parse(after!)).toEqual({ full_name: 'Erased', deleted_at })
  expect((await checkContent(database)).findings).toEqual([])
})
