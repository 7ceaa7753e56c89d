import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Trx } from '../../../db/handle.ts'
import { MIGRATION_COUNT } from '../../../db/row-states.ts'
import { becomeHeadOffice } from '../../../server/sync/enrol/become-head-office.ts'
import { nodeKeysOf } from '../../../server/sync/node-keys.ts'
import { openShop, type Reply, type Shop, type ShopOptions } from '../../support/shop.ts'
import type { Person } from '../../support/person.ts'

/** A shop that has become head office, and machines that come with a code. */

export const BY = { actor: null, device: null, act: 'test' }

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
  await becomeHeadOffice(office.database, office.context.keys)
  return office
}

/** Keys of a machine with a secret of its own. */
export const keysOf = (machine: string) => nodeKeysOf(createHash('sha256').update(machine).digest('base64url'))

/** A code for a terminal of store 1. */
export async function codeFor(office: Office, terminal: string, more: object = { store_id: 1 }): Promise<string> {
  const reply = await office.counter('POST', '/fleet/codes', { terminal, name: `Counter ${terminal}`, ...more })
  expect(reply.status, reply.text).toBe(201)
  return reply.body.code
}

/** What a machine says that wants to be let in. */
export const enrolBody = (code: string, machine = 'a machine') => ({
  code,
  keys: keysOf(machine).publicKeys,
  schema: MIGRATION_COUNT,
  version: '0.1.0',
})

export const enrol = (office: Office, code: string, machine?: string) =>
  office.call('POST', '/sync/v1/enroll', { body: enrolBody(code, machine) })

/** A folder that goes with the test. */
export function newFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-join-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export const write = <T>({ database }: Pick<Shop, 'database'>, run: (trx: Trx) => Promise<T>) => database.write(BY, run)
