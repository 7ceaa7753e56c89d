import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { GREETED, openTerminal, scriptOf, type Terminal } from './support/terminal.ts'
import { inTime, isSent, pushes, refusal, SECOND, verdict } from './support/in-time.ts'

/** What a terminal makes of what head office says of it: in which past it is, and whether it may be heard. */

test('a terminal that head office has a later past of sends and asks nothing while it is looked whether another goes on', async () => {
  const waits = { verdict: 'fork', latest_epoch: 1, others_at: 0, knows_end: true }
  await using terminal = await openTerminal({ hello: () => ({ body: { ...GREETED, ...waits } }) })
  const { office, agent } = terminal
  await eventually(() => expect(agent.state()).toMatchObject({ line: 'refused', needsPerson: 'fork' }))
  await inTime(terminal, () => expect(office.of('hello').length).toBeGreaterThan(2))
  expect([pushes(terminal), office.of('pull').length]).toEqual([0, 0])
  office.answer(scriptOf({}))
  await inTime(terminal, () => expect(agent.state()).toMatchObject({ line: 'up', needsPerson: null }))
  await isSent(terminal)
})

test('a head office of before it told what a fork comes to locks nobody: the terminal waits', async () => {
  await using terminal = await openTerminal({ hello: verdict('fork') })
  const { office, agent } = terminal
  await inTime(terminal, () => expect(office.of('hello').length).toBeGreaterThan(3))
  expect(agent.state()).toMatchObject({ line: 'refused', needsPerson: 'fork' })
  office.answer(scriptOf({}))
  await inTime(terminal, () => expect(agent.state()).toMatchObject({ line: 'up', needsPerson: null }))
  await isSent(terminal)
})

/** Head office says what makes a machine begin a new life. */
const FORK = { ...GREETED, verdict: 'fork', latest_epoch: 1, others_at: null, knows_end: true }
const endOf = async ({ shop: { database } }: Terminal) =>
  await database.db.selectFrom('self').select(['epoch', 'seq', 'chain']).executeTakeFirstOrThrow()
/** It is in the life that it was in, and nobody is needed. */
async function goesOn(terminal: Terminal) {
  expect(await endOf(terminal)).toMatchObject({ epoch: 1 })
  expect(terminal.agent.state()).toMatchObject({ line: 'up', needsPerson: null })
}

test('what is written while head office looks at the end of a chain keeps a new life from beginning behind it', async () => {
  await using terminal = await openTerminal({})
  const { office } = terminal
  await isSent(terminal)
  const said: number[] = []
  office.answer(
    scriptOf({
      hello: async ({ body }) => {
        said.push(body.seq)
        if (said.length > 1) return { body: GREETED }
        await terminal.write('A')
        return { body: FORK }
      },
    }),
  )
  await inTime(terminal, () => expect(said.length).toBeGreaterThan(1))
  await isSent(terminal)
  expect(said[1]).toBeGreaterThan(said[0]!)
  await goesOn(terminal)
})

test('a terminal whose every hello is overtaken by what it sends begins no new life: it goes on a little later', async () => {
  await using terminal = await openTerminal({})
  const { office } = terminal
  await isSent(terminal)
  let overtaken = 0
  office.answer(
    scriptOf({
      hello: async () => {
        if (overtaken++ > 7) return { body: GREETED }
        await terminal.write(`Brand ${overtaken}`)
        return { body: { ...FORK, knows_end: false, acked: await endOf(terminal) } }
      },
    }),
  )
  await inTime(terminal, () => expect(overtaken).toBeGreaterThan(7))
  await isSent(terminal)
  await goesOn(terminal)
})

test('what was sent while hello was said is no other past', async () => {
  await using terminal = await openTerminal({})
  const { office, agent } = terminal
  await isSent(terminal)
  let overtaken = 0
  office.answer(
    scriptOf({
      hello: async () => {
        if (overtaken++ > 0) return { body: GREETED }
        await terminal.write('A')
        return { body: { ...GREETED, verdict: 'fork', acked: await endOf(terminal) } }
      },
    }),
  )
  await inTime(terminal, () => expect(overtaken).toBeGreaterThan(1))
  await isSent(terminal)
  expect(agent.state()).toMatchObject({ line: 'up', needsPerson: null })
  expect(terminal.shop.logged.join()).not.toContain('not in step')
})

test.each(['too-old', 'revoked'] as const)('a terminal that is %s goes on sending, and hears nothing', async (word) => {
  await using terminal = await openTerminal({ hello: verdict(word) })
  await isSent(terminal)
  expect(terminal.agent.state()).toMatchObject({ line: 'up', needsPerson: word })
  expect(terminal.office.of('pull')).toEqual([])
})

test('a terminal that was away too long goes on sending', async () => {
  await using terminal = await openTerminal({ pull: () => refusal(410, 'snapshot') })
  await isSent(terminal)
  await eventually(() => expect(terminal.agent.state()).toMatchObject({ line: 'up', needsPerson: 'away-too-long' }))
})

test('what head office finds wrong stops nothing that comes down', async () => {
  await using terminal = await openTerminal({ push: () => refusal(422, 'malformed') })
  const { agent, office } = terminal
  await eventually(() => expect(agent.state()).toMatchObject({ line: 'up', needsPerson: 'refused' }))
  await eventually(() => expect(office.of('pull')).toHaveLength(1))
  expect(agent.state().waiting.ops).toBeGreaterThan(0)
})

test.each([
  ['revoked', { token: () => refusal(403, 'revoked') }],
  ['not-trusted', { token: () => refusal(401, 'signature') }],
  ['no-head-office', { token: () => ({ status: 404 }) }],
  ['revoked', { hello: () => refusal(403, 'revoked') }],
] as const)(
  'a machine that is %s sends nothing, says so, and is let in again without a start',
  async (needs, answers) => {
    await using terminal = await openTerminal(answers)
    const { agent, office } = terminal
    await eventually(() => expect(agent.state()).toMatchObject({ line: 'refused', needsPerson: needs }))
    expect(pushes(terminal)).toBe(0)
    office.answer(scriptOf({}))
    await isSent(terminal)
    expect(agent.state()).toMatchObject({ line: 'up', needsPerson: null })
  },
)

test('a parent that has less than it acknowledged is sent it again', async () => {
  await using terminal = await openTerminal({})
  const { office, agent, shop } = terminal
  await isSent(terminal)
  const all = office.of('push').flatMap(({ body }) => body.ops.map(([seq]: number[]) => seq))
  const { epoch } = await shop.database.db.selectFrom('self').select('epoch').executeTakeFirstOrThrow()
  office.answer(
    scriptOf({ hello: () => ({ body: { ...GREETED, verdict: 'resend', acked: { epoch, seq: 0, chain: '' } } }) }),
  )
  const before = pushes(terminal)
  terminal.hands.pass(301 * SECOND)
  agent.tryNow()
  await inTime(terminal, () => {
    const again = office
      .of('push')
      .slice(before)
      .flatMap(({ body }) => body.ops.map(([seq]: number[]) => seq))
    expect(again).toEqual(expect.arrayContaining(all))
  })
})
