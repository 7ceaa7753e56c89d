import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'
import { checkContent } from '../../../db/check/check-content.ts'
import { NODE_SPAN } from '../../../server/domain/ids.ts'
import { currentHash } from '../../../server/shop/people/users.ts'
import { comparingOf } from '../../sync/support/comparing.ts'
import { compareOnce, NotComparable } from '../../../server/sync/digests/compare.ts'
import { homeOf } from '../../../server/sync/core/closure.ts'
import { holdsStock } from '../../../server/domain/sales-status.ts'
import type { Fleet, Machine } from './fleet.ts'

/** What must be true of a fleet once nobody has anything to say any more. Each fault found is a sentence. */

type Row = Readonly<Record<string, string | number | null>> & { id: number; store_id: number }

const rowsOf = ({ memory }: Machine, text: string): unknown[] => memory.rows(text)

export async function check(fleet: Fleet, { whole }: { whole: boolean }): Promise<string[]> {
  const found: string[] = []
  const say = (text: string) => void found.push(text)
  const members = fleet.machines.filter(({ state }) => state === 'works')
  for (const machine of members) nothingWaits(machine, say)
  for (const machine of members) if (machine !== fleet.office) isKnownAtOffice(fleet.office, machine, say)
  for (const machine of members) if (machine !== fleet.office) hasTheSame(fleet.office, machine, say)
  for (const machine of members) if (machine !== fleet.office) await saysTheSame(fleet.office, machine, say)
  for (const machine of members) isLegal(machine, say)
  isOnce(fleet.office, say)
  addsUp(fleet, say)
  for (const machine of members) keepsSecrets(fleet, machine, say)
  for (const machine of members) hasForgotten(fleet, machine, say)
  if (whole)
    for (const machine of members)
      for (const finding of (await checkContent(machine.sync.database)).findings)
        say(`verify of ${machine.node}: ${JSON.stringify(finding)}`)
  return found
}

/**
 * What must be true after each talk, at the terminal and at head office: a terminal never waits for a row, and has no transaction in
 * part, unless the row was erased before it heard of it; and nothing that was said before an erasure has its words, but what waits.
 */
export function wrongMidway({ office, erased, halfErased }: Fleet, machine: Machine): string[] {
  const wrong = erased.size > 0 ? [] : inPart(machine)
  if (erased.size === 0 || halfErased.size > 0) return wrong
  return [...wrong, ...keptWords(machine), ...keptWords(office)]
}

function inPart(machine: Machine): string[] {
  const held = rowsOf(machine, 'select * from held')
  const parts = rowsOf(
    machine,
    `select id from repair_order where id not in (select order_id from intake) or id not in (select order_id from payment)`,
  )
  return [
    ...held.map((row) => `${machine.node} waits for a row: ${JSON.stringify(row)}`),
    ...parts.map((row) => `${machine.node} has a part of an intake: ${JSON.stringify(row)}`),
  ]
}

function keptWords(machine: Machine): string[] {
  const of = (table: string) => `select '${table}' as place, op.origin, op.seq, op.entity, op.row_id from ${table} op
    join erased on erased.entity = op.entity and erased.row_id = op.row_id
    where op.salt is not null and coalesce(op.stamp, op.hlc) < erased.stamp
    and not exists (select 1 from quarantine q where q.origin = op.origin and q.epoch = op.epoch and q.tx = op.tx)
    and not exists (select 1 from held h where h.origin = op.origin and h.epoch = op.epoch and h.tx = op.tx)`
  return rowsOf(machine, `${of('journal')} union all ${of('heard')}`).map(
    (row) => `${machine.node} has words of before an erasure: ${JSON.stringify(row)}`,
  )
}

/** Head office has what came and went, no payment holds what nobody said, and nobody but the owner lets time run out. */
function addsUp({ office, pieces, cents, stated, hired }: Fleet, say: (text: string) => void): void {
  const [sums] = rowsOf(
    office,
    `select (select coalesce(sum(quantity), 0) from stock_movement) as pieces,
    (select coalesce(sum(amount_cents), 0) from payment_entry) + (select coalesce(sum(amount_cents), 0) from sales_payment_entry) as cents`,
  ) as { pieces: number; cents: number }[]
  if (sums!.pieces !== pieces) say(`${sums!.pieces} pieces, and ${pieces} came and went`)
  if (sums!.cents !== cents) say(`${sums!.cents} cents, and ${cents} came and went`)
  const payments = rowsOf(
    office,
    'select payment_id as id, sum(amount_cents) as cents from payment_entry group by 1',
  ) as { id: number; cents: number }[]
  for (const payment of payments)
    if (payment.cents !== 0 && stated.has(payment.id) && !stated.get(payment.id)!.has(payment.cents))
      say(`payment ${payment.id} holds ${payment.cents} cents, which nobody said`)
  for (const row of rowsOf(
    office,
    `select origin, row_id from journal where act = 'expire' and entity = 'sales_order' and origin <> row_id / ${NODE_SPAN}
    and not exists (select 1 from node where node.id = row_id / ${NODE_SPAN} and heir_id is not null)`,
  ))
    say(`time ran out at another machine than the owner's: ${JSON.stringify(row)}`)
  const working = rowsOf(office, `select id, role from user where full_name like 'Nym%' and role <> 'customer'`) as {
    id: number
  }[]
  for (const { id } of working) if (!hired.has(id)) say(`${id} works here, and nobody at head office has hired them`)
}

