import { setTimeout as pause } from 'node:timers/promises'
import type { Figure } from '../../bench/report.ts'
import { randomFrom } from '../random.ts'
import { inspectDatabase, type Opened, serve, type ShopFiles, verifyFailure } from '../shop-files.ts'
import { addModel, addNamed } from '../../../server/shop/devices/catalogue.ts'
import type { Person } from '../../support/person.ts'

/**
 * A server that is killed while a device is offered for, bought, or a purchase is taken back, again and again: whoever asks again
 * under the same key is answered by the one offer or purchase, and nothing is half bought.
 */
export async function killedPurchases(
  files: ShopFiles,
  { kills, seed, longest = 60 }: { kills: number; seed: number; longest?: number },
): Promise<Figure[]> {
  const random = randomFrom(seed)
  const desk = await inspectDatabase(files, prepare)
  const wrong: string[] = []
  for (const [n, ready] of (await readyForOffer(files, desk, kills)).entries()) {
    const key = `offer-${n}`
    const made = isOffer(ready)
      ? ready
      : await sentTwice(files, { desk, ...offerOf(ready), key, wait: random.between(0, longest) })
    if ('status' in made && made.status !== 201) {
      wrong.push(`offer ${n}: ${made.text}`)
      continue
    }
    const step: Offer = 'status' in made ? JSON.parse(made.text) : made
    const body = purchaseOf(step)
    const path = `/counter/trade-ins/${step.pickup_id}/purchase`
    const bought = await sentTwice(files, { desk, path, body, key: `buy-${n}`, wait: random.between(0, longest) })
    if (bought.status !== 201) wrong.push(`purchase ${n}: ${bought.text}`)
    // Each third one is taken back, under a key of its own.
    if (n % 3 !== 0 || bought.status !== 201) continue
    const undo = `/counter/purchases/${JSON.parse(bought.text).id}/undo`
    const back = { reason: `reason ${n}` }
    const undone = await sentTwice(files, {
      desk,
      path: undo,
      body: back,
      key: `undo-${n}`,
      wait: random.between(0, longest),
    })
    if (undone.status !== 201) wrong.push(`undo ${n}: ${undone.text}`)
  }
  const halves = await inspectDatabase(files, ({ database }) => halfBought(database))
  const verified = await verifyFailure(files)
  const figure = (what: string, found: readonly string[]) =>
    ({
      name: 'R1',
      what,
      goal: '0',
      result: found.length === 0 ? '0' : found.slice(0, 3).join('; '),
      reached: found.length === 0,
    }) satisfies Figure
  return [
    figure(`of ${kills} purchases, not done by the second request`, wrong),
    figure(`of ${kills} purchases, half done or done twice`, halves),
    { name: 'R1', what: 'verify', goal: 'all is well', result: verified ?? 'all is well', reached: verified === null },
  ]
}

type Desk = { admin: Person; device_type_id: number }
type Ready = { id: string; version: number; seller: string }
type Offer = { pickup_id: number; version: number }

async function prepare({ database, person }: Opened): Promise<Desk> {
  const admin = await person('admin')
  const device_type_id = await database.write({ actor: admin.id, device: null, act: 'campaign' }, async (trx) => {
    const brand_id = (await addNamed(trx, 'brand', { name: 'Fairphone' })).id
    const device_type_id = (await addNamed(trx, 'device_type', { name: 'Handheld' })).id
    await addModel(trx, { brand_id, device_type_id, name: 'Five' })
    return device_type_id
  })
  return { admin, device_type_id }
}

async function send(url: string, { admin }: Desk, method: string, path: string, body: unknown, key?: string) {
  const reply = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${admin.token}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  })
  return { status: reply.status, text: await reply.text() }
}

const isOffer = (ready: Ready | Offer): ready is Offer => 'pickup_id' in ready

/**
 * So many evaluations, each of another device. Each third one is only ready to be offered for; not where another server may be
 * at work on the same database, since who asks again there is told to wait.
 */
