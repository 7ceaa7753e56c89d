import { expect, test } from 'vitest'
import { deactivate } from '../../server/shop/accounts.ts'
import { openCounter } from './counter-shop.ts'

test('a page hears of what others changed, after it is saved', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  const { order_id } = await shop.takeIn()
  await shop.counter('POST', '/tickets/999/messages', { text: 'is refused' })
  await shop.counter('POST', `/tickets/${order_id}/messages`, { text: 'is saved' })
  const heard = await hear(stream, ({ entity }) => entity === 'order_event')
  expect(heard).toContainEqual({ entity: 'repair_order', id: order_id })
  expect(heard.filter(({ entity }) => entity === 'order_event')).toHaveLength(1)
})

test('a stream that is still open tells nothing more once its session has ended', async () => {
  let told: Promise<Change[]>
  {
    await using shop = await openCounter()
    const listen = async (person: typeof shop.staff) => {
      const { headers } = await shop.signIn(person)
      return await fetch(`${shop.url}/counter/events`, { headers: headers! })
    }
    told = hear(await listen(shop.staff), () => false)
    const live = await listen(shop.admin)
    await shop.write((trx) => deactivate(trx, shop.staff.id))
    await shop.counter('POST', '/intakes', shop.intake(), { as: shop.admin })
    await hear(live, ({ entity }) => entity === 'intake')
  }
  expect(await told).toEqual([])
})

test('nobody listens without being signed in', async () => {
  await using shop = await openCounter()
  expect((await fetch(`${shop.url}/counter/events`)).status).toBe(401)
  const token = shop.customer.token
  expect((await fetch(`${shop.url}/counter/events`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
    403,
  )
})

type Change = { entity: string; id: number }

/** The changes of a stream up to the first that `isLast`, or until the server closes it. */
async function hear(stream: Response, isLast: (change: Change) => boolean): Promise<Change[]> {
  const heard: Change[] = []
  let text = ''
  try {
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events) if (event.startsWith('data: ')) heard.push(JSON.parse(event.slice(6)) as Change)
      if (heard.some(isLast)) return heard
    }
  } catch {
    // The shop has closed.
  }
  return heard
}