/** A password is where it was set, in no journal, and only the newest opens. */
function keepsSecrets({ hashes }: Fleet, machine: Machine, say: (text: string) => void): void {
  if (hashes.size === 0) return
  const rows = rowsOf(
    machine,
    `select c.user_id, c.password_hash, c.version, u.password_version from credential c join user u on u.id = c.user_id`,
  ) as ({ user_id: number } & Parameters<typeof currentHash>[0])[]
  const versions = new Map<number, Set<string>>()
  for (const row of rows) {
    const opens = currentHash(row)
    if (opens !== null && row.version !== row.password_version)
      say(`a former password of ${row.user_id} opens at ${machine.node}`)
    versions.set(row.user_id, new Set([row.password_hash!]))
  }
  const bytes = machine.memory.raw.serialize()
  for (const [id, all] of hashes)
    for (const hash of all.filter((one) => bytes.includes(one)))
      for (const table of tablesWith(machine.memory, hash))
        if (table !== 'credential' || !versions.get(id)?.has(hash))
          say(`a hash of ${id} is at ${machine.node} in ${table}`)
}

function nothingWaits(machine: Machine, say: (text: string) => void): void {
  // What a person is done with stays where it was put aside.
  const open = { held: 'true', quarantine: `reason not in ('dropped', 'taken')`, parked: 'true' }
  for (const [table, isOpen] of Object.entries(open))
    for (const row of rowsOf(machine, `select * from ${table} where ${isOpen}`))
      say(`${table} at ${machine.node}: ${JSON.stringify(row)}`)
}

/** All that a terminal has written is at head office, to the same chain, and it knows so. */
function isKnownAtOffice(office: Machine, machine: Machine, say: (text: string) => void): void {
  const [self] = rowsOf(machine, 'select epoch, seq, chain from self') as {
    epoch: number
    seq: number
    chain: string
  }[]
  const head = (at: Machine) =>
    rowsOf(
      at,
      `select seq, chain from origin_head where origin = ${machine.node} and epoch = ${self!.epoch}`,
    )[0] as typeof self
  for (const [at, where] of [
    [office, 'head office'],
    [machine, 'itself'],
  ] as const) {
    const { seq = 0, chain } = head(at) ?? {}
    if (seq !== self!.seq || (seq > 0 && chain !== self!.chain))
      say(`${machine.node} has written ${self!.seq}, and ${where} knows of ${seq}`)
  }
}

const isFirst = (table: SyncedTable, id: number) => (table === 'store' && id === 1) || (table === 'node' && id === 0)

/** Every row that a terminal is to have, and no other, with its clocks and conflicts. */
function hasTheSame(office: Machine, machine: Machine, say: (text: string) => void): void {
  const shares = new Set(
    (
      rowsOf(
        office,
        `select entity || ' ' || row_id as name from share where stream in ('org', 'store:${machine.store}')`,
      ) as { name: string }[]
    ).map(({ name }) => name),
  )
  const shared = new Set<string>()
  for (const table of SYNCED_TABLES) {
    const text = `select * from "${table}" order by id`
    const wanted = (rowsOf(office, text) as Row[]).filter((row) => {
      const home = homeOf(table, row)
      return (
        !isFirst(table, row.id) &&
        (home === 'org' || home === `store:${machine.store}` || shares.has(`${table} ${row.id}`))
      )
    })
    const here = (rowsOf(machine, text) as Row[]).filter(({ id }) => !isFirst(table, id))
    for (const { id } of wanted) shared.add(`${table} ${id}`)
    compare(`${table} at ${machine.node}`, here.map(printed), wanted.map(printed), say) // oxfmt-ignore
  }
  // That a put has a clock of its own is kept where it was judged anew: of the others the op says it.
  const stamps = `(select json_group_object(key, json(value)) from (select key, value from json_each(stamps) where key <> '' order by key)) as stamps`
  for (const [table, columns] of [
    ['field_clock', `entity, row_id, ${stamps}`],
    ['conflict', 'entity, row_id, register, stamp, origin, epoch, seq, lost, won'],
  ] as const) {
    const all = (at: Machine) =>
      (rowsOf(at, `select ${columns} from ${table} order by entity, row_id`) as Row[])
        .filter((row) => shared.has(`${row['entity']} ${row['row_id']}`) && row['stamps'] !== '{}')
        .map((row) => (table === 'conflict' ? { ...row, lost: sorted(row['lost']), won: sorted(row['won']) } : row))
        .map(printed)
    compare(`${table} at ${machine.node}`, all(machine), all(office), say)
  }
}

