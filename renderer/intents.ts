const STORAGE_KEY = 'fixpoint.intents'
const UNANSWERED_LIFETIME_MS = 5 * 60_000

type Intent = { key: string; at: number }

/**
 * The Idempotency-Key of one intention: the same request to the same address keeps its key until the server has
 * answered it, over retries and over a reload. An unanswered one is forgotten after five minutes, so that the same
 * payment taken later is a payment of its own.
 */
export function keyOf(method: string, path: string, body: unknown): string {
  const name = intentName(method, path, body)
  const intents = readIntents()
  const key = intents[name]?.key ?? randomKey()
  writeIntents({ ...intents, [name]: { key, at: Date.now() } })
  return key
}

/** The server has answered: the next request like this one is a new intention. */
export function forgetKey(method: string, path: string, body: unknown) {
  const { [intentName(method, path, body)]: _, ...others } = readIntents()
  writeIntents(others)
}

/** Random also where the page is served over plain http, which has no `crypto.randomUUID`. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function intentName(method: string, path: string, body: unknown) {
  return `${method} ${path} ${fingerprint(JSON.stringify(body ?? null))}`
}

/** 53 bits of the text (cyrb53): tells bodies apart without keeping what is in them. */
function fingerprint(text: string): string {
  let [low, high] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    low = Math.imul(low ^ code, 2654435761)
    high = Math.imul(high ^ code, 1597334677)
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36)
}

function readIntents(): Record<string, Intent> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}')
    // Only this module writes this entry.
    const entries = Object.entries(kept as Record<string, Intent>)
    return Object.fromEntries(entries.filter(([, intent]) => Math.abs(Date.now() - intent.at) < UNANSWERED_LIFETIME_MS))
  } catch {
    return {}
  }
}

function writeIntents(intents: Record<string, Intent>) {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(intents))
  } catch {
    // A full or forbidden storage costs only the key's survival of a reload.
  }
}
