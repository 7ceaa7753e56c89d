import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { read } from '../../http/endpoint.ts'
import { anyEmployee } from '../../http/auth/permissions.ts'
import { listNamed } from '../../shop/devices/catalogue.ts'
import { listActiveColleagues } from '../../shop/people/staff.ts'
import { Catalogue, ModelMatches, ModelQuery } from './catalogue.contract.ts'

export const catalogue = [
  read(
    'GET /catalogue',
    { who: anyEmployee, response: Catalogue, summary: 'What intake chooses from' },
    async ({ db }) => ({
      types: await listNamed(db, 'device_type').execute(),
      brands: await listNamed(db, 'brand').execute(),
      problems: await listNamed(db, 'problem').execute(),
      technicians: await listActiveColleagues(db).orderBy('user.full_name').execute(),
    }),
  ),

  read(
    'GET /models',
    {
      who: anyEmployee,
      query: ModelQuery,
      response: ModelMatches,
      summary: 'Models whose brand and name begin with these words',
    },
    ({ db }, { query }) => findModels(db, query),
  ),
]

type Asked = {
  q: string
  device_type_id?: number | undefined
  brand_id?: number | undefined
  limit?: number | undefined
}

/** Every word must begin a word of brand or model. A catalogue has thousands of models, not millions: it is read through. */
async function findModels(db: Db, { q, device_type_id, brand_id, limit = 12 }: Asked) {
  // One space in front of every word, so that a word begins where a space stands.
  const spelled = sql<string>`' ' || brand.name_key || ' ' || model.name_key`
  let models = db
    .selectFrom('model')
    .innerJoin('brand', 'brand.id', 'model.brand_id')
    .innerJoin('device_type', 'device_type.id', 'model.device_type_id')
    .select([
      'model.id',
      'model.name',
      'model.brand_id',
      'model.device_type_id',
      'brand.name as brand_name',
      'device_type.name as type_name',
    ])
    .where('model.deleted_at', 'is', null)
  if (device_type_id !== undefined) models = models.where('model.device_type_id', '=', device_type_id)
  if (brand_id !== undefined) models = models.where('model.brand_id', '=', brand_id)
  for (const word of nameKey(q).split(' ').filter(Boolean).slice(0, 8))
    models = models.where(sql<boolean>`${spelled} like ${`% ${word.replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`)
  return await models.orderBy('brand.name_key').orderBy('model.name_key').orderBy('model.id').limit(limit).execute()
}
