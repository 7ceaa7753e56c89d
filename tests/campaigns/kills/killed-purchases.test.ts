import { expect, test } from 'vitest'
import { ENGINE, freshDatabase } from '../../support/database.ts'
import { killedPurchases } from './killed-purchases.ts'

/** What becomes of a transaction is PostgreSQL's own affair, whose server goes on: a few show that ours is at one with it. */
const KILLS = ENGINE === 'sqlite' ? 6 : 2

test(
  'a server killed at any step of a purchase has bought a device wholly or not at all, and once',
  { timeout: 600_000 },
  async () => {
    const files = await freshDatabase()
    try {
      const figures = await killedPurchases(files, { kills: KILLS, seed: 1 })
      expect(figures.filter(({ reached }) => !reached).map(({ what, result }) => `${what}: ${result}`)).toEqual([])
    } finally {
      await files.remove()
    }
  },
)
