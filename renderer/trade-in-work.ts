import type { TradeInWork } from '../server/counter/trade-ins/trade-ins.contract.ts'
import { PICKUP_TODOS } from '../server/domain/trade-ins/todo.ts'
import { get, type Wire } from './api.ts'

/** How many requests wait for what: the list counts them, and the rail says that there are any. */
export const workQuery = {
  queryKey: ['trade-ins', 'work'],
  queryFn: () => get<typeof TradeInWork>('/counter/trade-ins/work'),
}

/** All that wait for something, as the list shows them. */
export const openOf = (work: Wire<typeof TradeInWork>): number =>
  PICKUP_TODOS.reduce((sum, todo) => sum + work[todo], 0)
