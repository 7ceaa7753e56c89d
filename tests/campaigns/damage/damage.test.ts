import { expect, test } from 'vitest'
import { ENGINE } from '../../support/database.ts'
import { damage } from './damage.ts'

test.skipIf(ENGINE === 'postgres')('files that are damaged or mixed are refused, found out, or whole', async () => {
  const figures = await damage({ count: 12, seed: 1 })
  expect(figures.filter(({ reached }) => !reached)).toEqual([])
})
