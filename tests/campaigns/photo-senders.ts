import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import type { Person } from '../support/person.ts'
import type { Random } from './random.ts'

/** People who send what their telephones made, and what is none. */

/** `good` says whether it is a picture. */
type Sent = { name: string; bytes: Buffer; good: boolean }

const TWELVE_MEGAPIXELS = [4_032, 3_024] as const

/** Pictures made once and sent over and over; `fresh` ones are like no other. */
export async function openAlbum(random: Random) {
  const [large, middle, png, webp] = await Promise.all([
    Promise.all(
      [1, 2].map((n) =>
        scene(...TWELVE_MEGAPIXELS, n)
          .jpeg({ quality: 80 })
          .toBuffer(),
      ),
    ),
    Promise.all([3, 4, 5].map((n) => scene(1_600, 1_200, n).jpeg().toBuffer())),
    Promise.all([6, 7].map((n) => scene(800, 600, n).png().toBuffer())),
    Promise.all([8, 9].map((n) => scene(1_200, 900, n).webp().toBuffer())),
  ])
  const heic = readFileSync(new URL('../support/photo.heic', import.meta.url))
  const good = (name: string, bytes: Buffer): Sent => ({ name, bytes, good: true })
  const bad = (name: string, bytes: Buffer): Sent => ({ name, bytes, good: false })
  const fresh = async () => {
    const [width, height] = [random.between(100, 640), random.between(100, 480)]
    const background = { r: random.between(0, 255), g: random.between(0, 255), b: random.between(0, 255) }
    return await sharp({ create: { width, height, channels: 3, background } })
      .jpeg()
      .toBuffer()
  }
  return {
    async any(): Promise<Sent> {
      const kind = random.between(1, 100)
      if (kind <= 4) return good('twelve.jpg', random.of(large))
      if (kind <= 14) return good('middle.jpg', random.of(middle))
      if (kind <= 22) return good('a.png', random.of(png))
      if (kind <= 30) return good('a.webp', random.of(webp))
      if (kind <= 34) return good('a.heic', heic)
      if (kind <= 38) return bad('broken.jpg', random.of(middle).subarray(0, 20_000))
      if (kind <= 41) return bad('broken.heic', heic.subarray(0, 300))
      if (kind <= 43) return bad('page.jpg', Buffer.from('<html><script>alert(1)</script>'))
      return good('fresh.jpg', await fresh())
    },
    twelve: () => good('twelve.jpg', random.of(large)),
  }
}

/** Noise and gradients: as much work to code as a photograph. */
function scene(width: number, height: number, n: number) {
  const noise = { type: 'gaussian' as const, mean: 40 + 20 * n, sigma: 12 }
  return sharp({ create: { width: width / 4, height: height / 4, channels: 3, background: '#000', noise } }).resize(
    width,
    height,
  )
}

/** People who take turns: a shop takes only so many requests of one. */
export function inTurn(people: readonly Person[]): () => Person {
  let turn = 0
  return () => people[turn++ % people.length]!
}

/** Offers a device with these photos; null when the connection was `cut` after so many ms. */
export async function offer(
  url: string,
  { token }: Person,
  photos: Sent[],
  cut: number | null,
): Promise<Response | null> {
  const body = new FormData()
  for (const [name, value] of Object.entries({ brand_name: 'Apple', model_text: 'iPhone 14', condition: 'A' }))
    body.append(name, value)
  for (const { name, bytes } of photos) body.append('photos', new Blob([new Uint8Array(bytes)]), name)
  const signal = cut === null ? null : AbortSignal.timeout(cut)
  try {
    const reply = await fetch(`${url}/api/tradein/pickup-requests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
      signal,
    })
    await reply.arrayBuffer()
    return reply
  } catch (error) {
    if (cut === null) throw error
    return null
  }
}
