import { patch } from '../../../db/rows.ts'
import { HttpError, tooManyAttempts } from '../../../server/http/errors.ts'
import { askParentBy } from '../../../server/sync/people/ask-parent.ts'
import { exchangeCredentials, type Resting } from '../../../server/sync/people/exchange.ts'
import { PASSWORD, type Reply } from '../../support/shop.ts'
import { drain, type Fleet, type Member, openFleet } from './fleet.ts'
import { type Wire, wireTo } from './wire.ts'

/** A fleet whose shops ask head office about people over HTTP. */

export type PeopleFleet = Fleet & {
  /** Hires somebody at head office; `works_at` is null for all stores. */
  hire(who: Hired, works_at: number | null): Promise<number>
  /** All that there is to say goes up and comes down, passwords last. */
  settle(): Promise<void>
  /** A node's own way to head office. */
  wires: ReadonlyMap<Member, Wire>
}
export type Hired = { full_name: string; phone: string; job?: string; password?: string }

export async function openPeople(shops = 2): Promise<PeopleFleet> {
  const fleet = await openFleet(shops)
  const { office } = fleet
  await office.write(async (trx) => {
    const { seal: seal_key, sign: sign_key } = office.context.keys.publicKeys
    await patch(trx, 'node', office.node, { kind: 'head-office', seal_key, sign_key })
    for (const { node, context } of fleet.shops)
      await patch(trx, 'node', node, { seal_key: context.keys.publicKeys.seal, sign_key: context.keys.publicKeys.sign })
  })
  const resting = new Map<Member, Resting>(fleet.shops.map((shop) => [shop, new Map()]))
  const wires = new Map(fleet.shops.map((shop) => [shop, wireTo(office, shop.node, shop.context.keys)]))
  const call = async (shop: Member, path: string, body: unknown) => {
    if (shop.line.now() !== 'good') throw new Error('The line is down')
    const reply = await wires.get(shop)!.call(path, body)
    if (reply.status === 429) throw tooManyAttempts(Number(reply.headers.get('retry-after')))
    if (reply.status >= 500) throw new HttpError(reply.status, 'head-office', reply.text)
    return reply.body as unknown
  }
  for (const shop of fleet.shops)
    shop.context.run.parent.signIn = askParentBy((body) => call(shop, '/sign-in', body), shop.context.keys.seal)
  const exchange = async (shop: Member) => {
    const { database, now, keys } = shop.context
    const send = (body: unknown) => call(shop, '/credentials', body)
    while (await exchangeCredentials({ database, now, keys, send, resting: resting.get(shop)! }));
  }
  await drain(fleet)
  return Object.assign(fleet, {
    wires,
    hire: async ({ job = 'staff', password = PASSWORD, ...who }: Hired, works_at: number | null) => {
      const added = await office.counter('POST', '/people', { ...who, job, password, works_at })
      if (added.status !== 201) throw new Error(added.text)
      return added.body.id as number
    },
    settle: async () => {
      await drain(fleet)
      for (let round = 0; round < 2; round++) for (const shop of fleet.shops) await exchange(shop)
      await drain(fleet)
    },
  })
}

/** Signs in at a member's counter. */
export const signInAt = (member: Member, login: string, password = PASSWORD): Promise<Reply> =>
  member.call('POST', '/counter/session', { body: { login, password } })

/** What a browser sends after a sign-in. */
export const cookieOf = (reply: Reply) => ({ headers: { cookie: reply.headers.get('set-cookie')!.split(';')[0]! } })

/** The hashes that a member has, by person. */
export async function hashesAt({ database: { db } }: Member): Promise<Map<number, string>> {
  const rows = await db.selectFrom('credential').select(['user_id', 'password_hash']).execute()
  return new Map(
    rows.flatMap(({ user_id, password_hash }) => (password_hash === null ? [] : [[user_id, password_hash]])),
  )
}
