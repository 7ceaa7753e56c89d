import { expect } from 'vitest'
import type { AgentParts } from '../../../../server/sync/agent/run-agent.ts'
import { formOf } from '../../../api/pictures.ts'
import { eventually } from '../../../support/eventually.ts'
import { join, type Joined } from '../../line/support/joined.ts'
import { type FleetOptions, type Member, openFleet } from '../../support/fleet.ts'
import { pictureOfOurs } from './pictures.ts'

/** A fleet whose terminals send and fetch photos, over lines that write down what they carried. */

const SECOND = 1_000

export type Carried = Joined & {
  /** The calls that went over its line, in order: `push`, `photos/ab…` and so on. */
  asked: string[]
}

const photosOf = ({ context }: Member): Partial<AgentParts> => ({
  photos: { config: context.config, run: context.run },
})

export async function openSenders(shops: number, options: FleetOptions = {}) {
  const fleet = await openFleet(shops, options)
  const senders: Carried[] = []
  for (const shop of fleet.shops) senders.push(await startSending(fleet.office, shop))
  return {
    ...fleet,
    senders,
    [Symbol.asyncDispose]: async () => {
      for (const { agent, line } of senders) {
        await agent.close()
        await line[Symbol.asyncDispose]()
      }
      await fleet[Symbol.asyncDispose]()
    },
  }
}

async function startSending(office: Member, shop: Member): Promise<Carried> {
  const joined = await join(office, shop, photosOf(shop))
  const asked: string[] = []
  joined.line.fate = (name) => {
    asked.push(name)
    return 'good'
  }
  const runPlain = joined.run
  const carried = Object.assign(joined, { asked })
  const showPictures = () => void (carried.shop.context.run.photos.look = carried.agent.look)
  carried.run = async (more) => {
    await runPlain({ ...photosOf(carried.shop), ...more })
    showPictures()
  }
  showPictures()
  return carried
}

/** Lets time go by at a terminal until this is so. */
export async function until(
  { hands, shop }: Pick<Joined, 'hands' | 'shop'>,
  isSo: () => Promise<void> | void,
  step = 2 * SECOND,
) {
  await eventually(async () => {
    hands.pass(step)
    shop.clock.pass(step)
    await isSo()
  })
}

/** Adds a picture to a ticket at a member's counter, one of a colour of its own; returns by which hash it is there. */
export async function addPhoto(member: Member, order_id: number, background: string): Promise<string> {
  const { bytes } = await pictureOfOurs(background)
  const reply = await member.counter('POST', `/tickets/${order_id}/photos`, formOf({}, [['a.jpg', bytes]]))
  expect([reply.status, reply.text]).toEqual([201, reply.text])
  const photo = member.database.db.selectFrom('photo').select('sha256').orderBy('id', 'desc').limit(1)
  return (await photo.executeTakeFirstOrThrow()).sha256
}
