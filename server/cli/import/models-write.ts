import type { Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow } from '../../../db/rows.ts'
import { nameKey } from '../../domain/fold.ts'
import { findOrAddNamed, type NamedKind } from '../../shop/catalogue.ts'
import type { ModelRow } from './models-rows.ts'
import type { Write } from './source.ts'

/** Adds the models that are not there yet, with their types and brands. */
export function modelsWriter(): Write<ModelRow> {
  const names = new Map<string, number>()
  const named = async (trx: Trx, kind: NamedKind, name: string) => {
    const key = `${kind} ${nameKey(name)}`
    const id = names.get(key) ?? (await findOrAddNamed(trx, kind, name))
    names.set(key, id)
    return id
  }
  return async (trx, rows) => {
    const wanted = new Map<string, NewRow<'model'>>()
    for (const { type, brand, model } of rows) {
      const row = { device_type_id: await named(trx, 'device_type', type), brand_id: await named(trx, 'brand', brand), name: model, name_key: nameKey(model) }
      wanted.set(keyOf(row), wanted.get(keyOf(row)) ?? row)
    }
    for (const known of await modelsCalled(trx, [...wanted.values()])) wanted.delete(keyOf(known))
    return (await insertMany(trx, 'model', [...wanted.values()])).length
  }
}

const keyOf = ({ device_type_id, brand_id, name_key }: Pick<NewRow<'model'>, 'device_type_id' | 'brand_id' | 'name_key'>) =>
  `${device_type_id} ${brand_id} ${name_key}`

async function modelsCalled(trx: Trx, rows: readonly NewRow<'model'>[]) {
  if (rows.length === 0) return []
  return await trx
    .selectFrom('model')
    .select(['device_type_id', 'brand_id', 'name_key'])
    .where('name_key', 'in', rows.map((row) => row.name_key))
    .where('deleted_at', 'is', null)
    .execute()
}
