import type { TestDatabase } from '../support/database.ts'
import { check } from './card-check.ts'
import { anyStep, end } from './card-steps.ts'
import { openWorld, type Tally } from './card-world.ts'

/**
 * R7: sequences of what customers, the shop and Stripe do, with injected faults, and with webhooks in any order, doubled, late and forged
 * or none at all, and the program killed between Stripe's answer and its own commit. Each must end where Stripe is.
 */

export type WebhookCampaign = { sequences: number; tally: Tally; wrong: string[]; doubleCredits: number }

/** So many worlds at once: most of the time they wait. */
const AT_ONCE = 6

/** Each sequence has a shop of its own, on a database that `fresh` makes. */
export async function runWebhookCampaign({
  sequences,
  seed,
  fresh,
}: {
  sequences: number
  seed: number
  fresh: () => Promise<TestDatabase>
}): Promise<WebhookCampaign> {
  const tally: Tally = {
    steps: 0,
    orders: 0,
    events: 0,
    repeated: 0,
    forged: 0,
    forgedTaken: 0,
    faults: 0,
    kills: 0,
    refunds: 0,
    disputes: 0,
  }
  const result: WebhookCampaign = { sequences, tally, wrong: [], doubleCredits: 0 }
  let next = seed
  const work = async () => {
    while (next < seed + sequences) await runSequence(next++, result, fresh)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, sequences) }, work))
  return result
}

async function runSequence(seed: number, result: WebhookCampaign, fresh: () => Promise<TestDatabase>) {
  const own: Tally = { ...result.tally }
  for (const name of Object.keys(own) as (keyof Tally)[]) own[name] = 0
  try {
    await using world = await openWorld(seed, own, fresh)
    for (let left = world.random.between(12, 30); left > 0; left--) await anyStep(world)
    await end(world)
    const { wrong, doubleCredits } = await check(world)
    result.wrong.push(...wrong.map((text) => `seed ${seed}: ${text}`))
    result.doubleCredits += doubleCredits
  } catch (error) {
    result.wrong.push(`seed ${seed}: ${String(error)}`)
  }
  for (const name of Object.keys(own) as (keyof Tally)[]) result.tally[name] += own[name]
}
