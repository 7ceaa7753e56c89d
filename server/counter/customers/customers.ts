import { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { json } from '../../http/body.ts'
import { read, write } from '../../http/endpoint.ts'
import { id } from '../../http/fields.contract.ts'
import { anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { findCustomer, findCustomers, hasPassword, listCustomersById } from '../../shop/people/customers.ts'
import { peopleOfOnePhone, tellApart } from '../../shop/people/phone-keys.ts'
import { confirmAccount } from '../../shop/people/unconfirmed.ts'
import { worksHere } from '../../shop/people/reach.ts'
import { patchUser } from '../../shop/people/users.ts'
import { codeByCaller } from '../../shop/people/activation-codes.ts'
import { customerTotals } from '../queries/balances.ts'
import { appendToNewestOrder } from '../../shop/repairs/order-events.ts'
import {
  ActivationCode,
  CustomerCard,
  CustomerChange,
  CustomerMatches,
  CustomerQuery,
  SharedPhone,
  SharedPhones,
} from './customers.contract.ts'
import { pastTickets } from '../queries/past-tickets.ts'
import { requestsOf, webOrdersOf } from './store-business.ts'
import { deviceName } from '../../domain/text/device-name.ts'

const Id = z.object({ id: id() })

const MAX_SHARED_PHONES = 20

export const customers = [
  read(
    'GET /customers',
    { who: anyEmployee, query: CustomerQuery, response: CustomerMatches, summary: 'Customers by name or phone' },
    async ({ db }, { query }) => {
      const { q, limit = 8 } = query
      const ids = q.trim() === '' ? await newestCustomers(db, limit) : await findCustomers(db, q, limit)
      const found = (await listCustomersById(db, ids)).slice(0, limit)
      const totalsOf = await customerTotals(
        db,
        found.map((customer) => customer.id),
      )
      return found.map((customer) => ({ ...customer, ...totalsOf(customer.id) }))
    },
  ),

  read(
    'GET /shared-phones',
    {
      who: staffOrAdmin,
      response: SharedPhones,
      summary: 'Phone numbers that two people have: written in two ways once, they were known as two',
    },
    ({ db }) => sharedPhones(db),
  ),

  write(
    'PUT /shared-phones/:id',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(SharedPhone),
      response: SharedPhones,
      summary: "Says that who has this person's phone number are different people, or takes that back",
    },
    async ({ trx }, { params, body }) => {
      await tellApart(trx, params.id, body.different_people)
      return await sharedPhones(trx)
    },
  ),

  read(
    'GET /customers/:id',
    {
      who: anyEmployee,
      params: Id,
      response: CustomerCard,
      summary: 'A customer with devices, repairs, orders and requests',
    },
    ({ db, now }, { params }) => customerCard(db, params.id, now()),
  ),

  write(
    'PATCH /customers/:id',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(CustomerChange),
      response: CustomerCard,
      summary: "Changes a customer's name or contacts",
    },
    async ({ trx }, { params, body }) => {
      await findCustomer(trx, params.id)
      await patchUser(trx, params.id, { full_name: body.full_name, phone: body.phone, email: body.email })
      return await customerCard(trx, params.id, trx.act.now)
    },
  ),

  write(
    'POST /customers/:id/confirmation',
    {
      who: staffOrAdmin,
      params: Id,
      response: CustomerCard,
      summary: 'Confirms that the account somebody registered online is theirs',
    },
    async ({ trx }, { params }) => {
      await findCustomer(trx, params.id)
      await confirmAccount(trx, params.id)
      return await customerCard(trx, params.id, trx.act.now)
    },
  ),

  write(
    'POST /customers/:id/claim-code',
    {
      who: staffOrAdmin,
      keyed: false,
      params: Id,
      response: ActivationCode,
      status: 201,
      summary: 'A one-time code with which the customer sets a password',
    },
    async ({ trx }, { params, session }) => {
      await findCustomer(trx, params.id)
      const code = await codeByCaller(trx, params.id, session!.caller)
      await appendToNewestOrder(trx, params.id, { kind: 'claim-code' })
      return code
    },
  ),
]

async function sharedPhones(db: Db): Promise<z.output<typeof SharedPhones>> {
  const shared = await peopleOfOnePhone(db, MAX_SHARED_PHONES)
  return shared.map((people) => people.map((person) => ({ ...person, works_here: worksHere(person) })))
}

async function customerCard(db: Db, id: number, now: number): Promise<z.output<typeof CustomerCard>> {
  const customer = await findCustomer(db, id)
  const totalsOf = await customerTotals(db, [id])
  const { created_at } = await db.selectFrom('user').select('created_at').where('id', '=', id).executeTakeFirstOrThrow()
  return {
    ...customer,
    ...totalsOf(id),
    has_password: await hasPassword(db, id),
    created_at,
    devices: await devicesOf(db, id),
    tickets: await pastTickets(db, { customer_id: id }, now),
    web_orders: await webOrdersOf(db, id),
    requests: await requestsOf(db, id),
  }
}

/** How many devices a card shows. */
const DEVICES = 50

async function devicesOf(db: Db, owner_id: number): Promise<z.output<typeof CustomerCard>['devices']> {
  const devices = await db
    .selectFrom('device')
    .innerJoin('brand', 'brand.id', 'device.brand_id')
    .innerJoin('model', 'model.id', 'device.model_id')
    .select([
      'device.id',
      'device.device_type_id',
      'device.serial_number',
      'brand.name as brand',
      'model.name as model',
    ])
    .select((query) =>
      query
        .selectFrom('repair_order')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('repair_order.device_id', '=', 'device.id')
        .where('repair_order.deleted_at', 'is', null)
        .$asScalar()
        .$notNull()
        .as('tickets'),
    )
    .where('device.owner_id', '=', owner_id)
    .where('device.deleted_at', 'is', null)
    .orderBy('device.created_at', 'desc')
    .orderBy('device.id', 'desc')
    .limit(DEVICES)
    .execute()
  return devices.map(({ brand, model, ...device }) => ({ ...device, title: deviceName({ brand, model }) }))
}

async function newestCustomers(db: Db, limit: number): Promise<number[]> {
  const newest = await db
    .selectFrom('user')
    .select('id')
    .where('deleted_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 24)
    .execute()
  return newest.map((user) => user.id)
}
