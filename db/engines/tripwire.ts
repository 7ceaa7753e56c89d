import type { Kysely } from 'kysely'
import { type Schema, SYNCED_TABLES } from '../schema/schema.ts'
import { execute, executeNoResult } from './direct.ts'
import type { Engine } from './engine.ts'

/**
 * Finds writes past the journal, in tests, and where FIXPOINT_TRIPWIRE=1 asks for it: what `db/rows.ts` does not write
 * reaches no journal and no other node, and nothing on this machine misses it. PostgreSQL has none: the same code runs on
 * both engines, and SQLite shows what is wrong in it. It looks at rows, not at columns: a change past the journal of a row that has an
 * entry in the same transaction is not seen.
 */

/**
 * The same SQLite engine, which ends a transaction with an Error that names the row where it changed one of a synced table
 * and neither appended an entry about it nor applied it. Triggers note each row that changes and strike it out with its entry. They and the notes
 * belong to the writing connection and lie in memory: the file holds nothing of them. Migrations come before.
 */
export async function withTripwire(engine: Engine): Promise<Engine> {
  await engine.transaction(stretch)
  return {
    ...engine,
    transaction: (run, act) =>
      engine.transaction(async (query) => {
        const result = await run(query)
        await refusePastJournal(query, act)
        return result
      }, act),
  }
}

async function stretch(query: Kysely<Schema>) {
  for (const statement of [NOTES, STRIKE_OUT, STRIKE_OUT_ARRIVED]) await executeNoResult(query, statement, [])
  const tables = await namesIn(query, `select name from main.sqlite_schema where type = 'table'`)
  // Where a table is missing, the checks of the file say so.
  for (const table of SYNCED_TABLES.filter((name) => tables.includes(name))) {
    await executeNoResult(query, noting(table, 'insert', 'new'), [])
    await executeNoResult(query, noting(table, 'update', 'new'), [])
    await executeNoResult(query, noting(table, 'delete', 'old'), [])
  }
}

const noting = (table: string, event: 'insert' | 'update' | 'delete', row: 'new' | 'old') => `
  create temp trigger "${table}_${event}" after ${event} on main."${table}" begin
    insert or ignore into past_journal values ('${table}', ${row}.id);
  end`

const NOTES = `
  create temp table past_journal (entity text, row_id integer, primary key (entity, row_id)) without rowid`

/** Entries are appended when the rows are written: the last thing before the commit. */
const STRIKE_OUT = `
  create temp trigger journal_insert after insert on main.journal begin
    delete from past_journal where entity = new.entity and row_id = new.row_id;
  end`

/** What `db/applied.ts` wrote has no entry of this machine's own. */
const STRIKE_OUT_ARRIVED = `
  create temp trigger arrival_insert after insert on main.arrival begin
    delete from past_journal where exists (
      select 1 from json_each(new.rows, '$.' || past_journal.entity) where value = past_journal.row_id);
  end`

async function namesIn(query: Kysely<Schema>, text: string): Promise<string[]> {
  return (await execute<{ name: string }>(query, text, [])).map(({ name }) => name)
}

async function refusePastJournal(query: Kysely<Schema>, act = 'A transaction of no act') {
  const text = 'select entity, row_id from past_journal limit 1'
  const [row] = await execute<{ entity: string; row_id: number }>(query, text, [])
  if (row) throw new Error(`${act} changed ${row.entity} ${row.row_id} past the journal: write it by db/rows.ts`)
}