/** What a terminal itself makes of its rows and those of head office; of another program than head office's nothing is compared. */
async function saysTheSame({ sync }: Machine, machine: Machine, say: (text: string) => void): Promise<void> {
  if (machine.known.schema !== sync.known.schema) return
  try {
    const { differs } = await compareOnce(comparingOf(sync, machine))
    for (const one of differs) say(`${machine.node} finds that it differs: ${JSON.stringify(one)}`)
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error
    say(`${machine.node} does not compare its rows: ${error.message}`)
  }
}

const printed = (row: object) => JSON.stringify(row)

/** What lost and by whom, in whichever order its columns stand. */
const sorted = (text: unknown) =>
  JSON.stringify(JSON.parse(String(text)), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )

function compare(what: string, here: string[], wanted: string[], say: (text: string) => void): void {
  const [a, b] = [new Set(here), new Set(wanted)]
  for (const text of here) if (!b.has(text)) say(`${what} has ${text}`)
  for (const text of wanted) if (!a.has(text)) say(`${what} lacks ${text}`)
}

/** Sums and states that no shop allows. */
function isLegal(machine: Machine, say: (text: string) => void): void {
  const none = (what: string, text: string) => {
    for (const row of rowsOf(machine, text)) say(`${what} at ${machine.node}: ${JSON.stringify(row)}`)
  }
  none(
    'completed without a day',
    `select id, status, completed_at from repair_order where (status = 'Completed') <> (completed_at is not null)`,
  )
  none(
    'a payment on a deleted repair',
    `select p.id, p.order_id from payment p join repair_order o on o.id = p.order_id where o.deleted_at is not null and p.deleted_at is null`,
  )
  none(
    'a payment that holds nothing it says',
    `select p.id, p.status, (select coalesce(sum(amount_cents), 0) from payment_entry where payment_id = p.id) as cents from payment p where p.deleted_at is not null and cents <> 0`,
  )
  none('broken reference', 'pragma foreign_key_check')
  const sales = rowsOf(
    machine,
    `select o.id, o.status, o.deleted_at, (select coalesce(sum(quantity), 0) from stock_movement where order_id = o.id) as moved,
    (select coalesce(sum(qty), 0) from sales_line where order_id = o.id) as wanted from sales_order o`,
  ) as { id: number; status: Parameters<typeof holdsStock>[0]; moved: number; wanted: number }[]
  for (const { id, status, moved, wanted } of sales)
    if (moved !== (holdsStock(status) ? -wanted : 0))
      say(`order ${id}, which is ${status}, has moved ${moved} pieces at ${machine.node}, of ${wanted}`)
}

/** No number is on two papers. */
function isOnce(office: Machine, say: (text: string) => void): void {
  for (const text of [
    'select ticket_number as number, count(*) as n from repair_order group by 1 having n > 1',
    'select receipt_number as number, count(distinct order_id) as n from payment_entry where receipt_number is not null group by 1 having n > 1',
  ])
    for (const row of rowsOf(office, text)) say(`a number twice: ${JSON.stringify(row)}`)
}

/** Nothing of what an erased person was called is in any table or index. */
function hasForgotten(fleet: Fleet, { node, memory }: Machine, say: (text: string) => void): void {
  const words = [...fleet.erased].flatMap((id) => fleet.words.get(id) ?? [])
  if (words.length === 0) return
  const bytes = memory.raw.serialize()
  for (const word of words.filter((one) => bytes.includes(one)))
    for (const table of tablesWith(memory, word)) say(`'${word}' of somebody erased is at ${node} in ${table}`)
}

/** Tables that have a text in any of their rows: what lies in the free space of pages is no row. */
function tablesWith(memory: Machine['memory'], text: string): string[] {
  const tables = memory.rows<{ name: string }>(
    `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`,
  )
  return tables
    .map(({ name }) => name)
    .filter((name) => JSON.stringify(memory.rows(`select * from "${name}"`)).includes(text))
}
