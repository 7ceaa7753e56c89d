import type { AsideCounts } from '../server/counter/aside/aside.contract.ts'
import { get } from './api.ts'

/** What is put aside and what follows it; live updates find it by this. */
export const ASIDE = ['aside']

/** How much somebody has to settle: Today, the line and its own screen say so. */
export const asideCountsQuery = {
  queryKey: [...ASIDE, 'counts'],
  queryFn: () => get<typeof AsideCounts>('/counter/aside/counts'),
}
