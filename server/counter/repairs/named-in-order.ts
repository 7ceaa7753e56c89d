import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { distinctIds } from '../../../db/queries/distinct.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { sortKey } from '../../domain/text/sort-key.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/** What a list is sorted by where there are few of it: each with the key of its name. */
type Named = { id: number; key: string }

/** The models of which there is a device, by brand and name. */
export async function modelsByTitle(db: Db): Promise<Named[]> {
  const models = await db
    .selectFrom('model')
    .innerJoin('brand', 'brand.id', 'model.brand_id')
    .select(['model.id', 'model.name as model', 'brand.name as brand'])
    .where(sql<boolean>`exists (select 1 from device where device.model_id = model.id)`)
    .execute()
  return models.map(({ id, ...named }) => ({ id, key: sortKey(deviceName(named)) }))
}

/** Who has a repair, by name. */
export async function techniciansByName(db: Db): Promise<Named[]> {
  const ids = await distinctIds(db, 'assignment', 'user_id')
  if (ids.length === 0) return []
  const people = await db.selectFrom('user').select(['id', 'full_name']).where('id', 'in', padded(ids)).execute()
  return people.map(({ id, full_name }) => ({ id, key: sortKey(full_name) }))
}
