import { allEntries } from '../../../../db/journal/entries.ts'
import { actOf } from '../../../campaigns/kills/acts.ts'
import { type Step, WORK, type Work } from '../../../campaigns/kills/work.ts'
import type { Reply } from '../../../support/shop.ts'
import { drain, type Member } from '../../support/fleet.ts'
import { AT_HEAD_OFFICE } from './lists.ts'
import { type AnyStep, MORE } from './more-work.ts'
import type { Yard } from './yard.ts'

/** Work that is done at one member after another, and what became of it. */

export type Doing = {
  store: number
  /** Every act that was done, wherever. */
  done: Set<string>
  /** What a terminal refused because head office does it, by its act. */
  refused: Map<string, string>
  /** What was acknowledged, and by whom. */
  acknowledged: { act: string; proof: string | number; node: number }[]
  /** Does one step at a member; what a terminal leaves to head office is done there. @throws where it is refused otherwise */
  at(member: Member, step: AnyStep): Promise<Reply>
}

/** By act, the codes by which one machine leaves it to another. */
type Left = Readonly<Record<string, readonly string[]>>

/** Work in one store: it is customers of that store who do what customers do. */
export function beginDoing(yard: Yard, store: number, leftToOthers: Left = AT_HEAD_OFFICE): Doing {
  const send = (member: Member, { as, token, method, path, body, headers = {} }: AnyStep) =>
    member.call(method, path, { token: token ?? (as && yard.callersAt(member, store)[as].token) ?? '', body, headers })
  const isLeft = (act: string, { status, body }: Reply) => status >= 400 && leftToOthers[act]?.includes(body?.code)
  // Head office first: what it decides nobody else does.
  const othersThan = (member: Member) => [yard.office, yard.north, yard.south].filter((other) => other !== member)
  const doing: Doing = {
    store,
    done: new Set(),
    refused: new Map(),
    acknowledged: [],
    at: async (member, step) => {
      const act = actOf(step)
      for (const { clock } of yard.all) clock.pass(1_000)
      let [reply, by] = [await send(member, step), member]
      for (const other of othersThan(member)) {
        if (!isLeft(act, reply)) break
        doing.refused.set(act, reply.body.code)
        await drain(yard)
        ;[reply, by] = [await send(other, step), other]
        await drain(yard)
      }
      if (reply.status >= 300)
        throw new Error(`${act} at node ${by.node}: ${reply.status} ${reply.text} ${JSON.stringify(step.body)}`)
      doing.done.add(act)
      if (step.proof != null) doing.acknowledged.push({ act, proof: step.proof, node: by.node })
      return reply
    },
  }
  return doing
}

/** At which machine a step is done. */
type Where = (step: Step) => Member | Promise<Member>

/** Goes through a piece of work, each step at the member that `where` says. */
export async function goThrough(doing: Doing, work: Work, where: Where): Promise<void> {
  for (let step = work.next(); !step.done;) {
    const { body } = await doing.at(await where(step.value), step.value)
    step = work.next(body)
  }
}

/** All pieces of work, one after the other. */
export async function doAll(yard: Yard, doing: Doing, where: Where): Promise<void> {
  for (const begin of Object.values(WORK)) await goThrough(doing, begin(yard.stockOf(doing.store), yard.mark), where)
}

/** What the pieces of work leave out, at one member. */
export async function doMore(yard: Yard, doing: Doing, member: Member): Promise<void> {
  const { mark, stripe, spare } = yard
  const here = { act: (step: AnyStep) => doing.at(member, step), clock: member.clock, mark, stripe, spare }
  for (const piece of Object.values(MORE)) await piece({ ...here, stock: yard.stockOf(doing.store) })
}

/** What was acknowledged and is not in head office's journal, under its act and from its node. */
export async function untold({ office }: Yard, { acknowledged }: Doing): Promise<string[]> {
  const told = new Set<string>()
  for await (const { origin, act, row_id, before, after } of allEntries(office.database.db)) {
    const here = (proof: string | number) => told.add(`${origin} ${act} ${proof}`)
    here(row_id)
    for (const [text] of `${before} ${after}`.matchAll(/mark\d+x\d+\./g)) here(text)
    for (const [, id] of `${before} ${after}`.matchAll(/"(?:user_id|product_id)":(\d+)/g)) here(Number(id))
  }
  return acknowledged.map(({ act, proof, node }) => `${node} ${act} ${proof}`).filter((one) => !told.has(one))
}
