import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test, vi } from 'vitest'
import { sweepPhotos } from '../../server/shop/photos/photos.ts'
import { beginPending, keepFiles } from '../../server/shop/photos/photo-files.ts'
import { openShop, type Person, type Shop } from '../support/shop.ts'
import { formOf, heic, jpeg, png, webp } from './pictures.ts'

const PHONE = { brand_name: 'Apple', model_text: 'iPhone 14 Pro', condition: 'A' }

const send = (shop: Shop, as: Person, files: [string, Buffer][]) =>
  shop.call('POST', '/api/tradein/pickup-requests', { as, body: formOf(PHONE, files) })

const fetched = async (shop: Shop, path: string, token?: string) => {
  const reply = await fetch(shop.url + path, token ? { headers: { authorization: `Bearer ${token}` } } : {})
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) }
}

/** Every file that photos left in the data folder. */
const filesOf = (shop: Shop) =>
  globSync('{photos,incoming}/**/*', { cwd: shop.context.config.data, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )

test.each([
  ['JPEG', jpeg, [64, 48]],
  ['PNG', png, [40, 30]],
  ['WebP', webp, [40, 30]],
  ['HEIC', heic, [120, 80]],
] as const)('a %s becomes a JPEG that says nothing of its camera', async (_, make, [width, height]) => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const { status, body } = await send(shop, as, [['../../etc/passwd', await make()]])
  expect(status).toBe(201)
  const photo = await fetched(shop, body.photos[0])
  expect([photo.status, photo.headers.get('content-type'), photo.headers.get('x-content-type-options')]).toEqual([
    200,
    'image/jpeg',
    'nosniff',
  ])
  expect(await sharp(photo.bytes).metadata()).toMatchObject({ format: 'jpeg', width, height })
  expect((await sharp(photo.bytes).metadata()).exif).toBe(undefined)
  expect(photo.bytes.toString('latin1')).not.toContain('SecretCam')
})

test('who sends too many photos at once is told to wait, and nobody else is', async () => {
  await using shop = await openShop()
  const [eager, other] = [await shop.person('customer'), await shop.person('customer', { phone: '604 555 0102' })]
  const photo = await jpeg(1_600, 1_200)
  const many = Array.from({ length: 30 }, () => send(shop, eager, [['a.jpg', photo]]))
  const one = send(shop, other, [['a.jpg', photo]])
  const replies = await Promise.all(many)
  const refused = replies.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  for (const { body, headers } of refused)
    expect([headers.get('retry-after'), body.detail]).toEqual(['5', expect.stringContaining('too many photos')])
  expect(replies.filter(({ status }) => status === 503)).toEqual([])
  expect((await one).status).toBe(201)
})

test.runIf(existsSync('/proc/self/environ'))('who develops photos is told no secret of the server', async () => {
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_not_for_decoders')
  try {
    await using shop = await openShop({ ownImageWorkers: true })
    const others = developers()
    const { status } = await send(shop, await shop.person('customer'), [['a.jpg', await jpeg()]])
    const started = developers().filter((pid) => !others.includes(pid))
    const told = started.flatMap((pid) => read(`/proc/${pid}/environ`).split('\0'))
    expect([status, told.length > 0]).toEqual([201, true])
    const names = told.map((line) => line.split('=')[0])
    expect(names.filter((name) => name && !/^(?:PATH|HOME|TMPDIR|TEMP|TMP|NODE_CHANNEL_\w+)$/.test(name))).toEqual([])
  } finally {
    vi.unstubAllEnvs()
  }
})

/** The processes of this one that develop photos. */
const developers = () =>
  globSync(`/proc/${process.pid}/task/*/children`)
    .flatMap((path) => read(path).split(' ').filter(Boolean))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes('image-worker'))

