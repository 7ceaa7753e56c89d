import { AsyncLocalStorage } from 'node:async_hooks'
import type { Engine } from './engine.ts'

/**
 * The same engine, which refuses a transaction inside a transaction at once: there is one writer at a time, so the inner one
 * would wait for the outer, and the outer for the inner, for ever.
 */
export function refuseNestedWrites(engine: Engine): Engine {
  const inside = new AsyncLocalStorage<{ open: boolean }>()
  return {
    ...engine,
    transaction: async (run, act) => {
      if (inside.getStore()?.open)
        throw new Error('A write inside a write would wait for itself: use the transaction that is open')
      return await engine.transaction(async (query) => {
        const current = { open: true }
        try {
          return await inside.run(current, () => run(query))
        } finally {
          current.open = false // What it leaves running may write when it is over.
        }
      }, act)
    },
  }
}
