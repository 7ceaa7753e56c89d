/**
 * The Idempotency-Key of one intention. Whoever has the intention holds its key, whatever is changed in it meanwhile, until
 * it is known what became of it: a payment's dialog, an intake's draft.
 * Random also where the page is served over plain http, which has no `crypto.randomUUID`.
 */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
