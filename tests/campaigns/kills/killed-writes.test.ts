import { expect, test } from 'vitest'
import { endpoints } from '../../../server/app.ts'
import { report } from '../../bench/report.ts'
import { tamper } from '../../cli/command-line.ts'
import { ENGINE, freshDatabase } from '../../support/database.ts'
import { killedUploads } from './killed-uploads.ts'
import { actsOf } from './acts.ts'
import { killedWrites } from './killed-writes.ts'
import { WORK } from './work.ts'

/** Writes that other tests and campaigns kill or that leave nothing in the journal. */
const ELSEWHERE = [
  /\/(auth|session|claim|setup|claim-code|password|passcode|pin|sharing|fleet|line|aside)\b/, // Of this machine alone: sessions, secrets, codes, the network it shares, who joins, its line; what others wrote.
  /[/-]photos?\b/, // killed-uploads.ts
  /^(POST|PUT|DELETE) \/api\/cart/, // Carts too are of this machine alone.
  /stripe-webhook|\/refunds|^POST \/api\/orders$/, // The webhook campaign.
  /\/clock$/, // The campaign of clocks.
  /^GET /,
]

test('every kind of write is among the work that is done while the server is killed', () => {
  const stock = {
    model_id: 1,
    brand_id: 1,
    device_type_id: 1,
    category_id: 1,
    customer_id: 1,
    staff_id: 1,
    currency: 'EUR',
  }
  let n = 0
  const done = new Set(Object.values(WORK).flatMap((begin) => actsOf(begin(stock, () => `mark0x${++n}.`))))
  const writes = endpoints.filter(({ kind }) => kind !== 'read').map(({ method, path }) => `${method} ${path}`)
  expect(writes.filter((act) => !done.has(act) && !ELSEWHERE.some((kind) => kind.test(act)))).toEqual([])
})

/**
 * 25 on each run of the suite: a start is what one costs; `npm run campaign -- kills` has as many as one likes. What becomes of a transaction is PostgreSQL's
 * own affair, whose server goes on: there a few show that ours is at one with it.
 */
const KILLS = ENGINE === 'sqlite' ? { writes: 23, uploads: 2 } : { writes: 2, uploads: 0 }

test('a server killed while people work loses nothing that it acknowledged', { timeout: 900_000 }, async () => {
  const files = await freshDatabase()
  try {
    const writes = await killedWrites(files, { kills: KILLS.writes, seed: 1, longest: 400 })
    const uploads = KILLS.uploads > 0 ? await killedUploads(files, { kills: KILLS.uploads, seed: 1 }) : []
    const figures = [...writes, ...uploads]
    for (const figure of figures) report({ ...figure, what: `${ENGINE}: ${figure.what}` })
    expect(missed(figures)).toEqual([])
  } finally {
    await files.remove()
  }
})

test.skipIf(ENGINE === 'postgres')(
  'a server that answers before it has committed is caught',
  { timeout: 240_000 },
  async () => {
    const env = { NODE_OPTIONS: `--import=${new URL('./early-answers.ts', import.meta.url).href}` }
    let lost = 0
    // A kill between two writes loses nothing, which is a matter of luck on a busy machine.
    for (let seed = 1; seed <= 5 && lost === 0; seed++) {
      const files = await freshDatabase()
      try {
        const figures = missed(await killedWrites(files, { kills: 3, seed, longest: 400, env }))
        const [figure] = figures.filter(({ what }) => /^of \d+ acknowledged writes .* lost over 3 kills$/.test(what))
        lost = Number(figure?.result ?? 0)
      } finally {
        await files.remove()
      }
    }
    expect(lost).toBeGreaterThan(0)
  },
)

test('an acknowledged write that is gone is counted as lost', async () => {
  const files = await freshDatabase()
  try {
    const beforeCounting = () =>
      tamper(files.at, `delete from journal where act = 'POST /counter/tickets/:id/messages'`)
    const figures = await killedWrites(files, { kills: 0, seed: 1, beforeCounting })
    expect(missed(figures).map(({ what, result }) => `${what}: ${result}`)).toEqual([
      expect.stringMatching(/^of \d+ acknowledged writes of \d+ kinds, lost over 0 kills: 1$/),
      expect.stringMatching(/^POST \/counter\/tickets\/:id\/messages .*: lost$/),
      expect.stringMatching(/^verify: The journal was tampered with/),
    ])
  } finally {
    await files.remove()
  }
})

/** The figures that missed their goal; how fast a start is says nothing on a machine that runs tests. */
const missed = (figures: { what: string; result: string; reached: boolean }[]) =>
  figures.filter(({ reached, what }) => !reached && what !== 'slowest start')
