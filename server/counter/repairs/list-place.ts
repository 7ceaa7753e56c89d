import { z } from 'zod'
import { badRequest } from '../../http/errors.ts'
import type { REPAIR_SORTS } from './repairs.contract.ts'

/** The order of a list: by a heading, up or down. */
export type Order = { by: Heading; descending: boolean }
export type Heading = (typeof REPAIR_SORTS)[number]

/**
 * Where a repair stands in the order of a heading: by these keys, then newest first, by the instant `at` which it came. Without
 * keys it has no value there, and stands behind all that have one.
 */
export type Place = { id: number; at: number; keys: readonly Key[] }
type Key = string | number

/**
 * What the keys of a heading are, and whether the whole list has a value there; where the last one is an id, `down` says that
 * it falls in either direction. The repairs of a technician are in the order of their ids: no index knows both whose they are
 * and when they came.
 */
const KEYS: Record<Heading, { types: readonly ('string' | 'number')[]; whole?: true; down?: number }> = {
  ticket: { types: ['number', 'number'], whole: true },
  status: { types: ['number'], whole: true },
  device: { types: ['string', 'number', 'number'], whole: true, down: 2 },
  customer: { types: ['string', 'number'] },
  technician: { types: ['string', 'number', 'number'], down: 2 },
  promised: { types: ['number', 'number'] },
  due: { types: ['number', 'number'] },
}

/** Which of two places comes first. */
export function comparePlaces({ by, descending }: Order) {
  const way = descending ? -1 : 1
  return (a: Place, b: Place): number => {
    if (a.keys.length !== b.keys.length) return b.keys.length - a.keys.length
    for (const [at, key] of a.keys.entries()) {
      const other = b.keys[at]!
      if (key !== other) return (key < other ? -1 : 1) * (KEYS[by].down === at ? -1 : way)
    }
    return b.at - a.at || b.id - a.id
  }
}

/** A place as it travels: nobody but `placeFrom` reads it. */
export const writtenPlace = ({ id, at, keys }: Place): string =>
  Buffer.from(JSON.stringify([id, at, ...keys])).toString('base64url')

const WrittenKey = z.union([z.int(), z.string().regex(/^[^\0\p{Cs}]*$/u)])
const Written = z.tuple([z.int(), z.int()], WrittenKey)

/**
 * The place that a page was said to end at.
 * @throws 400 for what is none, or of another heading
 */
export function placeFrom(written: string, { by }: Order): Place {
  const parsed = Written.safeParse(jsonIn(written))
  const [id = 0, at = 0, ...keys] = parsed.data ?? []
  const { types, whole } = KEYS[by]
  const fits =
    (keys.length === 0 && !whole) || (keys.length === types.length && types.every((type, n) => typeof keys[n] === type))
  if (!parsed.success || !fits) throw badRequest('no-place-in-list', 'This is no place in a list of this order')
  return { id, at, keys }
}

function jsonIn(written: string): unknown {
  try {
    return JSON.parse(Buffer.from(written, 'base64url').toString())
  } catch {
    return null // No JSON is no place.
  }
}
