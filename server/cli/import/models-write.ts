import { rememberedModels, rememberedNames } from './catalogue.ts'
import type { ModelRow } from './models-rows.ts'
import type { Write } from './source.ts'

/** Adds the models that are not there yet, with their types and brands. */
export function modelsWriter(): Write<ModelRow> {
  const types = rememberedNames('device_type')
  const brands = rememberedNames('brand')
  const models = rememberedModels()
  return async (trx, rows) => {
    const typeOf = await types(
      trx,
      rows.map(({ type }) => type),
    )
    const brandOf = await brands(
      trx,
      rows.map(({ brand }) => brand),
    )
    const wanted = rows.map(({ type, brand, model }) => ({
      device_type_id: typeOf(type),
      brand_id: brandOf(brand),
      name: model,
    }))
    return (await models(trx, wanted)).added
  }
}
