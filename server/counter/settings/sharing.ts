import { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { latestGrant } from '../../domain/time/clock-judgement.ts'
import { json } from '../../http/body.ts'
import { act, nothing, read } from '../../http/endpoint.ts'
import { notFound } from '../../http/errors.ts'
import { text } from '../../http/fields.contract.ts'
import { admin } from '../../http/auth/permissions.ts'
import { liveSessions } from '../../http/auth/session.ts'
import type { Seen } from '../../http/network/presence.ts'
import { endSession } from '../../shop/people/sessions.ts'
import { Sharing, SharingChange } from './sharing.contract.ts'

type Asking = Pick<Context, 'database' | 'run'> & { db: Db }

/** Tablets: whether other devices of the shop reach this server, and which do. */
export const sharing = [
  read(
    'GET /sharing',
    {
      who: admin,
      ofTheOrganisation: true,
      response: Sharing,
      summary: 'Whether other devices reach this server, where, and who is connected',
    },
    (context, { session }) => sharingOf(context, session!.id),
  ),

  act(
    'PUT /sharing',
    {
      who: admin,
      ofTheOrganisation: true,
      body: json(SharingChange),
      response: Sharing,
      summary: 'Shares this server on a network of this computer, or ends it',
    },
    async (context, { body: { network }, session }) => {
      await (network === null ? context.run.sharing.stop() : context.run.sharing.share(network))
      context.log.info({ network, person: session!.caller.id }, 'sharing on the network was switched')
      return await sharingOf(context, session!.id)
    },
  ),

  act(
    'DELETE /sharing/connected/:session',
    {
      who: admin,
      ofTheOrganisation: true,
      params: z.object({ session: text({ max: 100 }) }),
      response: nothing,
      summary: 'Signs a connected device out',
    },
    async (context, { params }) => {
      if (!(await connected(context)).some(({ id }) => id === params.session))
        throw notFound('connection-ended', 'This device is not connected any more')
      await context.write((trx) => endSession(trx, params.session))
      // Streams look at once whether their session is still open.
      context.database.notify([{ entity: 'sharing', id: 1 }])
    },
  ),
]

async function sharingOf(context: Asking, own: string): Promise<z.output<typeof Sharing>> {
  const { fixed, chosen, address, trouble, port, networks } = context.run.sharing.state()
  return {
    fixed,
    network: chosen,
    address,
    trouble,
    port,
    networks,
    connected: (await connected(context)).map(({ id, full_name, device, seen }) => ({
      session: id,
      person: full_name,
      device,
      address: seen.address,
      seen_at: seen.seen_at,
      here_now: seen.streams > 0,
      own: id === own,
    })),
  }
}

/** Open sessions that came over the network, whoever was heard last first. */
async function connected({ db, database, run: { presence } }: Asking) {
  const seen = new Map<string, Seen>(presence.list().map((one) => [one.session, one]))
  if (seen.size === 0) return []
  const clock = database.clock.read()
  const open = await liveSessions(db, latestGrant(clock), clock.expiry)
    .select(['user.full_name', 'session.device'])
    .where('session.id', 'in', [...seen.keys()])
    .execute()
  return open
    .map((session) => ({ ...session, seen: seen.get(session.id)! }))
    .toSorted((one, other) => other.seen.seen_at - one.seen.seen_at)
}
