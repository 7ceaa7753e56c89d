import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import { allOrPageOf, pagesOf } from '../http/paging.ts'
import {
  anyEmployee,
  ownerOrAnyEmployee,
  ownerOrStaffOrAdmin,
  signedIn,
  staffOrAdmin,
} from '../http/auth/permissions.ts'
import { addModel, addNamed, listModels, listNamed } from '../shop/devices/catalogue.ts'
import {
  findDevice,
  listDevices,
  patchDevice,
  refuseManyDevices,
  registerDevice,
  removeDevice,
} from '../shop/devices/devices.ts'
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
    { who: anyEmployee, body: json(NewNamed), response: Named, status: 201, summary: 'Adds a device type' },
    ({ trx }, { body }) => addNamed(trx, 'device_type', body),
  ),

  read(
    'GET /devices/types',
    { who: signedIn, query: CatalogueQuery, response: list(Named), summary: 'Lists the device types' },
    ({ db }, { query }) => allOrPageOf(db, listNamed(db, 'device_type', { q: query.q, inUse: true }), query),
  ),

  write(
    'POST /devices/brands',
    { who: anyEmployee, body: json(NewNamed), response: Named, status: 201, summary: 'Adds a brand' },
    ({ trx }, { body }) => addNamed(trx, 'brand', body),
  ),

  read(
    'GET /devices/brands',
    { who: signedIn, query: CatalogueQuery, response: list(Named), summary: 'Lists the brands' },
    ({ db }, { query }) => allOrPageOf(db, listNamed(db, 'brand', { q: query.q, inUse: true }), query),
  ),

  write(
    'POST /devices/models',
    {
      who: anyEmployee,
      body: json(NewModel),
      response: Model,
      status: 201,
      summary: 'Adds a model of a brand and device type',
    },
    ({ trx }, { body }) => addModel(trx, body),
  ),

  read(
    'GET /devices/models',
    { who: signedIn, query: CatalogueQuery, response: list(Model), summary: 'Lists the models' },
    ({ db }, { query }) => allOrPageOf(db, listModels(db, { q: query.q, inUse: true }), query),
  ),

  write(
    'POST /devices',
    {
      who: ownerOrStaffOrAdmin,
      body: json(NewDevice),
      response: Device,
      status: 201,
      summary: 'Registers a device; a customer registers their own',
    },
    async ({ trx }, { body, scope }) => {
      if (scope.own !== null) await refuseManyDevices(trx, scope.own)
      return await registerDevice(trx, { ...body, owner_id: scope.own ?? body.owner_id })
    },
  ),

  read(
    'GET /devices',
    {
      who: ownerOrAnyEmployee,
      query: DeviceQuery,
      response: list(Device),
      summary: 'Lists devices; a customer sees their own',
    },
    ({ db }, { query: { owner_id, ...page }, scope }) =>
      devicePages(db, { own: scope.own ?? undefined, owner_id }, page),
  ),

  read(
    'GET /devices/:device_id',
    { who: ownerOrAnyEmployee, params: DeviceId, response: Device, summary: 'One device' },
    ({ db }, { params, scope }) => findDevice(db, params.device_id, scope),
  ),

  write(
    'PATCH /devices/:device_id',
    {
      who: ownerOrStaffOrAdmin,
      params: DeviceId,
      body: json(DeviceChanges),
      response: Device,
      summary: 'Changes a device; a customer changes the notes of their own',
    },
    ({ trx }, { params, body, scope }) =>
      patchDevice(trx, params.device_id, scope, scope.own === null ? body : { notes: body.notes }),
  ),

  write(
    'DELETE /devices/:device_id',
    { who: staffOrAdmin, params: DeviceId, response: nothing, summary: 'Removes a device that has no repair orders' },
    async ({ trx }, { params, scope }) => await removeDevice(trx, params.device_id, scope),
  ),
]

const devicePages = pagesOf(
  'device',
  (db, { own, owner_id }: { own?: number | undefined; owner_id?: number | undefined }) =>
    listDevices(db, { own: own ?? null }, { owner_id }),
)
