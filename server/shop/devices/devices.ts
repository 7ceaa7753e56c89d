import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { typeAllocationOf } from '../../domain/imei.ts'
import { serialKey } from '../../domain/text/fold.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import type { Scope } from '../../http/auth/permissions.ts'
import { isDeviceShownTo } from '../people/unconfirmed.ts'
import { findUser } from '../people/users.ts'
import { takeModel, takeNamed } from './catalogue.ts'

export type Device = {
  id: number
  brand_id: number
  model_id: number
  device_type_id: number
  serial_number: string | null
  owner_id: number | null
  notes: string | null
  created_at: number
}

export type NewDevice = {
  brand_id: number
  model_id: number
  device_type_id: number
  serial_number?: string | null | undefined
  owner_id?: number | null | undefined
  notes?: string | null | undefined
  source_key?: string | null | undefined
}

export type DeviceChanges = Partial<Omit<NewDevice, 'source_key'>>

/**
 * Registers a device and returns it.
 * @throws 404 for brand, model, type or owner; 400 when the model is of another brand or type, or the serial number is known
 */
export async function registerDevice(trx: Trx, { source_key = null, ...wanted }: NewDevice): Promise<Device> {
  const { owner_id = null, notes = null } = wanted
  await checkReferences(trx, [wanted.brand_id, wanted.model_id, wanted.device_type_id], owner_id)
  const serial = serialOf(wanted.serial_number)
  await refuseKnownSerial(trx, serial.serial_key)
  const { brand_id, model_id, device_type_id } = wanted
  const device = { brand_id, model_id, device_type_id, serial_number: serial.serial_number, owner_id, notes }
  const id = await insert(trx, 'device', { ...device, ...serial, source_key })
  return { id, ...device, created_at: trx.act.now }
}

/** More than anybody owns: whoever registers others fills no list and no disk. The desk may register more for them. */
const MAX_OWN_DEVICES = 200

/** @throws 400 when a person may register no more devices of their own */
export async function refuseManyDevices(db: Db, owner_id: number): Promise<void> {
  const known = await listDevices(db, { own: owner_id }).limit(MAX_OWN_DEVICES).execute()
  if (known.length >= MAX_OWN_DEVICES)
    throw badRequest('devices-full', `At most ${MAX_OWN_DEVICES} devices can be registered: ask the shop for more`, {
      most: MAX_OWN_DEVICES,
    })
}

const deviceById = prepared((db, id: number) => listDevices(db, { own: null }).where('id', '=', id))

/**
 * The device with this id, if within the scope.
 * @throws 404
 */
export async function findDevice(db: Db, id: number, scope: Scope): Promise<Device> {
  const [device] = await deviceById(db, id)
  if (!device || !(await isShown(db, device, scope))) throw notFound('device-not-found', 'Device not found')
  return device
}

async function isShown(db: Db, { id, owner_id }: Device, { own }: Scope): Promise<boolean> {
  if (own === null || owner_id !== own) return own === null
  return (await listDevices(db, { own }).where('id', '=', id).executeTakeFirst()) !== undefined
}

/** Devices within the scope in id order, of one owner if said so. */
export function listDevices(db: Db, { own }: Scope, { owner_id }: { owner_id?: number | undefined } = {}) {
  return db
    .selectFrom('device')
    .select(['id', 'brand_id', 'model_id', 'device_type_id', 'serial_number', 'owner_id', 'notes', 'created_at'])
    .where('deleted_at', 'is', null)
    .$if(own !== null, (query) => query.where('owner_id', '=', own).where(isDeviceShownTo(own!)))
    .$if(owner_id !== undefined, (query) => query.where('owner_id', '=', owner_id!))
    .orderBy('id')
}

/**
 * The device with this serial number, however it is written; undefined when the shop has never seen it. Of two rows of one device
 * the one that the other names.
 */
export async function findBySerial(db: Db, serial_number: string): Promise<{ id: number } | undefined> {
  const { serial_key } = serialOf(serial_number)
  if (serial_key === null) return undefined
  return await db
    .selectFrom('device')
    .select('id')
    .where('serial_key', '=', serial_key)
    .where('deleted_at', 'is', null)
    .orderBy(({ eb }) => eb('duplicate_of', 'is not', null))
    .orderBy('id')
    .executeTakeFirst()
}

