import { setTimeout as pause } from 'node:timers/promises'
import type { Person } from '../support/person.ts'
import type { Random } from './random.ts'

/** People who click twice, try again, and lose their connection. */

/** Something that somebody wants once; `ref` is written into what comes of it. */
export type PlannedRequest = { ref: string; as: Person; path: string; body: object; key: string | null; way: Delivery }

/** `cut` breaks the connection after so many ms. */
type Delivery = { kind: 'once' | 'doubled' | 'retried' } | { kind: 'cut'; after: number }

type Answer = { status: number; text: string }
export type Outcome = { wish: PlannedRequest; answers: Answer[]; cuts: number }

export function randomDelivery(random: Random): Pick<PlannedRequest, 'key' | 'way'> & { ref: string } {
  const ref = `${random.between(1, 2 ** 31)}-${random.between(1, 2 ** 31)}`
  const kind = random.of(['once', 'doubled', 'retried', 'cut'] as const)
  const keyed = random.between(0, 2) > 0
  return {
    ref,
    key: keyed ? `key-${ref}` : null,
    way: kind === 'cut' ? { kind, after: random.between(0, 40) } : { kind },
  }
}

export const succeeded = ({ status }: Answer) => status >= 200 && status < 300

/** Sends a wish its way. Without a key nobody asks again after a cut: it could be done twice. */
export async function send(url: string, wish: PlannedRequest): Promise<Outcome> {
  const { key, way } = wish
  const ask = () => answered(url, wish)
  if (way.kind === 'doubled' && key) return { wish, answers: await Promise.all([ask(), ask()]), cuts: 0 }
  if (way.kind === 'retried' && key) return { wish, answers: [await ask(), await ask()], cuts: 0 }
  if (way.kind !== 'cut') return { wish, answers: [await ask()], cuts: 0 }
  const first = await answered(url, wish, AbortSignal.timeout(way.after)).catch(() => null)
  if (first && !key) return { wish, answers: [first], cuts: 0 }
  if (!key) return { wish, answers: [], cuts: 1 }
  return { wish, answers: [...(first ? [first] : []), await ask()], cuts: first ? 0 : 1 }
}

/** One answer; a first request under the same key that is still at work is waited for. */
async function answered(url: string, { as, path, body, key }: PlannedRequest, signal?: AbortSignal): Promise<Answer> {
  for (;;) {
    const reply = await fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${as.token}`,
        ...(key && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    })
    const text = await reply.text()
    if (reply.status !== 409) return { status: reply.status, text }
    await pause(10, undefined, { signal })
  }
}

/** What contradicts a promise, where `done` says how often the wish was fulfilled. */
export function broken({ wish: { key, ref, way }, answers, cuts }: Outcome, done: number): string[] {
  const good = answers.filter(succeeded)
  const told = `${way.kind}${key ? '' : ' without key'} ${ref}: ${answers.map(({ status }) => status).join(' ')}, done ${done}×`
  if (!key) return done < good.length || done > good.length + cuts ? [told] : []
  const same = good.every(({ text }) => text === good[0]!.text) && (good.length === 0 || good.length === answers.length)
  return same && done === (good.length > 0 ? 1 : 0) ? [] : [told]
}
