import Database from 'better-sqlite3'

/** The bare statements that the floors run: what any program on this engine has to do at least. */
export function openStatements(file: string) {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('cache_size = -32000')
  db.pragma('mmap_size = 268435456')
  const columns = `id, device_id, customer_id, problem_id, cost_cents, discount_cents, note, status, estimated_completion_date, completed_at, created_at, updated_at`
  const byId = db.prepare(`select ${columns} from repair_order where id = ? and deleted_at is null`)
  const byStatus = db.prepare(`select ${columns} from repair_order where status = ? and deleted_at is null order by id limit ? offset ?`)
  const customers = db.prepare(`select rowid as id from search_user where search_user match ? order by rowid desc limit 8`)
  db.exec(`create table if not exists floor_order (id integer primary key, store_id integer not null, ticket_number text not null,
    device_id integer not null, customer_id integer not null, cost_cents integer not null, discount_cents integer not null, note text,
    status text not null, created_at integer not null, updated_at integer not null) strict`)
  const add = db.prepare(`insert into floor_order (store_id, ticket_number, device_id, customer_id, cost_cents, discount_cents, note, status, created_at, updated_at)
    values (1, ?, ?, ?, ?, 0, ?, 'Pending', ?, ?)`)
  return { db, byId, byStatus, add, customers }
}

type Row = Record<string, unknown> & { cost_cents: number; discount_cents: number }

/** A row as the document shows it, by hand. */
export function shown({ cost_cents, discount_cents, ...row }: Row) {
  return {
    ...row,
    cost: (cost_cents / 100).toFixed(2),
    discount: (discount_cents / 100).toFixed(2),
    total_cost: ((cost_cents - discount_cents) / 100).toFixed(2),
    created_at: new Date(row['created_at'] as number).toISOString(),
    updated_at: new Date(row['updated_at'] as number).toISOString(),
  }
}
