import { ApiError, isDoneAlready } from '../../../api.ts'
import { takeIn, type IntakeBody } from '../requests.ts'

type TakenIn = Awaited<ReturnType<typeof takeIn>>

/**
 * Takes a device in, once under one key. `sent`: every form in which the intake was sent under it, the newest last. Where an
 * earlier one was taken in and its answer lost, the server gives that answer again; `body` is the form that was taken in.
 */
export async function takeInOnce(
  sent: readonly IntakeBody[],
  key: string,
  send: typeof takeIn = takeIn,
): Promise<{ taken: TakenIn; body: IntakeBody }> {
  const [body, ...earlier] = sent.toReversed()
  if (!body) throw new Error('There is no intake to send')
  try {
    return { taken: await send(body, key), body }
  } catch (refusal) {
    if (!isDoneAlready(refusal)) throw refusal
    for (const form of earlier) {
      const taken = await send(form, key).catch(unlessRefused)
      if (taken) return { taken, body: form }
    }
    throw refusal
  }
}

/** Another form was taken in. */
function unlessRefused(error: unknown): null {
  if (error instanceof ApiError && error.status < 500) return null
  throw error
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export const isSameIntake = (a: IntakeBody, b: IntakeBody) => same(a, b)

/** The same customer's same device: what differs was corrected or added. */
export const isSameDevice = (a: IntakeBody, b: IntakeBody) => same([a.customer, a.device], [b.customer, b.device])
