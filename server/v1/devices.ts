import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import { allOrPageOf, pagesOf } from '../http/paging.ts'
import { desk, ownerOrDesk, ownerOrStaff, signedIn, staff } from '../http/auth/permissions.ts'
import { addModel, addNamed, listModels, listNamed } from '../shop/devices/catalogue.ts'
import { findDevice, listDevices, patchDevice, registerDevice, removeDevice } from '../shop/devices/devices.ts'
import {
  CatalogueQuery,
  Device,
  DeviceChanges,
  DeviceId,
  DeviceQuery,
  Model,
  Named,
  NewDevice,
  NewModel,
  NewNamed,
} from './devices.contract.ts'

export const devices = [
  write(
    'POST /devices/types',
    { who: staff, body: json(NewNamed), reply: Named, status: 201, summary: 'Adds a device type' },
    ({ trx }, { body }) => addNamed(trx, 'device_type', body),
  ),

  read(
    'GET /devices/types',
    { who: signedIn, query: CatalogueQuery, reply: list(Named), summary: 'Lists the device types' },
    ({ db }, { query }) => allOrPageOf(db, listNamed(db, 'device_type', query.q), query),
  ),

  write(
    'POST /devices/brands',
    { who: staff, body: json(NewNamed), reply: Named, status: 201, summary: 'Adds a brand' },
    ({ trx }, { body }) => addNamed(trx, 'brand', body),
  ),

  read(
    'GET /devices/brands',
    { who: signedIn, query: CatalogueQuery, reply: list(Named), summary: 'Lists the brands' },
    ({ db }, { query }) => allOrPageOf(db, listNamed(db, 'brand', query.q), query),
  ),

  write(
    'POST /devices/models',
    { who: staff, body: json(NewModel), reply: Model, status: 201, summary: 'Adds a model of a brand and device type' },
    ({ trx }, { body }) => addModel(trx, body),
  ),

  read(
    'GET /devices/models',
    { who: signedIn, query: CatalogueQuery, reply: list(Model), summary: 'Lists the models' },
    ({ db }, { query }) => allOrPageOf(db, listModels(db, query.q), query),
  ),

  write(
    'POST /devices',
    {
      who: ownerOrDesk,
      body: json(NewDevice),
      reply: Device,
      status: 201,
      summary: 'Registers a device; a customer registers their own',
    },
    ({ trx }, { body, scope }) => registerDevice(trx, { ...body, owner_id: scope.own ?? body.owner_id }),
  ),

  read(
    'GET /devices',
    { who: ownerOrStaff, query: DeviceQuery, reply: list(Device), summary: 'Lists devices; a customer sees their own' },
    ({ db }, { query: { owner_id, ...page }, scope }) =>
      devicePages(db, { own: scope.own ?? undefined, owner_id }, page),
  ),

  read(
    'GET /devices/:device_id',
    { who: ownerOrStaff, params: DeviceId, reply: Device, summary: 'One device' },
    ({ db }, { params, scope }) => findDevice(db, params.device_id, scope),
  ),

  write(
    'PATCH /devices/:device_id',
    {
      who: ownerOrDesk,
      params: DeviceId,
      body: json(DeviceChanges),
      reply: Device,
      summary: 'Changes a device; a customer changes the notes of their own',
    },
    ({ trx }, { params, body, scope }) =>
      patchDevice(trx, params.device_id, scope, scope.own === null ? body : { notes: body.notes }),
  ),

  write(
    'DELETE /devices/:device_id',
    { who: desk, params: DeviceId, reply: nothing, summary: 'Removes a device that has no repair orders' },
    async ({ trx }, { params, scope }) => await removeDevice(trx, params.device_id, scope),
  ),
]

const devicePages = pagesOf(
  'device',
  (db, { own, owner_id }: { own?: number | undefined; owner_id?: number | undefined }) =>
    listDevices(db, { own: own ?? null }, { owner_id }),
)
