import { useQuery } from '@tanstack/react-query'
import type { Clock } from '../server/counter/session/clock.contract.ts'
import { get, type Wire } from './api.ts'

/** The server's clock, by which everything is dated: this device's own may say something else. */
export type ServerClock = Wire<typeof Clock>

/** How far the server's time is ahead of this device's, in ms. */
let offsetMs = 0

/** The server's time in ms, as near as this device knows it. */
export const serverNow = () => Date.now() + offsetMs

async function fetchClock(): Promise<ServerClock> {
  const clock = await get<typeof Clock>('/counter/clock')
  offsetMs = clock.now - Date.now()
  return clock
}

/** Asked again each half minute: a clock goes wrong without anybody writing. */
export const clockQuery = { queryKey: ['clock'], queryFn: fetchClock, refetchInterval: 30_000 } as const

/** What the server's clock says and whether it can be right; undefined until it has been asked. */
export const useServerClock = () => useQuery(clockQuery).data