async function readyForOffer(files: ShopFiles, desk: Desk, count: number): Promise<(Ready | Offer)[]> {
  const server = await serve(files)
  const ask = async (method: string, path: string, body: unknown) => {
    const reply = await send(server.url, desk, method, `/counter${path}`, body)
    if (reply.status > 299) throw new Error(`${method} ${path}: ${reply.text}`)
    return JSON.parse(reply.text)
  }
  const made: (Ready | Offer)[] = []
  while (made.length < count) {
    const serial_number = `KILL-${made.length}`
    const begun = await ask('POST', '/buy-ins', { serial_number })
    const { device_type_id } = desk
    const device = { serial_number, device_type_id, brand: 'Fairphone', model: 'Five', storage: null }
    const described = await ask('PUT', `/buy-ins/${begun.id}`, { version: begun.version, device })
    const answers = described.questions
      .filter(({ must }: { must: boolean }) => must)
      .map(
        ({ id, answers, options }: { id: number; answers: string; options: { key: string; blocks: boolean }[] }) => ({
          item_id: id,
          choice: answers === 'percent' ? '95' : options.find(({ blocks }) => !blocks)?.key,
        }),
      )
    const other_price = { price_cents: 5_000, reason: 'campaign', photo_id: null }
    const ready = await ask('PUT', `/buy-ins/${begun.id}`, { version: described.version, answers, other_price })
    const evaluation = { id: begun.id, version: ready.version, seller: `Seller ${made.length}` }
    const isKilled = !('url' in files.at) && made.length % 3 === 1
    const { path, body } = offerOf(evaluation)
    made.push(isKilled ? evaluation : JSON.parse((await send(server.url, desk, 'POST', path, body)).text))
  }
  await server.stop('SIGKILL')
  return made
}

const offerOf = ({ id, version, seller }: Ready) => ({
  path: `/counter/buy-ins/${id}/seller`,
  body: { version, customer: { full_name: seller } },
})

const purchaseOf = ({ version }: Offer) => ({
  offer_version: version,
  identity: { kind: 'private', name: 'Seller', document_kind: 'id-card', number: '1' },
  declaration: { language: 'en', words_version: 1, signature: 'M1 1L2 2' },
  payout: [{ method: 'cash', amount_cents: 5_000 }],
})

type Intention = { desk: Desk; path: string; body: unknown; key: string; wait: number }

/** Sends it to a server that is killed so many ms later, and then to one that lives. */
async function sentTwice(files: ShopFiles, { desk, path, body, key, wait }: Intention) {
  const first = await serve(files)
  const lost = send(first.url, desk, 'POST', path, body, key).catch(() => null)
  await pause(wait)
  await first.stop('SIGKILL')
  const before = await lost
  const second = await serve(files)
  const again = await send(second.url, desk, 'POST', path, body, key)
  await second.stop('SIGTERM')
  const isOther = before?.status === 201 && nameOf(before.text) !== nameOf(again.text)
  return isOther ? { status: 0, text: `${before.text} became ${again.text}` } : again
}

/** What was made: a document by its number, an offer by its request and version. */
const nameOf = (text: string): string => {
  const { number, pickup_id, version } = JSON.parse(text)
  return String(number ?? `${pickup_id} ${version}`)
}

/** Purchases that lack one of their parts, or requests that were bought twice. */
async function halfBought({ db }: Opened['database']): Promise<string[]> {
  const receipts = await db.selectFrom('receipt').select(['id', 'number', 'original_id', 'total_cents']).execute()
  const faults: string[] = []
  for (const { id, number, original_id, total_cents } of receipts) {
    const lines = await db.selectFrom('receipt_line').selectAll().where('receipt_id', '=', id).execute()
    const legs = await db.selectFrom('leg').select('amount_cents').where('receipt_id', '=', id).execute()
    const moved = await db
      .selectFrom('stock_movement')
      .select('quantity')
      .where('receipt_line_id', '=', lines[0]?.id ?? 0)
      .execute()
    const signed = await db.selectFrom('declaration').select('id').where('receipt_id', '=', id).execute()
    const paid = legs.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
    const whole =
      lines.length === 1 &&
      moved.length === 1 &&
      paid === -total_cents &&
      moved[0]!.quantity === (original_id === null ? 1 : -1) &&
      signed.length === (original_id === null ? 1 : 0)
    if (!whole) faults.push(`${number} is not whole`)
  }
  const units = await db.selectFrom('unit').select(['id', 'serial_key']).execute()
  const first = receipts.filter(({ original_id }) => original_id === null)
  if (units.length !== first.length) faults.push(`${units.length} units of ${first.length} purchases`)
  if (new Set(units.map(({ serial_key }) => serial_key)).size !== units.length) faults.push('a device is there twice')
  const identities = await db.selectFrom('seller_identity').select('id').execute()
  if (identities.length !== first.length) faults.push(`${identities.length} sellers of ${first.length} purchases`)
  const waiting = await db.selectFrom('pickup_request').select(['id', 'status']).execute()
  if (waiting.length !== first.length) faults.push(`${waiting.length} requests of ${first.length} purchases`)
  const undone = receipts.length - first.length
  const accepted = waiting.filter(({ status }) => status === 'accepted').length
  if (accepted !== first.length - undone)
    faults.push(`${accepted} accepted of ${first.length} purchases, ${undone} taken back`)
  return faults
}
