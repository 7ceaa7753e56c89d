import { expect, test } from 'vitest'
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

test('nobody listens without being signed in', async () => {
  await using shop = await openCounter()
  expect((await fetch(`${shop.url}/counter/events`)).status).toBe(401)
  const token = shop.customer.token
  expect((await fetch(`${shop.url}/counter/events`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
    403,
  )
})

type Change = { entity: string; id: number }

/** The changes of a stream up to the first that `isLast`; then hangs up. */
async function hear(stream: Response, isLast: (change: Change) => boolean): Promise<Change[]> {
  const heard: Change[] = []
  let text = ''
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const events = text.split('\n\n')
    text = events.pop()!
    for (const event of events) if (event.startsWith('data: ')) heard.push(JSON.parse(event.slice(6)) as Change)
    if (heard.some(isLast)) return heard
  }
  return heard
}
