import { expect, test } from 'vitest'
import { PASSWORD } from '../support/shop.ts'
import { axe, openBusyCounter } from './support/counter.ts'

test('an evaluator reads repairs, and is offered nothing that the server would refuse', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const evaluator = await shop.person('evaluator', { full_name: 'Eve Tester', phone: '555-0170' })
  const signedIn = await page.evaluate(
    (body) =>
      fetch('/counter/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((reply) => reply.status),
    { login: evaluator.phone, password: PASSWORD },
  )
  expect(signedIn).toBe(200)
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() !== 'GET') sent.push(`${request.method()} ${new URL(request.url()).pathname}`)
  })
  const ready = await shop.database.db
    .selectFrom('repair_order')
    .select(['id', 'device_id', 'customer_id'])
    .where('status', '=', 'Completed')
    .where('picked_up_at', 'is', null)
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await page.keyboard.press(key)
      await page.waitForTimeout(60) // A single character waits until it is sure not to be a scan.
    }
  }
  /** Amounts on the screen, or what is left where one is missing. */
  const money = async () =>
    (await page.locator('body').innerText()).match(/[€£$]\s?\d|\d\s?[€£$]|\d[.,]\d\d\b|NaN|undefined/g)
  const names = async () => (await page.getByRole('button').allInnerTexts()).join(' | ')

  await page.goto(`${shop.url}/tickets/${ready.id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  expect(await names()).not.toMatch(/Edit|Add|Take payment|Hand over|To me|Pending|Repairing/)
  expect(await money()).toBeNull()
  expect(await page.getByRole('textbox', { name: 'Write a message' }).count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Take in', exact: true }).count()).toBe(0)
  expect(await axe(page)).toEqual([])
  await press('Alt+1', 'Alt+2', 'Alt+h', 'Alt+m', 'F9', 'F2')
  expect(new URL(page.url()).pathname).toBe(`/tickets/${ready.id}`)

  await page.goto(`${shop.url}/repairs`)
  await page.getByText('S1-T1-').first().waitFor()
  expect(await page.getByRole('checkbox').count()).toBe(0)
  expect(await money()).toBeNull()
  await press('ArrowDown', 'Control+ ')
  expect(await page.getByText('1 marked').count()).toBe(0)
  expect(await axe(page)).toEqual([])

  await page.goto(`${shop.url}/repairs/board`)
  await page.getByText('S1-T1-').first().waitFor()
  expect(await page.locator('[draggable=true]').count()).toBe(0)
  expect(await money()).toBeNull()
  expect(await page.getByRole('group', { name: 'Set to' }).count()).toBe(0)
  await press('Alt+2', 'Alt+3', 'Alt+h')

  await page.goto(`${shop.url}/customers/${ready.customer_id}`)
  await page.getByText('S1-T1-').first().waitFor()
  expect(await names()).not.toMatch(/Edit|claim code/)
  expect(await money()).toBeNull()
  await page.goto(`${shop.url}/devices/${ready.device_id}`)
  await page.getByText('S1-T1-').first().waitFor()
  expect(await page.getByRole('link', { name: /Take .* in/ }).count()).toBe(0)
  expect(await money()).toBeNull()
  for (const paper of ['stub', 'order', 'receipt']) {
    await page.goto(`${shop.url}/tickets/${ready.id}/print/${paper}`)
    await page.getByRole('navigation').waitFor()
    expect(await money()).toBeNull()
  }
  await page.goto(`${shop.url}/intake`)
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.getByText('S1-T1-').first().waitFor()
  expect(await money()).toBeNull()
  await press('F3')
  await page.keyboard.type('nobody of this name', { delay: 60 })
  await page.getByText('Nothing found').waitFor()
  expect(await page.getByRole('option').count()).toBe(0)

  expect(sent).toEqual([])
  expect(counter.faults).toEqual([])
})
