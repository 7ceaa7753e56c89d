import type { Db } from '../../db/handle.ts'
import { StartRefused, UsageError } from '../config.ts'
import { type Decided, decidedBy, type HistoryPlan } from '../sync/enrol/history/plan.ts'
import type { Terminal } from './command.ts'
import { grouped } from './progress.ts'
import { firstLine } from './user-input.ts'

/** A command shows what becomes of a shop that joins with its history, and has a person say so. */

/**
 * `3=17,4=own`: who works here, by their number, and who they are at head office.
 * @throws UsageError for anything else
 */
export function readPeople(written: string): Map<number, number | null> {
  const people = new Map<number, number | null>()
  for (const pair of written.split(',').map((part) => part.trim())) {
    if (pair === '') continue
    const [, old, id] = /^(\d{1,15})=(\d{1,15}|own)$/.exec(pair) ?? []
    if (old === undefined || id === undefined)
      throw new UsageError(`--person says OLD=NEW or OLD=own, with commas in between, and not ${pair}`)
    people.set(Number(old), id === 'own' ? null : Number(id))
  }
  return people
}

/**
 * Shows the plan, and asks whether it is to be done.
 * @throws StartRefused where it is not, DatabaseRefused where somebody is left to decide about
 */
export async function askPerson(
  terminal: Terminal,
  plan: HistoryPlan,
  db: Db,
  { people, yes }: { people: ReadonlyMap<number, number | null>; yes: boolean },
): Promise<Decided> {
  terminal.screen?.write('\r\u001B[K')
  for (const line of told(plan, people)) terminal.out(line)
  const decided = await decidedBy(plan, db, people)
  if (yes) return decided
  terminal.out('Does this shop join? Type yes.')
  if (!/^\s*(yes|y|ja|j)\s*$/i.test(await firstLine(terminal)))
    throw new StartRefused('Nothing was changed. The code stays good for this machine.')
  return decided
}

/** Names shown of one kind. */
const MOST_NAMES = 12

/** What becomes of the shop, in lines. */
function told({ store, isFirst, mapped, brought, people, office }: HistoryPlan, said: ReadonlyMap<number, number | null>): string[] {
  const rows = new Map<string, number>(brought.map(({ table, rows: count }) => [table, count]))
  const count = (table: string) => grouped(rows.get(table) ?? 0)
  const all = brought.reduce((sum, { rows: of }) => sum + of, 0)
  return [
    `This shop becomes ${store.name} (${store.code}) of head office, with all that it has: ${grouped(all)} rows, among them ${count('repair_order')} repairs, ${count('user')} people, ${count('device')} devices, ${count('payment_entry')} movements of money for repairs, ${count('sales_order')} orders, ${count('product')} products and ${count('receipt')} purchases.`,
    isFirst
      ? 'Its settings come along; its code, name and currency are head office’s.'
      : 'Its store has another machine already, whose settings stay.',
    ...mapped.flatMap(({ table, names }) => (names.length === 0 ? [] : [`Head office’s from now on, ${WORDS[table] ?? table}: ${listed(names)}.`])),
    ...people.map(({ id, full_name, role, same }) => {
      const is = said.get(id)
      if (is !== undefined) return `${full_name} (${id}, ${role}): ${is === null ? 'somebody whom head office does not have' : officeWords(office.find((one) => one.id === is), is)}.`
      if (same.length === 0) return `${full_name} (${id}, ${role}): head office does not have them. They work at this store alone.`
      return `${full_name} (${id}, ${role}): may be ${same.map((one) => `${one.full_name} (${one.id})`).join(' or ')} at head office. Say --person ${id}=${same[0]!.id}, or ${id}=own.`
    }),
    'Numbers that were printed stay, and so do all links. New numbers begin with the store’s code. Everybody signs in anew.',
  ]
} // oxfmt-ignore

/** Who somebody is there, and what they may do. */
const officeWords = (one: HistoryPlan['office'][number] | undefined, id: number) =>
  one
    ? `${one.full_name} (${id}, ${one.role}, ${one.everywhere ? 'at all stores' : 'at this store alone'}) at head office`
    : `number ${id} at head office`

const WORDS: Readonly<Record<string, string>> = {
  location: 'places',
  category: 'categories',
  brand: 'brands',
  device_type: 'types of devices',
  problem: 'faults',
  model: 'models',
  trade_in_price: 'prices of the matrix',
  trade_in_deduction: 'deductions',
  checklist: 'lists of questions',
}

const listed = (names: readonly string[]) =>
  `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ` and ${grouped(names.length - MOST_NAMES)} more` : ''}`
