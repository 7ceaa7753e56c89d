import type { z } from 'zod'
import { CLOCK_TOLERANCE, type ClockReading } from '../../domain/time/clock-judgement.ts'
import { anyEmployee, everyone } from '../../http/auth/permissions.ts'
import { json } from '../../http/body.ts'
import { read, write } from '../../http/endpoint.ts'
import { conflict } from '../../http/errors.ts'
import { confirm } from '../../shop/clock/set-clock.ts'
import { Clock, ConfirmedClock } from './clock.contract.ts'

export const clock = [
  read(
    'GET /clock',
    {
      who: everyone,
      response: Clock,
      whileLocked: true,
      summary: "What the server's clock says, and whether it can be right",
    },
    async ({ database }) => shown(database.clock.read()),
  ),

  write(
    'POST /clock',
    {
      who: anyEmployee,
      body: json(ConfirmedClock),
      response: Clock,
      refusals: { 409: { 'clock-changed': 'The clock says something else by now' } },
      summary: 'Says that a clock is right which the last write contradicts',
    },
    async ({ trx }, { body, session }) => {
      const { reading } = trx.act.clock
      if (Math.abs(reading.says - body.says) > CLOCK_TOLERANCE)
        throw conflict('clock-changed', 'The clock was changed meanwhile. Look at what it says now')
      if (reading.state === 'trusted') return shown(reading) // Somebody else was faster.
      await confirm(trx, { user_id: session!.caller.id, session_id: session!.id })
      return { state: 'trusted' as const, says: reading.says, now: reading.says, last_write: null }
    },
  ),
]

const shown = ({ state, says, now, lastEntry }: ClockReading): z.output<typeof Clock> => ({
  state,
  says,
  now,
  last_write: state === 'trusted' ? null : lastEntry,
})
