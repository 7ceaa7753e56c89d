import type { z } from 'zod'
import type { Task } from './tasks.contract.ts'

/** What every kind of task is found by. */

export type Found = z.output<typeof Task>

/** Of each kind: whoever has more to do works them off. */
export const MOST = 100

/** The tasks of a kind in `MOST` of its rows behind the first `offset`. `areMore`: whether there may be others behind them. */
export type Finder = (offset: number) => Promise<{ found: Found[]; areMore: boolean }>

type Fields = Partial<Found> & Pick<Found, 'about' | 'facts' | 'device'>

export const task = (kind: Found['kind'], at: number, fields: Fields): Found => ({
  device_id: null,
  customer: null,
  draft_id: null,
  price_cents: null,
  until: null,
  kind,
  at,
  ...fields,
})
