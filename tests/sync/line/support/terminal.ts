import { insertLocal } from '../../../../db/local.ts'
import { insert } from '../../../../db/rows.ts'
import { type Agent, type AgentParts, runAgent } from '../../../../server/sync/agent/run-agent.ts'
import { becomeRole } from '../../../support/other-chain.ts'
import { openShop, type Shop, type ShopOptions } from '../../../support/shop.ts'
import { type Hands, openHands } from './hands.ts'
import { type Answer, type Asked, openScriptedOffice, type ScriptedOffice, tokenOf } from './scripted-office.ts'

const BY = { actor: null, device: null, act: 'test' }

/** A terminal with its agent, and something that answers where its head office should be. */
export type Terminal = {
  shop: Shop
  office: ScriptedOffice
  agent: Agent
  hands: Hands
  /** What pages were told of the line so far. */
  told(): number
  /** Writes a brand, as somebody at the counter might. */
  write(name: string): Promise<unknown>
  [Symbol.asyncDispose](): Promise<void>
}

/** How head office answers; what a test does not say is answered as by one that is well: pushes taken, pulls kept for ever. */
export type Answers = Partial<Record<'token' | 'hello' | 'push' | 'pull', (asked: Asked) => Answer | Promise<Answer>>>

export const GREETED = {
  server_time: 0, incarnation: 'first', acked: { epoch: 1, seq: 0, chain: '' }, heads: { org: 0, store: 0 }, schema: 1,
  verdict: 'go', wait_ms: 0,
} // oxfmt-ignore

export const takesAll = ({ body: { from, ops, chain } }: Asked): Answer => ({
  body: { acked: from + ops.length - 1, chain, troubles: [], stamps: [] },
})
/** Nothing comes, and the connection stays. */
export const keeps = (): Answer => () => {}

export const scriptOf =
  (answers: Answers) =>
  (asked: Asked): Answer | Promise<Answer> => {
    const { token = () => tokenOf(1), hello = () => ({ body: GREETED }), push = takesAll, pull = keeps } = answers
    const known: Record<string, Answers['push']> = { token, hello, push, pull }
    return known[asked.name]?.(asked) ?? { status: 404 }
  }

export async function openTerminal(
  answers: Answers,
  parts: Partial<AgentParts> = {},
  options: ShopOptions = {},
): Promise<Terminal> {
  const office = await openScriptedOffice(scriptOf(answers))
  const shop = await openShop(options)
  const { database, context } = shop
  await becomeRole(database, 'terminal')
  const known = { id: 1, incarnation: 'first', address: office.url, sign_key: null } as const
  await database.write(BY, (trx) => insertLocal(trx, 'head_office', known))
  const hands = openHands()
  let told = 0
  database.onCommit((rows) => void (told += rows.filter(({ entity }) => entity === 'fleet').length))
  const { keys, log, now } = context
  const { monotonic, pause } = hands
  const agent = await runAgent({
    database, keys, log, now, version: '1', monotonic, pause, random: () => 1, ...parts,
  }) // oxfmt-ignore
  context.run.fleet = agent
  return {
    shop,
    office,
    agent,
    hands,
    told: () => told,
    write: (name) => database.write(BY, (trx) => insert(trx, 'brand', { name, name_key: name.toLowerCase() })),
    [Symbol.asyncDispose]: async () => {
      await agent.close()
      await shop[Symbol.asyncDispose]()
      await office[Symbol.asyncDispose]()
    },
  }
}
