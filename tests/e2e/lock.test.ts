import { expect, test } from 'vitest'
import { updateLocal } from '../../db/local.ts'
import { keyedPin } from '../../server/shop/people/pins.ts'
import { PASSWORD, type Person, type Shop } from '../support/shop.ts'
import { openBusyCounter, picture } from './support/counter.ts'

/** A PIN that its owner has; one of before PINs were unique has no key. */
async function givePin({ context, database }: Shop, { id }: Person, pin: string, { former = false } = {}) {
  const pin_hash = await context.passwords.hash(pin)
  const keyed = former ? { pin_key: null, pin_length: null } : keyedPin(context.tokens, pin)
  await database.write({ actor: null, device: null, act: 'test' }, (trx) =>
    updateLocal(trx, 'credential', { user_id: id }, { pin_hash, ...keyed }),
  )
}

test('F8 and four digits switch the person', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await givePin(shop, await shop.person('staff', { full_name: 'Kim Clerk' }), '8642')
  await page.evaluate(() => {
    Object.assign(window, { keys: [] as string[] })
    const { keys } = window as unknown as { keys: string[] }
    window.addEventListener('keydown', ({ key }) => keys.push(key), { capture: true })
  })
  await page.keyboard.press('F8')
  await page.keyboard.type('8642', { delay: 60 })
  await page.getByRole('button', { name: /Kim Clerk/ }).waitFor()
  expect(await page.evaluate(() => (window as unknown as { keys: string[] }).keys)).toEqual(['F8', '8', '6', '4', '2'])
  expect(counter.faults).toEqual([])
})

test('Alt and the digit on a tile say who, and a PIN of before is used so once', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await givePin(shop, await shop.person('staff', { full_name: 'Kim Clerk' }), '8642', { former: true })
  await page.keyboard.press('F8')
  const tile = page.getByRole('radio', { name: /Kim Clerk/ })
  await tile.waitFor()
  await page.keyboard.type('8642', { delay: 60 })
  await page.getByText('Nobody here has this PIN').waitFor()
  const place = (await page.getByRole('radio').all()).length
  await page.keyboard.press(`Alt+${place}`)
  await page.getByRole('group', { name: 'PIN of Kim Clerk' }).waitFor()
  await page.keyboard.type('8642', { delay: 60 })
  await page.getByRole('button', { name: /Kim Clerk/ }).waitFor()
  await page.keyboard.press('F8')
  await page.getByRole('group', { name: 'PIN', exact: true }).waitFor()
  await page.keyboard.type('8642', { delay: 60 })
  await page.getByRole('button', { name: /Kim Clerk/ }).waitFor()
  expect(counter.faults).toEqual([])
})

test('digits typed while a PIN is checked are kept, and its progress is shown', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const answered = Promise.withResolvers<void>()
  let sent = 0
  await page.route(/\/session\/switch$/, async (route) => {
    if (++sent === 1) await answered.promise
    await route.continue()
  })
  await page.keyboard.press('F8')
  await page.getByRole('group', { name: 'PIN' }).waitFor()
  await page.keyboard.type('9753', { delay: 60 })
  await page.getByText('The PIN is being checked.').waitFor({ state: 'attached' })
  await page.keyboard.type('2468', { delay: 60 })
  expect(await page.locator('[data-pin-pad] [data-filled]').count()).toBe(4)
  answered.resolve()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  expect(sent).toBe(2)
  expect(counter.faults).toEqual([])
})

test('after ten PINs that fit nobody the page says that the password works, and takes it', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const guess = (pin: string) =>
    page.evaluate(
      (body) =>
        fetch('/counter/session/switch', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
        }).then((reply) => reply.status),
      JSON.stringify({ pin }),
    )
  await page.keyboard.press('F8')
  await page.getByRole('group', { name: 'PIN' }).waitFor()
  for (let n = 0; n < 10; n++) expect(await guess(`000${n}`)).toBe(401)
  await page.keyboard.type('2468', { delay: 60 })
  await page.getByText('only the password opens').waitFor()
  await page.getByText('Choose your name').waitFor()
  await picture(page, 'lock-closed')
  await page.getByText('Olga Owner').click()
  await page.getByLabel('Password of Olga Owner').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  expect(counter.faults).toEqual([])
})

test('an admin gives somebody new a PIN that is offered, and they switch with it; a shared one asks for another', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/settings/people`)
  await page.getByRole('button', { name: 'Add a person' }).click()
  const pinField = page.getByLabel('PIN (optional)')
  await expect.poll(() => pinField.inputValue()).toMatch(/^\d{4}$/)
  const pin = await pinField.inputValue()
  await page.getByLabel('Name', { exact: true }).fill('Mia Bench')
  await page.getByLabel('Phone', { exact: true }).fill('0170 777')
  await page.getByLabel('Password to begin with').fill(PASSWORD)
  await picture(page, 'person-new')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Mia Bench' }).waitFor()
  await page.keyboard.press('F8')
  await page.getByRole('group', { name: 'PIN' }).waitFor()
  await page.keyboard.type(pin, { delay: 60 })
  await page.getByRole('button', { name: /Mia Bench/ }).waitFor()
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const { id } = await trx
      .selectFrom('user')
      .select('id')
      .where('full_name', '=', 'Mia Bench')
      .executeTakeFirstOrThrow()
    await updateLocal(trx, 'credential', { user_id: id }, { pin_shared_at: trx.act.now })
  })
  await page.reload()
  await page.getByRole('link', { name: 'Choose another' }).click()
  await page.getByRole('button', { name: 'Take it' }).click()
  await page.getByLabel('Your password').first().fill(PASSWORD)
  await picture(page, 'own-pin')
  await page.getByRole('button', { name: /Set PIN/ }).click()
  await page.getByText('PIN set').waitFor()
  expect(await page.getByRole('link', { name: 'Choose another' }).count()).toBe(0)
  expect(counter.faults).toEqual([])
})
