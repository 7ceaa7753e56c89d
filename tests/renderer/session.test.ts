import { afterEach, expect, test, vi } from 'vitest'
import { lockScreen, openSession, useSession } from '../../renderer/session.ts'

const KIM = { id: 1, full_name: 'Kim Clerk', role: 'customer', is_staff: true, has_pin: true }
const boot = (locked: boolean) => ({ shop: null, setup_open: false, user: KIM, locked })
const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

afterEach(() => vi.unstubAllGlobals())

test('a screen that was locked while the server had trouble stays locked, whatever the server says, until it has heard of it', async () => {
  vi.useFakeTimers()
  let hears = false
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string, { method = 'GET' }: RequestInit = {}) => {
    asked.push(`${method} ${url}`)
    if (method === 'POST') return hears ? answer(200, boot(true)) : answer(500, { detail: 'trouble' })
    return answer(200, boot(false))
  })
  await openSession()
  expect(useSession.getState().session?.locked).toBe(false)
  await lockScreen()
  await openSession()
  expect(useSession.getState().session?.locked).toBe(true)
  hears = true
  await vi.advanceTimersByTimeAsync(5_000)
  expect(asked.filter((one) => one.startsWith('POST'))).toHaveLength(2)
  await openSession()
  // The server knows by now: what it says counts again.
  expect(useSession.getState().session?.locked).toBe(false)
  vi.useRealTimers()
})
