import { MutationCache, notifyManager, QueryCache, QueryClient } from '@tanstack/react-query'
import { create } from 'zustand'
import { ApiError, readSenderFrom, SenderLeft, Unreachable } from './api.ts'
import { onReachableAgain } from './connection.ts'
import { openSession, useSession } from './session.ts'

// By default every answer waits for a timer before it is shown, which costs a few ms at each key in the search.
notifyManager.setScheduler(queueMicrotask)

readSenderFrom(
  () => {
    const { session } = useSession.getState()
    return { user: session?.user?.id ?? null, locked: session?.locked ?? false }
  },
  () => void openSession(),
)

/** Something was sent, and its sender left before it was answered: whoever is here next has to know. */
export const useLeftUnanswered = create<{ left: boolean }>(() => ({ left: false }))

/**
 * Everything the page knows of the server. Names of queries begin with what they show (`['tickets', 12]`,
 * `['repairs', filter]`), which is how live updates find them: see `live.ts`.
 */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: reopenLostSession }),
  mutationCache: new MutationCache({
    onError: (error) => {
      if (error instanceof SenderLeft) useLeftUnanswered.setState({ left: true })
      reopenLostSession(error)
    },
  }),
  defaultOptions: {
    // The browser's own idea of being offline says nothing about a server on this machine.
    queries: { networkMode: 'always', retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true },
    // `api.ts` sends again by itself, for as long as the sender is there and the window hidden or not.
    mutations: { networkMode: 'always', retry: false },
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

/**
 * Whoever sees the shop's money and takes over from somebody who does not, or the other way round, is shown nothing that was
 * fetched for the other: replies to evaluators lack those fields.
 */
export function refetchWhenMoneyIsHidden() {
  let seesMoney: boolean | null = null
  useSession.subscribe(({ session }) => {
    if (!session?.user) return
    const before = seesMoney
    seesMoney = session.user.role !== 'evaluator'
    if (before !== null && before !== seesMoney) void queryClient.resetQueries()
  })
}
