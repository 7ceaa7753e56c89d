import type { Child } from '../child.ts'
import { bytesOf, load, quantiles } from '../load.ts'
import { report } from '../report.ts'

/** What a web shop asks: the whole first thousand, with each filter and with several, far down, and deals. */
const LISTS = [
  '/api/products',
  '/api/products?category=Phone',
  '/api/products?category=Laptops&condition=B',
  '/api/products?brand=apple',
  '/api/products?brand=Samsung&city=vancouver',
  '/api/products?min_price=100&max_price=1000',
  '/api/products?min_price=1&max_price=2',
  '/api/products?category=Phone&brand=Google&condition=A&min_price=200&max_price=900&city=Ottawa',
  '/api/products?city=nowhere',
  '/api/products?offset=99000',
  '/api/products?limit=20',
  '/api/products/deals',
  '/api/products/deals?min_discount=10&limit=100',
]

const SEARCHES = [
  'iphone',
  'iPhone 14 Pro',
  'galaxy ultra 256gb',
  'battery',
  'thinkpad black 1tb',
  'pixel 9 rose',
  '14',
  'no. 99999',
  'nothing like it',
  'gb',
].map((q) => `/api/products/search?q=${encodeURIComponent(q)}`)

const FILTERED = ['brand=Apple', 'category=Phone&max_price=500', 'min_price=300'].map(
  (filter) => `/api/products/search?q=pro&${filter}`,
)

/** 1,000 products listed and searched in a catalogue of `products`. */
export async function products(fixpoint: Child, products: number): Promise<void> {
  await measure(fixpoint, `a list of 1,000 at ${products} products`, LISTS)
  await measure(fixpoint, `a search of 1,000 at ${products} products`, [...SEARCHES, ...FILTERED])
}

/** In the server: the load shares two cores with it and takes a while to read half a megabyte. */
async function measure({ port, cpu, times }: Child, what: string, paths: string[]) {
  const asks = paths.map((path) => bytesOf(port, { path }))
  await load(port, asks, { connections: 1, count: asks.length * 10 })
  await times()
  const before = await cpu()
  const { requests, p99: seen, failures } = await load(port, asks, { connections: 1, count: asks.length * 60 })
  if (failures > 0) throw new Error(`${failures} requests were refused`)
  const used = ((await cpu()) - before) / requests / 1000
  const { p50, p99, worst } = quantiles(await times())
  report({
    name: 'products',
    what,
    goal: 'p99 ≤ 10 ms',
    result: `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, worst ${worst.toFixed(1)} ms, ${used.toFixed(2)} ms of CPU each; p99 to the client ${seen.toFixed(2)}`,
    reached: p99 <= 10,
  })
}
