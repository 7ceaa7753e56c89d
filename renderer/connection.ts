import { create } from 'zustand'

/** Whether the shop's server answered the last time it was asked. Nothing else decides what "offline" means here. */
export const useConnection = create<{ reachable: boolean }>(() => ({ reachable: true }))

let probe: ReturnType<typeof setTimeout> | undefined

/** The server answered. */
export function noteReached() {
  clearTimeout(probe)
  probe = undefined
  if (!useConnection.getState().reachable) useConnection.setState({ reachable: true })
}

/** The server did not answer; it is asked again every few seconds until it does. */
export function noteLost() {
  if (useConnection.getState().reachable) useConnection.setState({ reachable: false })
  probe ??= setTimeout(knock, 2_000)
}

/** Something else did not get through; the server is asked whether it is there. */
export function doubt() {
  probe ??= setTimeout(knock, 0)
}

async function knock() {
  probe = undefined
  try {
    const reply = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(4_000) })
    if (reply.ok) noteReached()
    else noteLost()
  } catch {
    noteLost()
  }
}
