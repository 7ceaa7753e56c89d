import { create } from 'zustand'

/** Whether the shop's server answered the last time it was asked. Nothing else decides what "offline" means here. */
export const useConnection = create<{ reachable: boolean }>(() => ({ reachable: true }))

const HEALTH_TIMEOUT_MS = 4_000
const NEXT_CHECK_MS = 2_000

let check: Promise<boolean> | undefined
let nextCheck: ReturnType<typeof setTimeout> | undefined

/** The server answered. */
export function markReachable() {
  clearTimeout(nextCheck)
  nextCheck = undefined
  if (!useConnection.getState().reachable) useConnection.setState({ reachable: true })
}

/** The server did not answer; it is asked again every few seconds until it does. */
export function markUnreachable() {
  if (useConnection.getState().reachable) useConnection.setState({ reachable: false })
  nextCheck ??= setTimeout(() => {
    nextCheck = undefined
    void checkServer()
  }, NEXT_CHECK_MS)
}

/** Something did not get through: asks whether the server is there, once for everybody who wants to know. */
export function checkServer(): Promise<boolean> {
  check ??= askHealth().then((reachable) => {
    check = undefined
    if (reachable) markReachable()
    else markUnreachable()
    return reachable
  })
  return check
}

async function askHealth(): Promise<boolean> {
  try {
    const reply = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) })
    const body: unknown = await reply.json()
    // A page of the network's own (a sign-in page of a Wi-Fi, a proxy) is not the server.
    return reply.ok && typeof body === 'object' && body !== null && 'status' in body
  } catch {
    return false
  }
}

/** Calls back each time the server answers after it did not. Returns what ends that. */
export function onReachableAgain(act: () => void): () => void {
  return useConnection.subscribe((now, before) => {
    if (now.reachable && !before.reachable) act()
  })
}

/** Loads a part of the program; where the server is away, as soon as it answers again. */
export async function loadWhenReachable<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load()
  } catch (error) {
    if (await checkServer()) throw error
    await new Promise<void>((resolve) => {
      const stop = onReachableAgain(() => {
        stop()
        resolve()
      })
    })
    return loadWhenReachable(load)
  }
}
