import { expect } from 'vitest'
import type { Trx } from '../../../db/handle.ts'
import { insertLocal } from '../../../db/local.ts'
import { becomeRole } from '../../support/other-chain.ts'
import { openShop, type Reply, type Shop, type ShopOptions } from '../../support/shop.ts'
import type { Person } from '../../support/person.ts'

/** A shop that has become head office. */

const BY = { actor: null, device: null, act: 'test' }

export type Office = Shop & {
  /** The owner, an admin of the whole organisation. */
  owner: Person
  counter(method: string, path: string, body?: unknown, as?: Person): Promise<Reply>
}

/** A shop that is set up, with its owner; not head office yet. */
export async function openSetUp({ demo = false, ...options }: ShopOptions & { demo?: boolean } = {}): Promise<Office> {
  const shop = await openShop(options)
  const made = await shop.call('POST', '/counter/setup', {
    body: {
      code: 'TEST-CODE-2345',
      owner: { full_name: 'Olga Owner', phone: '0170 5550100', password: 'correct horse', pin: '4711' },
      shop: {
        name: 'Corner Repairs',
        currency: 'EUR',
        time_zone: 'Europe/Berlin',
        tax_mode: 'included',
        tax_rate: 1900,
      },
      demo,
    },
  })
  expect(made.status, made.text).toBe(201)
  const office: Office = Object.assign(shop, {
    owner: await shop.person('admin', { full_name: 'Anna Admin' }),
    counter: (method: string, path: string, body?: unknown, as: Person = office.owner) =>
      shop.call(method, `/counter${path}`, { as, body }),
  })
  return office
}

/** A day goes by, and somebody signs in anew. */
export async function passADay(office: Office): Promise<void> {
  office.clock.pass(86_400_000)
  office.owner = await office.person('admin')
}

/** The same as head office. */
export async function openOffice(options: ShopOptions = {}): Promise<Office> {
  const office = await openSetUp(options)
  await becomeRole(office.database, 'head-office')
  await write(office, (trx) =>
    insertLocal(trx, 'head_office', { id: 1, incarnation: 'one', address: null, sign_key: null }),
  )
  return office
}

/** A code for a terminal of store 1. */
export async function codeFor(office: Office, terminal: string, more: object = { store_id: 1 }): Promise<string> {
  const reply = await office.counter('POST', '/fleet/codes', { terminal, name: `Counter ${terminal}`, ...more })
  expect(reply.status, reply.text).toBe(201)
  return reply.body.code
}

export const write = <T>({ database }: Pick<Shop, 'database'>, run: (trx: Trx) => Promise<T>) => database.write(BY, run)
