import { expect, test } from 'vitest'
import { insertMany } from '../../../db/rows.ts'
import { addDraftPhotos } from '../../../server/shop/trade-ins/drafts.ts'
import { addQuestions, type NewQuestion } from '../../../server/shop/trade-ins/questions.ts'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

test('an evaluation names photos of its own device alone', async () => {
  await using shop = await openTradeIns()
  const { id, version } = (await shop.counter('POST', '/buy-ins', { serial_number: IMEI })).body
  const [answer] = shop.answers('yes', 'yes', 'none')
  for (const changes of [
    { answers: [{ ...answer, photo_id: 4711 }] },
    { other_price: { price_cents: 1, reason: 'Why', photo_id: 4711 } },
  ]) {
    const reply = await shop.counter('PUT', `/buy-ins/${id}`, { version, ...changes })
    expect([reply.status, reply.body.code]).toEqual([404, 'photo-not-found'])
  }
})

test('an evaluation has 50 photos at most, and a list 200 questions', async () => {
  await using shop = await openTradeIns()
  const id = (await shop.counter('POST', '/buy-ins', { serial_number: IMEI })).body.id as string
  const photos = await shop.write((trx) =>
    insertMany(
      trx,
      'photo',
      Array.from({ length: 51 }, (_, n) => ({ sha256: String(n).padStart(64, '0'), width: 1, height: 1, bytes: 1 })),
    ),
  )
  await shop.write((trx) => addDraftPhotos(trx, id, photos.slice(0, 50)))
  await expect(shop.write((trx) => addDraftPhotos(trx, id, photos.slice(50)))).rejects.toMatchObject({
    code: 'evaluation-photos-full',
  })
  const list = (await shop.counter('GET', '/checklists')).body[0].id
  const question: NewQuestion = { section: 'function', part: null, text: {}, answers: 'text', must: false, options: [] }
  await shop.write((trx) =>
    addQuestions(
      trx,
      list,
      Array.from({ length: 197 }, () => question),
    ),
  )
  const one = await shop.counter('POST', `/checklists/${list}/questions`, question, shop.asAdmin)
  expect([one.status, one.body.code]).toEqual([400, 'questions-full'])
})
