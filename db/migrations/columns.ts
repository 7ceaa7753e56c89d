import { type ColumnDefinitionBuilder, CompiledQuery, type Kysely, sql } from 'kysely'
import type { EngineName, Trx } from '../handle.ts'

/**
 * Column helpers that mean the same on both engines: every number is INTEGER in a STRICT table on SQLite and BIGINT on
 * PostgreSQL, bytes are BLOB and BYTEA, everything else is text.
 */

type Column = {
  type: 'int' | 'text' | 'bytes'
  nullable?: boolean
  references?: string
  default?: number | string
  primary?: boolean
}

export const int = (): Column => ({ type: 'int' })
export const text = (): Column => ({ type: 'text' })
export const bytes = (): Column => ({ type: 'bytes' })
/** Minor units of the currency; the name ends in `_cents`. */
export const cents = int
/** ms since 1970, UTC. */
export const instant = int
/** 0 or 1. */
export const flag = (value: 0 | 1): Column => ({ type: 'int', default: value })
export const json = text
/** The id of a row of another table; follows it when enrolment rebases ids. */
export const ref = (table: string): Column => ({ type: 'int', references: table })
export const nullable = (column: Column): Column => ({ ...column, nullable: true })
export const primary = (column: Column): Column => ({ ...column, primary: true })

export type Columns = Record<string, Column>

/** The columns of a synced table: its own, between its id and what every synced table carries. */
export const synced = (columns: Columns): Columns => ({
  id: primary(int()),
  store_id: int(),
  ...columns,
  created_at: instant(),
  updated_at: instant(),
  deleted_at: nullable(instant()),
})

/** What a migration builds with. */
export type Builder = {
  engine: EngineName
  query: Kysely<unknown>
  /** Moves rows, and tells the journal; null in a new database, which has none. */
  trx: Trx | null
  /** `clustered` keeps the rows in the order of `key`, without a second tree: for what is only ever appended. */
  table(name: string, columns: Columns, key?: string[], options?: { clustered?: boolean }): Promise<void>
  /**
   * Adds a column, nullable and empty in the rows that are there. Only `node`, whose state the journal does not tell, may have
   * a default.
   * @throws Error for a default: it would stand in old rows though no entry of the journal says so
   */
  addColumn(table: string, name: string, column: Column): Promise<void>
  /** An index named after its table and columns; `where` makes it partial. */
  index(table: string, columns: string[], where?: string): Promise<void>
}

export function builder(query: Kysely<unknown>, engine: EngineName, trx: Trx | null): Builder {
  return {
    engine,
    query,
    trx,
    table: (name, columns, key, options) => createTable(query, engine, name, columns, key, options?.clustered),
    addColumn: async (table, name, column) => {
      if (column.default !== undefined && table !== 'node')
        throw new Error(
          `A new column of ${table} has no default: the journal would not know it. Make ${name} nullable.`,
        )
      await query.schema.alterTable(table).addColumn(name, typeOf(engine, column), defined(column)).execute()
    },
    index: async (table, columns, where) => {
      let index = query.schema
        .createIndex(`${table}_${columns.join('_')}`)
        .on(table)
        .columns(columns)
      if (where) index = index.where(sql<boolean>`${sql.raw(where)}`)
      await index.execute()
    },
  }
}

async function createTable(
  query: Kysely<unknown>,
  engine: EngineName,
  name: string,
  columns: Columns,
  key?: string[],
  clustered = false,
) {
  let table = query.schema.createTable(name)
  for (const [name, column] of Object.entries(columns))
    table = table.addColumn(name, typeOf(engine, column), defined(column))
  if (key) table = table.addPrimaryKeyConstraint(`${name}_key`, key as never[])
  if (engine === 'sqlite') table = table.modifyEnd(clustered ? sql`strict, without rowid` : sql`strict`)
  await table.execute()
}

const TYPES = {
  sqlite: { int: 'integer', text: 'text', bytes: 'blob' },
  postgres: { int: 'bigint', text: 'text', bytes: 'bytea' },
} as const

const typeOf = (engine: EngineName, { type }: Column) => TYPES[engine][type]

const defined =
  ({ nullable, references, default: value, primary }: Column) =>
  (column: ColumnDefinitionBuilder) => {
    let definition = column
    if (primary) definition = definition.primaryKey()
    if (!nullable) definition = definition.notNull()
    if (value !== undefined) definition = definition.defaultTo(value)
    if (references) definition = definition.references(`${references}.id`).onUpdate('cascade')
    return definition
  }

/** The table of one entity's trigrams, which its text is searched by. */
export async function searchTable({ engine, query }: Pick<Builder, 'engine' | 'query'>, entity: string): Promise<void> {
  const statements = engine === 'sqlite' ? trigramsOfSqlite : trigramsOfPostgres
  for (const statement of statements(`search_${entity}`)) await query.executeQuery(CompiledQuery.raw(statement))
}

const trigramsOfSqlite = (table: string) => [
  `create virtual table ${table} using fts5(text, content='', contentless_delete=1, tokenize='trigram case_sensitive 1')`,
]

const trigramsOfPostgres = (table: string) => [
  `create table ${table} (id bigint primary key, text text not null)`,
  `create index ${table}_text on ${table} using gin (text gin_trgm_ops)`,
]
