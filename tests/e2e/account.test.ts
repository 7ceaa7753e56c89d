import { expect, test } from 'vitest'
import { insert, patchUnchecked } from '../../db/rows.ts'
import { axe, openBusyCounter, picture } from './support/counter.ts'

test('a customer sets a password with the code of the claim stub, sees their repairs, and answers an offer', async () => {
  await using counter = await openBusyCounter()
  const { page, shop, another } = counter
  const {
    id: customer_id,
    ticket_number,
    phone,
  } = await shop.database.db
    .selectFrom('repair_order')
    .innerJoin('user', 'user.id', 'repair_order.customer_id')
    .select(['user.id', 'user.phone', 'repair_order.ticket_number'])
    .where('user.phone', 'is not', null)
    .where('repair_order.status', '=', 'Repairing')
    .where('cost_cents', '>', 0)
    .orderBy('repair_order.id')
    .executeTakeFirstOrThrow()
  const offer_id = await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const { id: brand_id } = await trx.selectFrom('brand').select('id').orderBy('id').executeTakeFirstOrThrow()
    const pickup = {
      user_id: customer_id,
      brand_id,
      model_text: 'iPhone 12',
      storage: '128GB',
      condition: 'B' as const,
    }
    const pickup_id = await insert(trx, 'pickup_request', { ...pickup, status: 'offered' })
    await insert(trx, 'evaluation', { pickup_id, tester_id: customer_id, final_offer_cents: 21_000 })
    const offer = { pickup_id, version: 1, condition: 'B' as const, base_cents: null, source: 'manual' as const }
    return await insert(trx, 'offer', { ...offer, deductions: '[]', price_cents: 21_000, made_by: customer_id })
  })
  const endOffer = (valid_until: number | null) =>
    shop.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
      patchUnchecked(trx, 'offer', offer_id, { valid_until }),
    )
  const { code } = await page.evaluate(
    (id) => fetch(`/counter/customers/${id}/claim-code`, { method: 'POST' }).then((reply) => reply.json()),
    customer_id,
  )
  const theirs = await another()
  await theirs.setViewportSize({ width: 390, height: 844 })
  await theirs.goto(`${shop.url}/claim#${code}`)
  const password = theirs.getByLabel('New password')
  await password.waitFor()
  await picture(theirs, 'claim')
  await theirs.setViewportSize({ width: 390, height: 844 })
  await password.fill('my own password')
  await theirs.getByRole('button', { name: 'Set password' }).click()
  await theirs.getByText(ticket_number).waitFor()
  await picture(theirs, 'account')
  await theirs.setViewportSize({ width: 390, height: 844 })
  expect(await axe(theirs)).toEqual([])
  expect(await theirs.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await theirs.screenshot({ path: 'out/screens/account-phone.png', fullPage: true })
  // Its days end while the page is open: the refusal is shown, and then that it is over.
  const accept = theirs.getByRole('button', { name: /^Accept/ })
  await endOffer(shop.clock.now())
  await accept.click()
  await theirs.getByText('This offer has run out. Ask us for a new one.').waitFor()
  await theirs.getByRole('button', { name: 'Reject' }).waitFor()
  expect(await accept.count()).toBe(0)
  expect(await axe(theirs)).toEqual([])
  const speak = async (language: 'de' | 'en') => {
    const kept = JSON.stringify({ state: { language }, version: 0 })
    await theirs.evaluate((value) => localStorage.setItem('fixpoint.preferences', value), kept)
    await theirs.reload()
  }
  await speak('de')
  await theirs.getByText('Dieses Angebot ist abgelaufen. Fragen Sie uns nach einem neuen.').waitFor()
  expect(await theirs.getByRole('button', { name: /annehmen$/ }).count()).toBe(0)
  await endOffer(null)
  await speak('en')
  await accept.click()
  await theirs.getByText('Accepted').waitFor()
  const asked: string[] = []
  theirs.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await theirs.reload()
  await theirs.getByText(ticket_number).waitFor()
  expect(asked.filter((path) => path.startsWith('/counter')).toSorted()).toEqual([
    '/counter/account',
    '/counter/session',
  ])
  await theirs.getByRole('button', { name: 'Sign out' }).click()
  await theirs.getByLabel('Phone or e-mail').fill(phone!)
  await theirs.getByLabel('Password', { exact: true }).fill('my own password')
  await theirs.getByRole('button', { name: 'Sign in' }).click()
  await theirs.getByText(ticket_number).waitFor()
  expect(counter.faults).toEqual([])
})
