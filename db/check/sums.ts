/**
 * Adds up what fields hold, one hash for each, in a few thousand sums. What is added for a row and taken off again for what
 * the journal says of it leaves nothing; a row that was changed past the journal leaves something in its sum.
 */
export type Sums = Uint32Array

/** How many there are: a million rows leave some sixty behind each. */
const SUMS = 16_384

export const newSums = (): Sums => new Uint32Array(SUMS)

/** A number for a row: which of its table's, and which table. */
export function rowHash(table: number, id: number): number {
  return mix(mix((table + 1) ^ Math.trunc(id / 0x1_0000_0000)) ^ (id | 0))
}

/** Which sum a row is added to. */
export const sumOf = (row: number) => (row >>> 8) % SUMS

/** A number for a field's name. */
export function fieldHash(field: string): number {
  return mix(textHash(field) ^ 0x5bd1e995)
}

/** What a field adds to the sum of its row; null adds nothing. */
export function valueHash(row: number, field: number, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value))
    return mix(mix((row ^ field) + Math.trunc(value / 0x1_0000_0000)) ^ (value | 0))
  if (value === null || value === undefined) return 0
  return mix(mix(row ^ field ^ 0x2545f491) ^ textHash(typeof value === 'string' ? value : JSON.stringify(value)))
}

/** A number for an entry of an index: a row, and where something speaks of it. */
export function placeHash(entity: number, row_id: number, chain: number, seq: number): number {
  const row = mix(mix(entity ^ Math.trunc(row_id / 0x1_0000_0000)) ^ (row_id | 0))
  return mix(mix(row ^ chain ^ Math.trunc(seq / 0x1_0000_0000)) + (seq | 0))
}

/** FNV-1a; enough to notice a change, and the journal's chain is what cannot be forged. */
function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

/** Spreads a change of any bit over all of them (the last step of MurmurHash3, Austin Appleby, public domain). */
function mix(seed: number): number {
  let hash = seed
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
