import { expect, test } from 'vitest'
import type { ReceivedEntry } from '../../db/applied.ts'
import { inStore } from '../../db/handle.ts'
import { insert, insertMany, patch } from '../../db/rows.ts'
import { GENESIS } from '../../server/domain/chain.ts'
import { printPush } from '../../server/sync/core/op.ts'
import { takePush } from '../../server/sync/hub/take-push.ts'
import { afterBatch } from '../../server/sync/after/after-batch.ts'
import { openSync } from '../../server/sync/take.ts'
import { becomeRole, otherNode } from '../support/other-chain.ts'
import { axe, type Counter, openBusyCounter, picture } from './support/counter.ts'

/** Head office in the middle of its work, with a terminal of another store that tells it what a test says. */
async function openOffice() {
  const counter = await openBusyCounter()
  const { shop, page } = counter
  const { database } = shop
  await becomeRole(database, 'head-office')
  const BY = { actor: null, device: null, act: 'test' }
  const { node, store } = await database.write(BY, async (trx) => {
    const {
      id: _,
      created_at: __,
      updated_at: ___,
      ...own
    } = await trx.selectFrom('store').selectAll().executeTakeFirstOrThrow()
    const store = await insert(trx, 'store', { ...own, code: 'S2', name: 'Station' })
    const [node] = await insertMany(inStore(trx, store), 'node', [{ name: 'Front counter', terminal: 'T1' }])
    return { node: node!, store }
  })
  const chain = otherNode(node)
  let last = GENESIS
  const { known, ...rest } = await openSync(database)
  /** `unknown`: a table that this program does not know yet. */
  const hear = async (said: Parameters<typeof chain.says>[1], { unknown }: { unknown?: 'task_note' } = {}) => {
    const columns = new Map(known.columns)
    if (unknown) columns.delete(unknown)
    const here = unknown ? { ...known, columns, schema: known.schema - 1 } : known
    const entries: ReceivedEntry[] = chain.says(shop.clock.now(), said)
    const push: unknown = JSON.parse(JSON.stringify(printPush(last, entries)))
    const reply = await takePush({ ...rest, known: here }, node, push)
    if ('error' in reply) throw new Error(reply.detail)
    last = entries.at(-1)!.chain
  }
  const customer = (n: number, full_name: string, more: Record<string, string> = {}) => ({
    entity: 'user' as const,
    row_id: chain.id(n),
    kind: 'put' as const,
    after: { store_id: store, full_name, role: 'customer', is_staff: 0, is_active: 1, ...more },
  })
  const follow = async () => afterBatch(await openSync(database))
  return { counter, page, shop, chain, store, hear, customer, follow }
}

const address = (row_id: number, store_id: number, user_id: number) => ({
  entity: 'address' as const,
  row_id,
  kind: 'put' as const,
  after: {
    store_id, user_id, full_name: 'Ann Archer', phone_number: '020 7946 0001', address_line1: '1 Road', city: 'London',
    state: 'L', postal_code: 'N1', country: 'GB', is_default: 0,
  },
}) // oxfmt-ignore

const inGerman = async (counter: Counter, name: string) => {
  const { page } = counter
  await page.getByRole('button', { name: /Olga Owner/ }).click()
  await page.getByText('Deutsch').click()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Zu klären' }).waitFor()
  await picture(page, name)
}

