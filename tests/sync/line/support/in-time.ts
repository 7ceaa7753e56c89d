import { expect } from 'vitest'
import { readPosition } from '../../../../server/sync/agent/position.ts'
import { eventually } from '../../../support/eventually.ts'
import type { Answer } from './scripted-office.ts'
import { GREETED, type Terminal } from './terminal.ts'

/** A terminal beside a head office that answers as a test has it: what it says, and what has come of it in time. */

export const SECOND = 1_000
export const refusal = (status: number, error: string, more = {}): Answer => ({
  status,
  body: { error, detail: 'no', ...more },
})
export const verdict = (is: string) => () => ({ body: { ...GREETED, verdict: is } })
/** Looks until it is so, while time goes by. */
export const inTime = (terminal: Terminal, look: () => void | Promise<void>) =>
  eventually(async () => {
    terminal.hands.pass(5 * SECOND)
    await look()
  })
export const isSent = (terminal: Terminal) =>
  inTime(terminal, async () => {
    expect((await readPosition(terminal.shop.database.db)).waiting.ops).toBe(0)
    expect(terminal.agent.state().waiting.ops).toBe(0)
  })
export const pushes = ({ office }: Terminal) => office.of('push').length
