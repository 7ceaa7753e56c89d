import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { rebasedId } from '../../../db/fleet/id-alias.ts'
import { finishReplacement, isPlanned, replacementSteps } from '../../../db/file/replace.ts'
import { allEntries } from '../../../db/journal/entries.ts'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { patch } from '../../../db/rows.ts'
import { planPlace } from '../../../server/sync/enrol/join.ts'
import { codeFor, type Office, openOffice, write } from './office.ts'
import { HARBOUR, joinedWithHistory, kept, LONG, prepareHistory, shopWithHistory, strangers } from './histories.ts'
import { drain, expectSame, openTerminal } from './terminals.ts'

test(
  'wherever it is broken off, the shop is there as it was, and joins with the same code afterwards',
  LONG,
  async () => {
    await using office = await openOffice()
    const live = async (shop: Office) => {
      const [model] = (await shop.counter('GET', '/models?q=iPhone')).body
      const customer = { full_name: 'Carla Customer', phone: '0170 5550131' }
      await shop.counter('POST', '/intakes', { customer, device: { model_id: model.id }, estimate_cents: 5_000 })
    }
    const machine = kept(await shopWithHistory(live))
    const code = await codeFor(office, 'T1', HARBOUR)
    const before = readFileSync(machine.file)
    for (const step of ['hearing', 'bringing', 'checking'] as const) {
      const progress = (so: { step: string }) => {
        if (so.step === step) throw new Error(`The machine goes dark: ${step}`)
      }
      await expect(prepareHistory(office, code, machine, { decide: strangers, progress })).rejects.toThrow('goes dark')
      finishReplacement(machine.file)
      expect(readFileSync(machine.file).equals(before), step).toBe(true)
    }
    const asked = await prepareHistory(office, code, machine, { decide: strangers })
    planPlace(machine.file, office.clock.now())
    // Between two steps of the exchange: whoever opens the file next finishes it.
    for (let steps = 1; isPlanned(machine.file); steps++) {
      const moving = replacementSteps(machine.file)
      for (let n = 0; n < steps && !moving.next().done; n++) continue
    }
    finishReplacement(machine.file)
    await using terminal = await openTerminal(office, machine, asked)
    await drain([terminal])
    await expectSame(office, terminal)
    expect((await checkContent(terminal.database)).findings).toEqual([])
  },
)

test.each(['the shop', 'head office'])(
  'what %s erases of a person goes out of the journal of before too, which is still proved',
  LONG,
  async (where) => {
    await using office = await openOffice()
    let customer_id = 0
    const machine = kept(
      await shopWithHistory(async (shop) => {
        const [model] = (await shop.counter('GET', '/models?q=iPhone')).body
        const customer = { full_name: 'Greta Gone', phone: '0170 5550141' }
        const reply = await shop.counter('POST', '/intakes', {
          customer,
          device: { model_id: model.id },
          estimate_cents: 0,
        })
        const order = shop.database.db
          .selectFrom('repair_order')
          .select('customer_id')
          .where('id', '=', reply.body.order_id)
        customer_id = (await order.executeTakeFirstOrThrow()).customer_id
      }),
    )
    await using terminal = await joinedWithHistory(office, await codeFor(office, 'T1', HARBOUR), machine, {
      decide: strangers,
    })
    const words = async () => {
      const told: string[] = []
      for await (const { after } of allEntries(terminal.database.db)) told.push(after ?? '')
      return told.filter((text) => text.includes('Greta Gone')).length
    }
    expect(await words()).toBe(2)
    // Packed, as a server does while nobody asks for anything, it is proved and erased all the same.
    while (await terminal.database.packJournal(1_000, 0)) continue
    expect((await checkContent(terminal.database)).findings).toEqual([])
    expect(await words()).toBe(2)
    const user = rebasedId(terminal.node, customer_id)
    const by = { actor: null, device: null, act: 'test' }
    await drain([terminal])
    const at = where === 'the shop' ? terminal : office
    await write(at, (trx) => patch(trx, 'user', user, { full_name: 'Erased' }))
    await eraseBodies(at.database, by, { user: [user] })
    await drain([terminal])
    expect(await words()).toBe(0)
    expect((await checkContent(terminal.database)).findings).toEqual([])
    await expectSame(office, terminal)
    // Who cuts off the end of that journal is found out.
    const side = new Database(machine.file)
    side.exec('delete from journal where origin < 0 and seq = (select max(seq) from journal where origin < 0)')
    side.close()
    const [finding] = (await checkContent(terminal.database)).findings
    expect(finding).toMatchObject({ kind: 'entry', origin: -terminal.node, reason: 'end' })
  },
)
