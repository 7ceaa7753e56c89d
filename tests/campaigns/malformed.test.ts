import { expect, test } from 'vitest'
import { z } from 'zod'
import { json } from '../../server/http/body.ts'
import { write } from '../../server/http/endpoint.ts'
import { everyone } from '../../server/http/auth/permissions.ts'
import { freshDatabase } from '../support/database.ts'
import { openShop } from '../support/shop.ts'
import { malformed, sendMalformed } from './malformed.ts'

test('malformed requests are refused with a reason and leave no memory behind', async () => {
  const files = await freshDatabase()
  try {
    const figures = await malformed(files, { count: 600, seed: 1 })
    // What so few requests leave in memory says nothing.
    expect(figures.filter(({ reached, what }) => !reached && !what.startsWith('memory'))).toEqual([])
  } finally {
    await files.remove()
  }
})

test('an endpoint that breaks on some input is found', async () => {
  const spec = { who: everyone, body: json(z.object({ name: z.unknown() })), response: z.string() }
  const breaks = write('POST /breaks', spec, (_, { body: { name } }) => (name as string).trim())
  await using shop = await openShop({ endpoints: [breaks] })
  const { token } = await shop.person('staff')
  const content = { 'application/json': { schema: { properties: { name: {} } } } }
  const document = { paths: { '/breaks': { post: { requestBody: { content } } } } }
  const faults = await sendMalformed(shop.url, { count: 50, seed: 1, tokens: [token], document })
  expect(faults.map(({ status, path }) => [status, path])).toContainEqual([500, '/breaks'])
})
