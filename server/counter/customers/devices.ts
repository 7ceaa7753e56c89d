import { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { imeiKind } from '../../domain/imei.ts'
import { read } from '../../http/endpoint.ts'
import { notFound } from '../../http/errors.ts'
import { id } from '../../http/fields.contract.ts'
import { anyEmployee } from '../../http/auth/permissions.ts'
import { findBySerial } from '../../shop/devices/devices.ts'
import { DeviceCard, DeviceLookup, DeviceLookupQuery } from './customers.contract.ts'
import { unitHere } from './device-units.ts'
import { pastTickets } from '../queries/past-tickets.ts'
import { deviceName } from '../../domain/text/device-name.ts'

export const devices = [
  read(
    'GET /devices',
    {
      who: anyEmployee,
      query: DeviceLookupQuery,
      response: DeviceLookup,
      summary: 'A device by its serial number or IMEI',
    },
    async ({ db, ...context }, { query: { serial } }) => {
      const known = await findBySerial(db, serial)
      return { device: known ? await deviceCard(db, known.id, context) : null, imei: imeiKind(serial) }
    },
  ),

  read(
    'GET /devices/:id',
    { who: anyEmployee, params: z.object({ id: id() }), response: DeviceCard, summary: 'A device with its repairs' },
    ({ db, ...context }, { params }) => deviceCard(db, params.id, context),
  ),
]

async function deviceCard(db: Db, id: number, { now }: Pick<Context, 'now'>): Promise<z.output<typeof DeviceCard>> {
  const device = await db
    .selectFrom('device')
    .innerJoin('brand', 'brand.id', 'device.brand_id')
    .innerJoin('model', 'model.id', 'device.model_id')
    .innerJoin('device_type', 'device_type.id', 'device.device_type_id')
    .leftJoin('user as owner', 'owner.id', 'device.owner_id')
    .select(['device.id', 'device.serial_number', 'device.owner_id', 'device.notes', 'device_type.name as type'])
    .select([
      'brand.name as brand',
      'model.name as model',
      'owner.full_name as owner_name',
      'owner.phone as owner_phone',
    ])
    .where('device.id', '=', id)
    .where('device.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!device) throw notFound('device-not-found', 'Device not found')
  const { brand, model, ...shown } = device
  return {
    ...shown,
    title: deviceName({ brand, model }),
    unit_id: await unitHere(db, device),
    tickets: await pastTickets(db, { device_id: id }, now()),
  }
}
