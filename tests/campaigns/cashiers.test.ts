import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { buyers } from './buyers.ts'
import { cashiers } from './cashiers.ts'
import { killedUploads } from './kills/killed-uploads.ts'

const missed = (figures: { what: string; result: string; reached: boolean }[]) =>
  figures.filter(({ reached }) => !reached)

test.each([
  ['cashiers at one repair take what is owed and nothing more, whatever is doubled or cut', cashiers],
  ['buyers of the last pieces get those and no more, whatever is doubled or cut', buyers],
])('%s', async (_, campaign) => {
  const files = await freshDatabase()
  try {
    expect(missed(await campaign(files, { cashiers: 20, orders: 2, seed: 1 }))).toEqual([])
  } finally {
    await files.remove()
  }
})

test('a server killed while photos come in leaves no file without a row and no row without its file', async () => {
  const files = await freshDatabase()
  try {
    expect(missed(await killedUploads(files, { kills: 2, seed: 1 }))).toEqual([])
  } finally {
    await files.remove()
  }
})
