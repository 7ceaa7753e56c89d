import { expect, test } from 'vitest'
import { remove } from '../../db/rows.ts'
import type { Page } from 'playwright-core'
import { openBusyCounter, picture, type Counter } from './support/counter.ts'

async function openQuestions({ page, shop }: Counter) {
  await page.goto(`${shop.url}/settings/questions`)
  await page.getByRole('heading', { name: 'Questions when buying in' }).waitFor()
}

const ofPhones = ({ shop }: Counter) =>
  shop.database.db
    .selectFrom('checklist_item')
    .innerJoin('checklist', 'checklist.id', 'checklist_item.checklist_id')
    .innerJoin('device_type', 'device_type.id', 'checklist.device_type_id')
    .select(['checklist_item.id', 'text', 'must', 'answers', 'options', 'part', 'section'])
    .where('device_type.name', '=', 'Phone')
    .where('checklist_item.deleted_at', 'is', null)
    .orderBy('position')
    .execute()

const inEnglish = (rows: readonly { text: string }[]) => rows.map(({ text }) => (JSON.parse(text) as { en: string }).en)

/** The questions on the page, as they stand under each other. */
const shown = async (page: Page) =>
  (await page.locator('[data-question]').allInnerTexts()).map((text) => text.replace(/must be answered$/, '').trim())

test('a shop without questions gets the usual ones by one press', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const lists = () => shop.database.db.selectFrom('checklist').select('id').where('deleted_at', 'is', null).execute()
  const known = await lists()
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    for (const { id } of known) await remove(trx, 'checklist', id)
  })
  await page.goto(`${shop.url}/settings/questions`)
  await page.getByText('Nothing is asked yet').waitFor()
  await picture(page, 'questions-none')
  await page.getByRole('button', { name: 'Add the usual questions' }).click()
  await page.getByRole('radio', { name: 'Phone' }).waitFor({ state: 'attached' })
  expect((await lists()).length).toBe(known.length)
  expect((await shown(page)).length).toBeGreaterThan(4)
  expect(counter.faults).toEqual([])
})

test('questions are moved by Alt and the arrows and by dragging, and Ctrl+Z puts one back', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await openQuestions(counter)
  await page.getByText('Phone', { exact: true }).click()
  const [first, second, third] = await shown(page)
  await picture(page, 'questions')
  await page.locator('[data-question]').first().focus()
  await page.keyboard.press('Alt+ArrowDown')
  await expect.poll(() => shown(page).then((all) => all.slice(0, 2))).toEqual([second, first])
  await expect.poll(async () => inEnglish(await ofPhones(counter)).slice(0, 2)).toEqual([second, first])
  expect(await page.locator('[data-question]:focus').innerText()).toContain(first)
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await page.keyboard.press('Control+z')
  await expect.poll(async () => inEnglish(await ofPhones(counter)).slice(0, 2)).toEqual([first, second])
  const rows = page.getByRole('listitem').filter({ has: page.locator('[data-question]') })
  await rows.nth(2).dragTo(rows.nth(0))
  await expect.poll(async () => inEnglish(await ofPhones(counter)).slice(0, 3)).toEqual([third, first, second])
  await page.getByRole('button', { name: /Olga Owner/ }).click()
  await page.getByText('Touch', { exact: true }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: `Move “${third}” down` }).click()
  await expect.poll(async () => inEnglish(await ofPhones(counter)).slice(0, 3)).toEqual([first, third, second])
  expect(counter.faults).toEqual([])
})

test('a question in both languages is added with what its answers do, tried, changed, and asked no more', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await openQuestions(counter)
  await page.getByText('Phone', { exact: true }).click()
  await page.keyboard.press('Alt+a')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Question in English').and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Control+Enter')
  await dialog.getByText('Write the question in one language at least.').waitFor()
  await dialog.getByLabel('Question in English').fill('Face unlock')
  await dialog.getByLabel('Question in German').fill('Gesichtserkennung')
  await dialog.getByRole('combobox', { name: 'What answer 2 does' }).click()
  await page.getByRole('option', { name: 'takes off: Charger missing' }).click()
  await dialog.getByRole('combobox', { name: 'Part of the condition at intake' }).click()
  await page.getByRole('option', { name: 'Camera' }).click()
  await dialog.getByRole('button', { name: 'Add an answer' }).click()
  await dialog.getByLabel('Answer 3 in English').fill('Cannot be told')
  await dialog.getByRole('combobox', { name: 'What answer 3 does' }).click()
  await page.getByRole('option', { name: 'nothing is paid' }).click()
  await picture(page, 'question')
  await page.keyboard.press('Control+Enter')
  await page.getByText('The question is saved').waitFor()
  const added = (await ofPhones(counter)).at(-1)!
  expect(JSON.parse(added.text)).toEqual({ en: 'Face unlock', de: 'Gesichtserkennung' })
  const { id } = await shop.database.db
    .selectFrom('trade_in_deduction')
    .select('id')
    .where('name', '=', 'Charger missing')
    .executeTakeFirstOrThrow()
  expect([added.part, JSON.parse(added.options)]).toMatchObject([
    'camera',
    [{ key: 'yes' }, { key: 'no', deduction_id: id, grade: null }, { key: 'answer-1', blocks: true }],
  ])

  const asked = page.getByRole('group', { name: /^Face unlock/ })
  await asked.getByRole('button', { name: 'Cannot be told' }).click()
  await page.getByText('Nothing is paid.').waitFor()
  await asked.getByRole('button', { name: 'No', exact: true }).click()
  await page.getByText('Grade A.').waitFor()
  await page
    .getByRole('group', { name: /^Screen/ })
    .getByRole('button', { name: 'seen from near' })
    .click()
  await page.getByText('Grade B.').waitFor()

  await page.locator('[data-question]', { hasText: 'Face unlock' }).click()
  await dialog.getByLabel('Must be answered').uncheck()
  await dialog.getByRole('button', { name: 'Remove answer 3' }).click()
  await page.keyboard.press('Control+Enter')
  await expect.poll(async () => (await ofPhones(counter)).at(-1)!.must).toBe(0)
  await page.locator('[data-question]', { hasText: 'Face unlock' }).click()
  await dialog.getByRole('button', { name: 'Ask it no more' }).click()
  await page.getByText('“Face unlock” is asked no more').waitFor()
  await expect.poll(async () => inEnglish(await ofPhones(counter))).not.toContain('Face unlock')
  await page.keyboard.press('Control+z')
  await page.locator('[data-question]', { hasText: 'Face unlock' }).waitFor()
  expect(counter.faults).toEqual([])
})

test('a type of devices gets questions of its own, which begin as those of all others', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await openQuestions(counter)
  await page.getByText('All others', { exact: true }).click()
  const general = await shown(page)
  await page.getByRole('combobox', { name: 'Own questions for …' }).click()
  await page.getByRole('option', { name: 'Watch' }).click()
  await page.getByText('Asked of this type alone').waitFor()
  expect(await shown(page)).toEqual(general)
  expect(counter.faults).toEqual([])
})
