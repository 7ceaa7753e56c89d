import { MutationCache, notifyManager, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError, Unreachable } from './api.ts'
import { onReachableAgain } from './connection.ts'
import { openSession } from './session.ts'

// By default every answer waits for a timer before it is shown, which costs a few ms at each key in the search.
notifyManager.setScheduler(queueMicrotask)

/**
 * Everything the page knows of the server. Names of queries begin with what they show (`['tickets', 12]`,
 * `['repairs', filter]`), which is how live updates find them: see `live.ts`.
 */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: reopenLostSession }),
  mutationCache: new MutationCache({ onError: reopenLostSession }),
  defaultOptions: {
    // The browser's own idea of being offline says nothing about a server on this machine.
    queries: { networkMode: 'always', retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true },
    mutations: { networkMode: 'always', retry: isWorthRetrying, retryDelay: 800 },
  },
})

function isWorthRetrying(failures: number, error: Error) {
  return failures < 2 && (error instanceof Unreachable || (error instanceof ApiError && error.status === 503))
}

/** Signed out or locked elsewhere: the session is read again, and the sign-in page is shown. */
function reopenLostSession(error: Error) {
  if (error instanceof ApiError && (error.status === 401 || error.status === 423)) void openSession()
}

/**
 * When the server answers again, everything on the screen is asked again: what failed meanwhile, and what may have changed.
 * The stream of events does not decide this; it may have survived the gap.
 */
export function refetchWhenReachable() {
  onReachableAgain(() => {
    void openSession()
    void queryClient.invalidateQueries()
  })
}
