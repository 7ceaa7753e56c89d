import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { invalidField } from '../../http/errors.ts'
import { findCustomers, listCustomersById } from '../../shop/people/customers.ts'
import type { Instead } from '../../sync/waiting/person.ts'
import type { InsteadList, InsteadQuery, Taking } from './aside.contract.ts'

/** Finds what may be named in place of a row that never came. */

const NAMED = ['brand', 'model', 'device_type', 'problem', 'category', 'location', 'product'] as const
type Named = (typeof NAMED)[number]
const isNamed = (entity: string): entity is Named => NAMED.some((one) => one === entity)

/** Whether another row of this table may be named instead; of the others nobody could say which. */
export const isReplaceable = (entity: string): entity is Named | 'user' => entity === 'user' || isNamed(entity)

const MOST = 20

/** @throws 422 for a table of which no other row is named */
export async function findInstead(
  db: Db,
  { entity, search }: z.output<typeof InsteadQuery>,
): Promise<z.output<typeof InsteadList>> {
  if (entity === 'user') {
    const found = await listCustomersById(db, await findCustomers(db, search, MOST))
    return found.slice(0, MOST).map(({ id, full_name, phone }) => ({ id, name: [full_name, phone].filter(Boolean).join(' · ') })) // oxfmt-ignore
  }
  if (!isNamed(entity)) throw notReplaceable('entity')
  return await db
    .selectFrom(entity)
    .select(['id', 'name'])
    .where('deleted_at', 'is', null)
    .where(({ eb, fn }) => eb(fn<string>('lower', ['name']), 'like', `%${escaped(search.trim().toLowerCase())}%`))
    .orderBy('name')
    .orderBy('id')
    .limit(MOST)
    .execute()
}

/** What is searched for has no signs of patterns: they find everything. */
const escaped = (text: string) => text.replaceAll(/[%_\\]/g, '_')

/** @throws 422 */
export function readInstead(rows: NonNullable<z.output<typeof Taking>['instead']>): Instead[] {
  return rows.map(({ entity, ...ids }) => {
    if (!isReplaceable(entity)) throw notReplaceable('instead')
    return { entity, ...ids }
  })
}

const notReplaceable = (field: string) =>
  invalidField(field, 'aside-not-replaceable', 'no other row can be named in place of one of this kind')
