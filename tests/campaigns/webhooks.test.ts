import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { runWebhookCampaign } from './webhooks.ts'

test('sequences of payments, refunds, webhooks and failures end where Stripe is', async () => {
  const { wrong, doubleCredits, tally } = await runWebhookCampaign({ sequences: 8, seed: 1, fresh: freshDatabase })
  expect(wrong).toEqual([])
  expect([doubleCredits, tally.forgedTaken]).toEqual([0, 0])
  expect([tally.kills > 0, tally.repeated > 0, tally.forged > 0, tally.refunds > 0]).toEqual([true, true, true, true])
})
