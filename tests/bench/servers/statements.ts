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
  const byStatus = db.prepare(
    `select ${columns} from repair_order where status = ? and deleted_at is null order by id limit ? offset ?`,
  )
  const inOrder = db.prepare(
    `select ${columns} from repair_order where deleted_at is null order by id limit ? offset ?`,
  )
  const find = searchOf(db)
  const add =
    db.prepare(`insert into repair_order (id, store_id, ticket_number, device_id, customer_id, cost_cents, discount_cents, note, status, created_at, updated_at)
    values (?, 1, ?, ?, ?, ?, 0, ?, 'Pending', ?, ?)`)
  // Ids of a node that does not exist, so that the program's own are not in the way.
  const from = 900 * 2 ** 32
  let next =
    Number(db.prepare('select coalesce(max(id), 0) + 1 from repair_order where id >= ?').pluck().get(from)) || from
  if (next < from) next = from
  return { db, byId, byStatus, inOrder, find, add, newId: () => next++ }
}

/** What the one box asks of its three indexes at least, each for the newest eight and then for their rows. */
function searchOf(db: Database.Database) {
  const statements = (['user', 'device', 'repair_order'] as const).map((entity) =>
    db.prepare(`select ${entity === 'user' ? 'id, full_name, phone' : entity === 'device' ? 'id, serial_number, owner_id' : 'id, ticket_number, status, note'}
      from "${entity}" where id in (
        select rowid from search_${entity} where search_${entity} match ? order by rowid desc limit 8)`),
  )
  return (q: string) => {
    const words = q.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').split(/\s+/).filter(Boolean)
    const match = words.map((word) => `"${word.length > 2 ? word : word.padStart(3)}"`).join(' ')
    return match === '' ? [] : statements.map((statement) => statement.all(match))
  }
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