test('what is put aside ends from the screen: taken, pointed elsewhere, dropped, and read again', async () => {
  const { counter, page, shop, chain, store, hear, customer } = await openOffice()
  await using _ = counter
  const { db } = shop.database
  const { id: category } = await db.selectFrom('category').select('id').orderBy('id').executeTakeFirstOrThrow()
  const shown = async () =>
    (await db.selectFrom('category').select('shown_as').where('id', '=', category).executeTakeFirstOrThrow()).shown_as
  const rename = (before: string | null, after: string) => ({ entity: 'category' as const, row_id: category, kind: 'patch' as const, before: { shown_as: before }, after: { shown_as: after } }) // oxfmt-ignore
  const before = await shown()
  await hear([customer(1, 'Ann Archer')])
  await hear([rename(before, 'Mobiles')])
  await hear([address(chain.id(1), store, chain.id(99))])
  await hear([rename(before, 'Nonsense')])
  const note = {
    store_id: store,
    kind: 'k',
    about_entity: 'user',
    about_id: chain.id(1),
    by: chain.id(1),
    facts_seen: '1',
  }
  await hear([{ entity: 'task_note', row_id: chain.id(1), kind: 'put', after: note }], { unknown: 'task_note' })
  await shop.database.flushSearchIndex()

  // The tasks of the day lead to it, and so does the page of the terminals.
  await page.reload()
  await page.getByRole('link', { name: /4 put aside/ }).click()
  await page.getByRole('heading', { name: 'To settle', level: 1 }).waitFor()
  const entries = page.getByRole('article')
  await expect.poll(() => entries.count()).toBe(4)
  await page.getByText('It changes what head office decides for all stores: a proposal.').first().waitFor()
  await picture(page, 'aside')
  expect(await axe(page)).toEqual([])

  await page.keyboard.press('Alt+1')
  await page.getByText('Head office has taken it').waitFor()
  await expect.poll(() => entries.count()).toBe(3)
  expect(await shown()).toBe('Mobiles')

  const held = entries.filter({ hasText: 'It waits for something that has not come yet' })
  await held.getByRole('button', { name: /Try again/ }).click()
  await page.getByText('It still waits for something that is not here').waitFor()
  await held.getByRole('button', { name: /Name another one/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog
    .getByRole('combobox')
    .or(dialog.getByLabel(/In place of/))
    .first()
    .fill('Ann')
  await page.getByRole('option', { name: /Ann Archer/ }).click()
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => entries.count()).toBe(2)

  const dropped = entries.filter({ hasText: 'Nonsense' })
  await dropped.getByRole('button', { name: /Drop it/ }).click()
  await dialog.getByLabel('Why (optional)').fill('not ours')
  await picture(page, 'aside-drop')
  await dialog.getByRole('button', { name: /Drop it/ }).click()
  await page.getByText('It is dropped').waitFor()
  await expect.poll(() => entries.count()).toBe(1)
  expect(await shown()).toBe('Mobiles')

  await page.getByText('Something of it comes from a newer Fixpoint.').waitFor()
  await page.getByRole('button', { name: /Try again/ }).click()
  await page.getByText('It is applied now').waitFor()
  await page.getByText('Nothing is put aside').waitFor()
  await picture(page, 'aside-empty')
  expect(counter.faults).toEqual([])
})

test('of two values the one that lost is restored with a key, or the other kept; another window follows', async () => {
  const { counter, page, shop, chain, hear, customer } = await openOffice()
  await using _ = counter
  const { database } = shop
  const { id: olga } = await database.db.selectFrom('user').select('id').where('full_name', '=', 'Olga Owner').executeTakeFirstOrThrow() // oxfmt-ignore
  await hear([customer(1, 'Jana Muller'), customer(2, 'Ben Okafor')])
  for (const n of [1, 2])
    await database.write({ actor: olga, device: null, act: 'PATCH /counter/customers/:id' }, (trx) =>
      patch(trx, 'user', chain.id(n), { full_name: n === 1 ? 'Jana Müller' : 'Benjamin Okafor' }),
    )
  shop.clock.pass(60_000)
  const said = (n: number, before: string, after: string) => ({ entity: 'user' as const, row_id: chain.id(n), kind: 'patch' as const, before: { full_name: before }, after: { full_name: after } }) // oxfmt-ignore
  await hear([said(1, 'Jana Muller', 'Jana Mueller'), said(2, 'Ben Okafor', 'B. Okafor')])
  await page.goto(`${shop.url}/aside?show=conflicts`)
  const entries = page.getByRole('article')
  await expect.poll(() => entries.count()).toBe(2)
  await page.getByText('Jana Müller').waitFor()
  await picture(page, 'aside-conflicts')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Alt+2')
  await page.getByText('The other value holds again').waitFor()
  await expect.poll(() => entries.count()).toBe(1)
  const nameOf = async (n: number) =>
    (await database.db.selectFrom('user').select('full_name').where('id', '=', chain.id(n)).executeTakeFirstOrThrow()).full_name // oxfmt-ignore
  expect(await nameOf(1)).toBe('Jana Müller')
  const other = await counter.another()
  await other.goto(`${shop.url}/aside?show=conflicts`)
  await other.getByRole('article').waitFor()
  await page.getByRole('button', { name: /Keep what holds/ }).click()
  await page.getByText('Nobody’s value was overtaken').waitFor()
  await other.getByText('Nobody’s value was overtaken').waitFor()
  expect(await nameOf(2)).toBe('B. Okafor')
  expect(counter.faults).toEqual([])
})

test('what may be one person is shown side by side, and a key says that they are two', async () => {
  const { counter, page, shop, hear, customer, follow } = await openOffice()
  await using _ = counter
  const phone = { phone: '07700 900128', phone_key: '+447700900128' }
  await hear([customer(1, 'Elif Kaya', phone)])
  shop.clock.pass(60_000)
  await hear([customer(2, 'Elif K.', phone), customer(3, 'Rosa Marchetti', { ...phone, phone_key: '+447700900999' })])
  await hear([customer(4, 'R. Marchetti', { ...phone, phone_key: '+447700900999' })])
  await follow()
  await page.goto(shop.url)
  await page.getByRole('link', { name: /2 there twice/ }).click()
  const entries = page.getByRole('article')
  await expect.poll(() => entries.count()).toBe(2)
  await page.getByRole('cell', { name: 'Elif Kaya' }).waitFor()
  await picture(page, 'aside-duplicates')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Alt+2')
  await page.getByText('Noted: they are different').waitFor()
  await expect.poll(() => entries.count()).toBe(1)
  await inGerman(counter, 'aside-duplicates-de')
  await page.getByRole('button', { name: /Eine Person/ }).click()
  await page.getByText('Nichts ist doppelt').waitFor()
  const marks = shop.database.db.selectFrom('user').select('duplicate_of').where('duplicate_of', 'is not', null)
  expect(await marks.execute()).toHaveLength(1)
  expect(counter.faults).toEqual([])
})
