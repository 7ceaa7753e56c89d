import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { configFrom } from '../../../server/config.ts'
import { formOf, jpeg } from '../../api/pictures.ts'
import type { Person, Shop } from '../../support/shop.ts'
import { openStandIn, signed, type StandIn } from '../../support/stripe-stand-in.ts'
import { type Counter, openCounter } from './counter.ts'

/** A web shop on a host of its own, the shop whose store it is, and the Stripe that both speak to. */
export type WebShop = Counter & {
  stripe: StandIn
  /** Another customer's window. */
  visit(): Promise<Page>
  /** Stripe tells the shop what happened since it last did. */
  tell(): Promise<number[]>
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens a web shop at another origin than the store API, which lets it in by `FIXPOINT_CORS_ORIGINS` alone. */
export async function openWebShop(): Promise<WebShop> {
  let now = Date.now
  const stripe = await openStandIn(() => now())
  const host = await openHost(stripe)
  const { corsOrigins } = configFrom({ FIXPOINT_CORS_ORIGINS: host.origin })
  const counter = await openCounter({ config: { corsOrigins, stripe: stripe.config } })
  const { shop } = counter
  now = shop.clock.now
  shop.context.stripe!.api.getInitialNetworkRetryDelay = () => 0.01
  let told = 0
  const goTo = async (page: Page) => {
    await page.goto(`${host.origin}/?api=${encodeURIComponent(shop.url)}`)
    await page.getByRole('option', { name: 'Vancouver' }).waitFor({ state: 'attached' })
    return page
  }
  return {
    ...counter,
    page: await goTo(counter.page),
    stripe,
    visit: async () => await goTo(await counter.another()),
    tell: async () => {
      const statuses: number[] = []
      for (const event of stripe.events.slice(told)) {
        const sent = signed(event, shop.clock.now())
        statuses.push((await shop.call('POST', '/api/orders/stripe-webhook', sent)).status)
      }
      told = stripe.events.length
      return statuses
    },
    [Symbol.asyncDispose]: async () => {
      await counter[Symbol.asyncDispose]()
      await host.close()
      await stripe[Symbol.asyncDispose]()
    },
  }
}

const FILES: Record<string, string> = { '/': 'text/html', '/shop.js': 'text/javascript' }

/** Serves the page, and takes cards in Stripe's place. The name is another than the API's: another site. */
async function openHost(stripe: StandIn) {
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url!, 'http://localhost')
    if (pathname === '/stripe/confirm') return void confirm(stripe, req, res)
    const type = FILES[pathname]
    if (!type) return void res.writeHead(404).end()
    const file = pathname === '/' ? 'index.html' : pathname.slice(1)
    res.setHeader('Content-Type', type)
    res.end(readFileSync(join(import.meta.dirname, '../web-shop', file)))
  }).listen(0, 'localhost')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Whoever knows the secret of an intent may pay it. */
async function confirm(stripe: StandIn, req: IncomingMessage, res: ServerResponse) {
  let body = ''
  for await (const chunk of req) body += String(chunk)
  const { secret, number } = JSON.parse(body) as { secret: string; number: string }
  const intent = [...stripe.intents.values()].find(({ client_secret }) => client_secret === secret)
  const answer = intent && stripe.confirm(intent.id, number.endsWith('0002') ? 'declined' : 'good')
  res.setHeader('Content-Type', 'application/json')
  res.end(
    JSON.stringify(answer?.status === 'succeeded' ? { status: 'succeeded' } : { error: 'Your card was declined.' }),
  )
}

type ProductFields = {
  brand?: string
  name: string
  category?: string
  price: number
  original?: number
  stock?: number
}

/** Adds a product with a picture of its own, as staff do at the counter; prices in cents. Returns the id. */
export async function sell(
  { call }: Shop,
  as: Person,
  { brand = 'Apple', name, category = 'Phone', price, original = price, stock = 5 }: ProductFields,
): Promise<number> {
  const counter = async (method: string, path: string, body?: unknown) => {
    const reply = await call(method, `/counter${path}`, { as, body })
    if (reply.status > 299) throw new Error(reply.text)
    return reply.body
  }
  const [categories, locations] = [await counter('GET', '/categories'), await counter('GET', '/locations')]
  const idOf = (rows: { id: number; name: string }[], wanted: string) => rows.find((row) => row.name === wanted)!.id
  const { id } = await counter('POST', '/products', {
    category_id: idOf(categories, category),
    location_id: idOf(locations, 'Vancouver'),
    cities: ['Vancouver'],
    brand,
    name,
    model: name,
    condition: 'A',
    price_cents: price,
    original_price_cents: original,
  })
  await counter('POST', `/products/${id}/stock/receipts`, { quantity: stock })
  const picture = await jpeg(320, 200, `#${randomBytes(3).toString('hex')}`)
  await counter('PUT', `/products/${id}/photo`, formOf({}, [['picture.jpg', picture]], 'photo'))
  return id
}

/** Whether every picture in a part of the page came and can be seen. */
export async function picturesIn(page: Page, label: string): Promise<string[]> {
  const images = page.getByRole('region', { name: label }).getByRole('img')
  for (const image of await images.all())
    await image.evaluate((img: HTMLImageElement) => img.decode()).catch(() => undefined) // One that is broken says so below.
  return await images.evaluateAll((all) =>
    all.map((img) => `${img.getAttribute('alt')}: ${(img as HTMLImageElement).naturalWidth > 0 ? 'seen' : 'broken'}`),
  )
}
