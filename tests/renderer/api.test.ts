import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { get, patch, post, readSenderFrom, SenderLeft, Unreachable } from '../../renderer/api.ts'

type Sent = { method: string; key: string | undefined }

let sent: Sent[]
let answer: () => Response
let here: { user: number | null; locked: boolean }
let otherSeen: boolean

const nothing = (): Response => {
  throw new TypeError('Failed to fetch')
}
const done = () => Response.json({ id: 1 })

beforeEach(() => {
  sent = []
  answer = done
  here = { user: 1, locked: false }
  otherSeen = false
  readSenderFrom(
    () => here,
    () => (otherSeen = true),
  )
  vi.stubGlobal('fetch', async (url: string, { method = 'GET', headers }: RequestInit) => {
    if (url === '/health') return nothing()
    sent.push({ method, key: new Headers(headers).get('idempotency-key') ?? undefined })
    return answer()
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const pay = (options = {}) => post('/counter/tickets/1/payments', {} as never, options)
const outcome = (request: Promise<unknown>) =>
  request.then(
    () => 'done',
    (error: unknown) => error,
  )

test('what was not answered is sent again under the same key, however long the pause was', async () => {
  answer = nothing
  const paid = outcome(pay())
  await vi.advanceTimersByTimeAsync(799)
  answer = done
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(await paid).toBe('done')
  expect(sent).toHaveLength(2)
  expect(sent[0]!.key).toMatch(/^[0-9a-f]{32}$/)
  expect(sent[1]!.key).toBe(sent[0]!.key)
})

test('the key that a caller holds is sent, and two requests without one are two intentions', async () => {
  await pay({ key: 'mine' })
  await pay()
  await pay()
  expect(sent[0]!.key).toBe('mine')
  expect(new Set(sent.map(({ key }) => key)).size).toBe(3)
})

test('after three tries without an answer the request is given up', async () => {
  answer = nothing
  const paid = outcome(pay())
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await paid).toBeInstanceOf(Unreachable)
  expect(sent).toHaveLength(3)
})

test.each([
  ['another person is here', { user: 2, locked: false }],
  ['the screen is locked', { user: 1, locked: true }],
  ['nobody is signed in', { user: null, locked: false }],
])('nothing is sent again when %s', async (_, next) => {
  answer = nothing
  const requests = [outcome(pay()), outcome(patch('/counter/tickets/1', {} as never))]
  await vi.advanceTimersByTimeAsync(500)
  here = next
  await vi.advanceTimersByTimeAsync(5_000)
  for (const error of await Promise.all(requests)) expect(error).toBeInstanceOf(SenderLeft)
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'PATCH'])
})

test('what carries no key is not sent again without an answer, and is after the server was busy', async () => {
  answer = nothing
  expect(await outcome(pay({ keyed: false }))).toBeInstanceOf(Unreachable)
  answer = () => Response.json({ detail: 'Busy' }, { status: 503 })
  const paid = outcome(pay({ keyed: false }))
  await vi.advanceTimersByTimeAsync(500)
  answer = done
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await paid).toBe('done')
  expect(sent.map(({ key }) => key)).toEqual([undefined, undefined, undefined])
})

test.each([
  ['with a key', () => pay()],
  ['without one', () => pay({ keyed: false })],
  ['of a change', () => patch('/counter/tickets/1', {} as never)],
])('a write that may stand in a file that went is not sent again by itself: %s', async (_, request) => {
  answer = () => Response.json({ detail: 'Gone', code: 'database-gone' }, { status: 503 })
  const refused = outcome(request())
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await refused).toMatchObject({ code: 'database-gone' })
  expect(sent).toHaveLength(1)
})

test('what was answered to somebody who took over in another window is not shown, but for who that is', async () => {
  answer = () => Response.json({ id: 1 }, { headers: { 'fixpoint-person': '2' } })
  expect(await get('/counter/session')).toEqual({ id: 1 })
  expect(await get('/counter/account', { token: 'of a customer' })).toEqual({ id: 1 })
  expect(otherSeen).toBe(false)
  expect(await outcome(get('/counter/today'))).toBeInstanceOf(SenderLeft)
  expect(otherSeen).toBe(true)
  here = { user: 2, locked: false }
  expect(await get('/counter/today')).toEqual({ id: 1 })
})
