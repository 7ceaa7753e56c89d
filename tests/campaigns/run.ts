import { parseArgs } from 'node:util'
import type { EngineName } from '../../db/handle.ts'
import { type Figure, missed, report } from '../bench/report.ts'
import { buyers } from './buyers.ts'
import { clockCampaign } from './clock.ts'
import { cashiers } from './cashiers.ts'
import { damage } from './damage/damage.ts'
import { killedUploads } from './kills/killed-uploads.ts'
import { killedWrites } from './kills/killed-writes.ts'
import { malformed } from './malformed.ts'
import { forEachEngine, withFreshDatabases } from './shop-files.ts'
import { BUG_NAMES, type BugName } from './sync/bugs.ts'
import { syncCampaign } from './sync/campaign.ts'
import { tradeIns } from './trade-ins/trade-ins.ts'
import { uploads } from './uploads.ts'
import { runWebhookCampaign } from './webhooks.ts'

/**
 * `npm run campaign -- webhooks [--sequences 1000] | cashiers [--cashiers 50] [--orders 20] | uploads [--count 10000] |
 * malformed [--count 10000] | kills [--kills 10] | trade-ins [--lives 500] [--kills 10] | clock [--rounds 22] |
 * damage [--count 1000] | sync [--seeds 10000] [--bug NAME]`, each with `--seed 1` and
 * `--engine sqlite|postgres|both`: the reliability figures of `quality.md`, one
 * line each. Unless said otherwise cashiers and kills go to both engines, and the long ones, webhooks, uploads and trade-ins, to SQLite.
 * A seed makes the same wishes again; in which order they meet is up to the machine. Exits 1 when a goal was missed, 2 for a
 * campaign or an engine that there is not.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    sequences: { type: 'string', default: '1000' },
    engine: { type: 'string' },
    cashiers: { type: 'string', default: '50' },
    orders: { type: 'string', default: '20' },
    count: { type: 'string' },
    kills: { type: 'string', default: '10' },
    lives: { type: 'string', default: '500' },
    seeds: { type: 'string', default: '10000' },
    bug: { type: 'string' },
    rounds: { type: 'string', default: '22' },
    blind: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)

/** Those that were asked for; where nobody did, both or what the campaign is content with. */
function engines(otherwise: EngineName | 'both' = 'both'): EngineName[] {
  const wanted = values.engine ?? otherwise
  return (['sqlite', 'postgres'] as const).filter((name) => wanted === 'both' || wanted === name)
}

const CAMPAIGNS: Record<string, () => Promise<void>> = {
  webhooks: () =>
    withFreshDatabases(engines('sqlite'), async (fresh, engine) => {
      const sequences = Number(values.sequences)
      const { tally, wrong, doubleCredits } = await runWebhookCampaign({ sequences, seed, fresh })
      const bad = new Set(wrong.map((text) => text.split(':')[0])).size
      const figure = (what: string, result: string, goal: string, reached: boolean) =>
        report({ name: 'R7', what: `${engine}: ${what}`, result, goal, reached })
      figure('sequences that end where Stripe is', `${sequences - bad} of ${sequences}`, 'all', bad === 0)
      figure('double credits', String(doubleCredits), '0', doubleCredits === 0)
      figure('forged webhooks taken', `${tally.forgedTaken} of ${tally.forged}`, '0', tally.forgedTaken === 0)
      console.log(
        `R7 on ${engine} in ${tally.steps} steps: ${tally.orders} orders, ${tally.events} webhooks (${tally.repeated} repeated), ` +
          `${tally.faults} failures of Stripe or the line, ${tally.kills} kills, ${tally.disputes} disputes; from seed ${seed}`,
      )
      for (const text of wrong.slice(0, 20)) console.log(`WRONG ${text}`)
    }),
  cashiers: () =>
    forEachEngine(engines(), async (files, engine) => {
      const size = { cashiers: Number(values.cashiers), orders: Number(values.orders), seed }
      tell(engine, await cashiers(files, size))
      tell(engine, await buyers(files, size))
    }),
  uploads: () =>
    forEachEngine(engines('sqlite'), async (files, engine) =>
      tell(engine, await uploads(files, { count: Number(values.count ?? '10000'), seed })),
    ),
  clock: () =>
    forEachEngine(engines('sqlite'), async (files, engine) =>
      tell(engine, await clockCampaign(files, { rounds: Number(values.rounds), seed, blind: values.blind })),
    ),
  malformed: () =>
    forEachEngine(engines('sqlite'), async (files, engine) =>
      tell(engine, await malformed(files, { count: Number(values.count ?? '10000'), seed })),
    ),
  kills: () =>
    forEachEngine(engines(), async (files, engine) => {
      const size = { kills: Number(values.kills), seed }
      tell(engine, await killedWrites(files, size))
      tell(engine, await killedUploads(files, size))
    }),
  'trade-ins': () =>
    forEachEngine(engines('sqlite'), async (files, engine) => {
      const size = { lives: Number(values.lives), kills: Number(values.kills), seed }
      tell(engine, await tradeIns(files, size))
    }),
  damage: async () => {
    for (const figure of await damage({ count: values.count === undefined ? 1_000 : Number(values.count), seed }))
      report(figure)
  },
  sync: async () => {
    const { bug } = values
    if (bug !== undefined && !BUG_NAMES.includes(bug as BugName))
      throw new Error(`No mistake is called '${bug}'. There are: ${BUG_NAMES.join(', ')}`)
    const figures = await syncCampaign({ seeds: Number(values.seeds), seed, bug: (bug as BugName | undefined) ?? null })
    for (const figure of figures) report(figure)
  },
}

function tell(engine: string, figures: Figure[]) {
  for (const figure of figures) report({ ...figure, what: `${engine}: ${figure.what}` })
}

const campaign = CAMPAIGNS[positionals[0] ?? '']
if (campaign && engines().length > 0) {
  await campaign()
  process.exitCode = missed() > 0 ? 1 : 0
} else {
  console.error(`npm run campaign -- ${Object.keys(CAMPAIGNS).join('|')} [--seed 1] [--engine sqlite|postgres|both]`)
  process.exitCode = 2
}