/** Models of devices that were here and whose IMEI begins alike, those that came most often first. */
export async function modelsOfImei(db: Db, serial_number: string, most: number) {
  const prefix = typeAllocationOf(serial_number)
  if (prefix === null) return []
  return await db
    .selectFrom('device')
    .innerJoin('model', 'model.id', 'device.model_id')
    .innerJoin('brand', 'brand.id', 'device.brand_id')
    .select(['brand.name as brand', 'model.name as model', 'device.device_type_id'])
    // A range of text, which the index finds on both engines.
    .where('device.serial_key', '>=', prefix)
    .where('device.serial_key', '<=', `${prefix}9999999`)
    .where(sql<number>`length(device.serial_key)`, '=', 15)
    .where('device.deleted_at', 'is', null)
    .where('model.deleted_at', 'is', null)
    .groupBy(['brand.name', 'model.id', 'model.name', 'device.device_type_id'])
    .orderBy(({ fn }) => fn.countAll(), 'desc')
    .orderBy('model.id')
    .limit(most)
    .execute()
}

/**
 * Changes a device within the scope and returns it; a field that is undefined stays.
 * @throws as `registerDevice`, and 404 for the device itself
 */
export async function patchDevice(trx: Trx, id: number, scope: Scope, wanted: DeviceChanges): Promise<Device> {
  const device = await findDevice(trx, id, scope)
  const { brand_id, model_id, device_type_id, owner_id, notes } = wanted
  if ([brand_id, model_id, device_type_id, owner_id].some((reference) => reference !== undefined)) {
    const known = [
      brand_id ?? device.brand_id,
      model_id ?? device.model_id,
      device_type_id ?? device.device_type_id,
    ] as const
    await checkReferences(trx, known, owner_id ?? null)
  }
  const serial = wanted.serial_number === undefined ? null : serialOf(wanted.serial_number)
  if (serial) await refuseKnownSerial(trx, serial.serial_key, id)
  await patch(trx, 'device', id, { brand_id, model_id, device_type_id, owner_id, notes, ...serial })
  return await findDevice(trx, id, { own: null })
}

/**
 * Hides a device.
 * @throws 404, 400 when it has repair orders
 */
export async function removeDevice(trx: Trx, id: number, scope: Scope): Promise<void> {
  await findDevice(trx, id, scope)
  const order = await trx
    .selectFrom('repair_order')
    .select('id')
    .where('device_id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (order) throw badRequest('device-has-orders', 'Device has repair orders')
  await remove(trx, 'device', id)
}

/** What is missing is told before what does not fit together. */
async function checkReferences(
  trx: Trx,
  [brand_id, model_id, device_type_id]: readonly [number, number, number],
  owner_id: number | null,
) {
  await takeNamed(trx, 'brand', brand_id)
  const model = await takeModel(trx, model_id)
  await takeNamed(trx, 'device_type', device_type_id)
  if (owner_id !== null) await findUser(trx, owner_id, { own: null }, ownerNotFound)
  if (model.brand_id !== brand_id || model.device_type_id !== device_type_id)
    throw badRequest('model-mismatch', 'Model does not belong to this brand and device type')
}

const ownerNotFound = () => notFound('owner-not-found', 'Owner not found')

async function refuseKnownSerial(db: Db, serial_key: string | null, except?: number) {
  if (serial_key === null) return
  const known = await db
    .selectFrom('device')
    .select(['id', 'duplicate_of'])
    .where('serial_key', '=', serial_key)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(MOST_OF_ONE)
    .execute()
  const own = known.find(({ id }) => id === except)
  const isOwn = ({ id, duplicate_of }: (typeof known)[number]) =>
    id === except || (own !== undefined && (duplicate_of ?? id) === (own.duplicate_of ?? own.id))
  if (!known.every(isOwn)) throw badRequest('serial-number-exists', 'Serial number already exists')
}

/** More rows than two machines make of one device. */
const MOST_OF_ONE = 50

/** The columns of a serial number; a blank one is none. */
function serialOf(written: string | null | undefined): { serial_number: string | null; serial_key: string | null } {
  const serial_number = written?.trim() || null
  return { serial_number, serial_key: (serial_number && serialKey(serial_number)) || null }
}
