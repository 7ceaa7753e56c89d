import { expect, test } from 'vitest'
import { type Work, WORK } from '../../campaigns/kills/work.ts'
import { drain, type Member, settleAll } from '../support/fleet.ts'
import { beginDoing, type Doing } from './support/doing.ts'
import { AT_HEAD_OFFICE } from './support/lists.ts'
import { conflictsAt, expectInStep, openYard } from './support/yard.ts'

/**
 * Two terminals of one store do the same work on the same things with the cable out. How many steps of each piece are done before,
 * by one of them: whatever the others are about. Head office does what is left out.
 */
const BEFORE: Record<string, number> = {
  repair: 1,
  orders: 3,
  catalogue: 0,
  people: 1,
  registered: 1,
  stock: 3,
  shopping: 6,
  tradeIn: 1,
  buying: 5,
  rules: 0,
  settings: 0,
}
/** What both have said of the same thing, each without knowing of the other. */
const LOST = [
  'pickup_request status',
  'repair_order note',
  'sales_order notes',
  'store tax_mode',
  'store terms',
  'user full_name',
  'user phone',
]
const NOT_AT_TERMINALS = ['places', 'prices', 'questions']

/** What went on a machine that has the answers to the first steps of it. */
async function goOn(doing: Doing, member: Member, { work, step }: Started): Promise<void> {
  let next = step
  while (!next.done) {
    const reply = await doing.at(member, next.value).catch((error: Error) => error)
    if (reply instanceof Error && !/"code":"(changed-at-head-office|row-of-another-terminal)"/.test(reply.message))
      throw reply
    next = work.next(reply instanceof Error ? {} : reply.body)
  }
}

type Started = { work: Work; step: ReturnType<Work['next']> }

test('two terminals that do all of it with the cable out have the conflicts and tasks that are named, and no others', async () => {
  await using yard = await openYard()
  const { north, south } = yard
  const before = beginDoing(yard, north.store, AT_HEAD_OFFICE)
  const alone = beginDoing(yard, north.store, {})
  const started: Record<'north' | 'south', Started[]> = { north: [], south: [] }
  for (const [name, begin] of Object.entries(WORK)) {
    if (NOT_AT_TERMINALS.includes(name)) continue
    const [one, other] = [begin(yard.stockOf(north.store), yard.mark), begin(yard.stockOf(north.store), yard.mark)]
    let [step, same] = [one.next(), other.next()]
    for (let n = 0; n < BEFORE[name]!; n++) {
      const { body } = await before.at(north, (step as IteratorYieldResult<never>).value)
      ;[step, same] = [one.next(body), other.next(body)]
    }
    started.north.push({ work: one, step })
    started.south.push({ work: other, step: same })
  }
  await settleAll(yard)
  for (const [index, piece] of started.north.entries()) {
    await goOn(alone, north, piece)
    await goOn(alone, south, started.south[index]!)
  }
  await drain(yard)
  await expectInStep(yard)
  const lost = (await conflictsAt(yard.office)).map(({ entity, register }) => `${entity} ${register}`)
  expect([...new Set(lost)].toSorted()).toEqual(LOST)
  const tasks = await north.call('GET', '/counter/tasks', { token: yard.callersAt(north, north.store).admin.token })
  expect([...new Set(tasks.body.map(({ kind }: { kind: string }) => kind))].toSorted()).toEqual(['paid-twice'])
})

test('every piece of work is done by two terminals at once, or only at head office', () => {
  expect([...Object.keys(BEFORE), ...NOT_AT_TERMINALS].toSorted()).toEqual(Object.keys(WORK).toSorted())
})
