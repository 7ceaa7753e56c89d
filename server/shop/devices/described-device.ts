import type { Trx } from '../../../db/handle.ts'
import { missingField } from '../../http/errors.ts'
import { findModel, findOrAddModel, findOrAddNamed } from './catalogue.ts'

/** A device as the desk describes it: by ids of the catalogue, or by names. */
export type DescribedDevice = {
  device_type_id?: number | undefined
  device_type_name?: string | undefined
  brand_id?: number | undefined
  brand_name?: string | undefined
  model_id?: number | undefined
  model_name?: string | undefined
}

/** Type, brand and model: a model's id says all three; names are added to the catalogue where they are missing. */
export async function kindOfDevice(trx: Trx, device: DescribedDevice) {
  if (device.model_id !== undefined) {
    const { id, brand_id, device_type_id } = await findModel(trx, device.model_id)
    return {
      model_id: id,
      brand_id: device.brand_id ?? brand_id,
      device_type_id: device.device_type_id ?? device_type_id,
    }
  }
  const { device_type_name, brand_id, brand_name, model_name } = device
  if (device.device_type_id === undefined && device_type_name === undefined)
    throw missingField('device', 'device_type_id')
  if (brand_id === undefined && brand_name === undefined) throw missingField('device', 'brand_name')
  if (model_name === undefined) throw missingField('device', 'model_name')
  const device_type_id = device.device_type_id ?? (await findOrAddNamed(trx, 'device_type', device_type_name!))
  const brand = brand_id ?? (await findOrAddNamed(trx, 'brand', brand_name!))
  const model_id = await findOrAddModel(trx, { brand_id: brand, device_type_id, name: model_name })
  return { model_id, brand_id: brand, device_type_id }
}
