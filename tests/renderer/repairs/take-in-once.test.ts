import { expect, test } from 'vitest'
import { ApiError, Unreachable } from '../../../renderer/api.ts'
import { isSameDevice, takeInOnce } from '../../../renderer/features/repairs/intake/take-in-once.ts'
import type { IntakeBody } from '../../../renderer/features/repairs/requests.ts'

const intake = (note: string, customer = 1): IntakeBody => ({ customer: { id: customer }, device: { id: 7 }, note })

const REUSED = new ApiError(422, 'Invalid', {
  code: 'invalid-request',
  fieldErrors: [{ type: 'value_error', loc: ['header', 'Idempotency-Key'], msg: '', code: 'idempotency-key-reused' }],
})

/** A server on which this was taken in under the key. */
function serverWith(saved: IntakeBody | null) {
  const asked: (string | null | undefined)[] = []
  const send = async (body: IntakeBody) => {
    asked.push(body.note)
    if (saved && body.note !== saved.note) throw REUSED
    return { order_id: 12, customer_id: 1, claim_code: null } as never
  }
  return { asked, send }
}

test('the newest form is what is taken in', async () => {
  const { asked, send } = serverWith(null)
  expect((await takeInOnce([intake('a'), intake('b')], 'key', send)).body).toEqual(intake('b'))
  expect(asked).toEqual(['b'])
})

test('where an earlier form was taken in, its ticket is the answer', async () => {
  const { asked, send } = serverWith(intake('a'))
  const { taken, body } = await takeInOnce([intake('a'), intake('b'), intake('c')], 'key', send)
  expect([taken.order_id, body.note, asked]).toEqual([12, 'a', ['c', 'b', 'a']])
})

test('where no form is known any more, the refusal says that it was taken in', async () => {
  const { send } = serverWith(intake('a'))
  await expect(takeInOnce([intake('b')], 'key', send)).rejects.toBe(REUSED)
})

test('another refusal, and a server that does not answer, are passed on without asking for earlier forms', async () => {
  for (const error of [new ApiError(423, 'Locked'), new Unreachable(null)]) {
    let asked = 0
    const send = () => (asked++, Promise.reject(error))
    await expect(takeInOnce([intake('a'), intake('b')], 'key', send)).rejects.toBe(error)
    expect(asked).toBe(1)
  }
})

test('a corrected note is the same device, another customer is not', () => {
  expect(isSameDevice(intake('a'), intake('b'))).toBe(true)
  expect(isSameDevice(intake('a'), intake('a', 2))).toBe(false)
})