/** A file of a process; nothing when that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

test('a file is called back by its own name, without what could be mistaken in it', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const reply = await send(shop, as, [['Küche \u202egpj.exe', Buffer.from('<svg/>')]])
  expect(reply.body).toEqual({
    detail: "'Küche gpj.exe' is no JPEG, PNG, WebP or HEIC picture",
    code: 'photo-kind-unknown',
    params: { name: 'Küche gpj.exe' },
  })
})

test('a form of more texts than anybody needs is refused before they fill the memory', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`f${n}`, 'x'.repeat(65_000)]))
  const reply = await shop.call('POST', '/api/tradein/pickup-requests', { as, body: formOf({ ...PHONE, ...many }) })
  expect([reply.status, reply.body]).toMatchObject([400, { detail: 'The form could not be read: Too many fields' }])
})

test('a large photo is made smaller, upright, with a small one for lists', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const sideways = await sharp({ create: { width: 3_000, height: 1_500, channels: 3, background: '#123' } })
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer()
  const { body } = await send(shop, as, [['a.jpg', sideways]])
  const [path] = body.photos as [string]
  expect(await sharp((await fetched(shop, path)).bytes).metadata()).toMatchObject({ width: 1_280, height: 2_560 })
  const small = await fetched(shop, `${path}&size=thumbnail`)
  expect(await sharp(small.bytes).metadata()).toMatchObject({ width: 200, height: 400 })
})

test('a photo is seen by its signature while it is good, by its owner and by staff, and by nobody else', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const { body } = await send(shop, as, [['a.jpg', await jpeg()]])
  const signed = body.photos[0] as string
  const path = signed.split('?')[0]!
  expect((await fetched(shop, signed)).headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  for (const kind of ['staff', 'evaluator', 'admin'] as const)
    expect((await fetched(shop, path, (await shop.person(kind)).token)).status).toBe(200)
  expect((await fetched(shop, path, as.token)).status).toBe(200)
  expect((await fetched(shop, path, (await shop.person('customer')).token)).status).toBe(403)
  expect((await fetched(shop, path)).status).toBe(403)
  expect((await fetched(shop, path.replace('_0', '_7'))).status).toBe(403)
  expect((await fetched(shop, path.replace('_0', '_7'), as.token)).status).toBe(403)
  expect((await fetched(shop, signed.replace('_0', '_00'))).status).toBe(403)
  expect(
    (
      await fetched(
        shop,
        signed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      )
    ).status,
  ).toBe(403)
  const later = signed.replace(/expires=(\d+)/, (_, ms) => `expires=${Number(ms) + 1}`)
  expect((await fetched(shop, later)).status).toBe(403)
  shop.clock.pass(2 * 3_600_000)
  expect((await fetched(shop, signed)).status).toBe(403)
})

test.each([
  'expires=',
  'expires=soon',
  'expires=99999999999999999999',
  'signature=%00',
  `signature=${'x'.repeat(300)}`,
])('with %s there is no signature: its owner sees the photo, nobody else', async (mangled) => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const { body } = await send(shop, as, [['a.jpg', await jpeg()]])
  const [name] = mangled.split('=')
  const path = (body.photos[0] as string).replace(new RegExp(`${name}=[^&]*`), mangled)
  expect((await fetched(shop, path)).status).toBe(403)
  expect((await fetched(shop, path, as.token)).status).toBe(200)
})

test('an empty size of a photo asks nothing', async () => {
  await using shop = await openShop()
  const { body } = await send(shop, await shop.person('customer'), [['a.jpg', await jpeg()]])
  expect((await fetched(shop, `${body.photos[0]}&size=`)).status).toBe(200)
})

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')

test.each([
  ['drawing.svg', SVG, "'drawing.svg' is no JPEG, PNG, WebP or HEIC picture"],
  ['page.jpg', Buffer.from('<html><script>alert(1)</script>'), "'page.jpg' is no JPEG, PNG, WebP or HEIC picture"],
  ['film.gif', Buffer.from('GIF89a000000000000'), "'film.gif' is no JPEG, PNG, WebP or HEIC picture"],
  ['empty.jpg', Buffer.alloc(0), "'empty.jpg' is no JPEG, PNG, WebP or HEIC picture"],
  ['broken.jpg', Buffer.from('ffd8ffe000104a46494600', 'hex'), "'broken.jpg' cannot be read"],
  ['broken.heic', heic().subarray(0, 300), "'broken.heic' cannot be read"],
  ['large.jpg', Buffer.alloc(5 * 1_048_576, 'x'), "'large.jpg' is too large: a file must be under 5 MB"],
])('%s is refused by name and reason, and nothing of its request is kept', async (name, bytes, detail) => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const reply = await send(shop, as, [
    ['good.jpg', await jpeg()],
    [name, bytes],
  ])
  expect([reply.status, reply.body]).toMatchObject([400, { detail }])
  await expect.poll(() => filesOf(shop)).toEqual([])
  expect(await shop.database.db.selectFrom('pickup_request').select('id').execute()).toEqual([])
})

test('a picture of more pixels than any camera makes is refused before it is unpacked', async () => {
  await using shop = await openShop()
  const bomb = await sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  const reply = await send(shop, await shop.person('customer'), [['bomb.png', bomb]])
  expect([reply.status, reply.body]).toMatchObject([400, { detail: "'bomb.png' has too many pixels" }])
})

test('more than five photos are refused, and nothing is kept', async () => {
  await using shop = await openShop()
  const photo = await jpeg()
  const files = Array.from({ length: 6 }, (_, n): [string, Buffer] => [`${n}.jpg`, photo])
  const reply = await send(shop, await shop.person('customer'), files)
  expect([reply.status, reply.body]).toMatchObject([400, { detail: 'Too many files: at most 5 may be sent' }])
  await expect.poll(() => filesOf(shop)).toEqual([])
})

test('the same photo is kept once, and stays while one request of it fails', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const photo = await jpeg()
  const replies = await Promise.all([1, 2, 3].map(() => send(shop, as, [['a.jpg', photo]])))
  expect(replies.map(({ status }) => status)).toEqual([201, 201, 201])
  expect(await shop.database.db.selectFrom('photo').select('id').execute()).toHaveLength(1)
  await expect.poll(() => filesOf(shop).length).toBe(2)
  await send(shop, as, [
    ['a.jpg', photo],
    ['b.svg', SVG],
  ])
  expect((await fetched(shop, replies[0]!.body.photos[0])).status).toBe(200)
})

test('what a crash left without a row is gone after the next start, and what has a row stays', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const { body } = await send(shop, as, [['kept.jpg', await jpeg()]])
  await expect.poll(() => filesOf(shop).length).toBe(2)
  const { data } = shop.context.config
  const lost = 'ab'.repeat(32)
  const files = { full: join(data, 'lost'), thumbnail: join(data, 'small') }
  for (const path of Object.values(files)) writeFileSync(path, 'lost')
  await beginPending(data, lost)
  await keepFiles(data, { sha256: lost, files })
  const { sha256 } = await shop.database.db.selectFrom('photo').select('sha256').executeTakeFirstOrThrow()
  writeFileSync(join(data, 'photos', 'marks', `${sha256}.1234`), '')
  mkdirSync(join(data, 'incoming'), { recursive: true })
  writeFileSync(join(data, 'incoming', 'half'), 'half an upload')
  expect(existsSync(join(data, 'photos', 'ab', `${lost}.jpg`))).toBe(true)
  await sweepPhotos(shop.context)
  expect(filesOf(shop)).toHaveLength(2)
  expect(readFileSync(join(data, 'photos', sha256.slice(0, 2), `${sha256}.jpg`)).length).toBeGreaterThan(0)
  expect((await fetched(shop, body.photos[0])).status).toBe(200)
})

test('a form cannot name a file that lies on the server', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const path = join(shop.context.config.data, 'private.jpg')
  writeFileSync(path, await jpeg())
  for (const field of ['photos[path]', 'photos[0][path]', 'photos[0][0][path]', 'photos[][][path]']) {
    const { body } = await shop.call('POST', '/api/tradein/pickup-requests', {
      as,
      body: formOf({ ...PHONE, [field]: path }),
    })
    expect([field, body.photos]).toEqual([field, []])
  }
  expect(filesOf(shop)).toEqual([])
})
