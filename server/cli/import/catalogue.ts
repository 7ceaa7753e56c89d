import type { Trx } from '../../../db/handle.ts'
import { insertMany, patch } from '../../../db/rows.ts'
import type { Bit } from '../../../db/schema/synced.ts'
import { nameKey } from '../../domain/text/fold.ts'
import type { NamedKind } from '../../shop/devices/catalogue.ts'

/**
 * Ids of types, brands and models, remembered for as long as a file is read; what is missing is added many at a time, and a
 * starter that a file names is a starter no more.
 */

type Names = (trx: Trx, names: readonly string[]) => Promise<(name: string) => number>

/** Finds or adds the types or brands of these names. */
export function rememberedNames(kind: Exclude<NamedKind, 'problem'>): Names {
  const ids = new Map<string, number>()
  const keys = new Map<string, string>()
  const keyOf = (name: string) => keys.get(name) ?? keys.set(name, nameKey(name)).get(name)!
  return async (trx, names) => {
    const missing = firstOf(
      names.filter((name) => !ids.has(keyOf(name))),
      keyOf,
    )
    for (const [key, id] of await idsOf(trx, kind, [...missing.keys()])) {
      ids.set(key, id)
      missing.delete(key)
    }
    const added = await insertMany(
      trx,
      kind,
      Array.from(missing, ([name_key, name]) => ({ name, name_key })),
    )
    for (const [index, key] of [...missing.keys()].entries()) ids.set(key, added[index]!)
    return (name) => ids.get(keyOf(name))!
  }
}

/** The first thing of each key, in their order. */
function firstOf<T>(things: readonly T[], keyOf: (thing: T) => string): Map<string, T> {
  const first = new Map<string, T>()
  for (const thing of things) if (!first.has(keyOf(thing))) first.set(keyOf(thing), thing)
  return first
}

/** One statement's worth of keys. */
const KEYS = 1_000

async function idsOf(trx: Trx, kind: Exclude<NamedKind, 'problem'>, keys: string[]): Promise<[string, number][]> {
  const found: [string, number][] = []
  for (let start = 0; start < keys.length; start += KEYS) {
    const some = keys.slice(start, start + KEYS)
    const rows = await trx
      .selectFrom(kind)
      .select(['id', 'name_key', 'starter'])
      .where('name_key', 'in', some)
      .where('deleted_at', 'is', null)
      // The last one counts: that of two rows of one name which the other names.
      .orderBy(({ eb }) => eb('duplicate_of', 'is not', null), 'desc')
      .orderBy('id', 'desc')
      .execute()
    for (const { name_key, id, starter } of rows) {
      if (starter) await patch(trx, kind, id, { starter: null })
      found.push([name_key, id])
    }
  }
  return found
}

export type WantedModel = { device_type_id: number; brand_id: number; name: string }

/** Finds or adds models; returns how many were added, starters among them, and how to find them. */
export function rememberedModels() {
  const ids = new Map<string, number>()
  const idOf = (model: WantedModel) => ids.get(keyOf(model))
  return async (trx: Trx, wanted: readonly WantedModel[]) => {
    const missing = firstOf(
      wanted.filter((model) => idOf(model) === undefined),
      keyOf,
    )
    let adopted = 0
    if (missing.size > 0) {
      for (const known of await modelsOf(trx, [...missing.values()])) {
        if (!missing.delete(keyOf(known))) continue
        ids.set(keyOf(known), known.id)
        if (known.starter && (await patch(trx, 'model', known.id, { starter: null }))) adopted++
      }
    }
    const rows = Array.from(missing.values(), (model) => ({ ...model, name_key: nameKey(model.name) }))
    const added = await insertMany(trx, 'model', rows)
    for (const [index, row] of rows.entries()) ids.set(keyOf(row), added[index]!)
    return { added: added.length + adopted, idOf: (model: WantedModel) => idOf(model)! }
  }
}

const keyOf = ({ device_type_id, brand_id, name }: WantedModel) => `${device_type_id} ${brand_id} ${nameKey(name)}`

async function modelsOf(trx: Trx, wanted: readonly WantedModel[]) {
  const found: (WantedModel & { id: number; starter: Bit | null })[] = []
  const brands = [...new Set(wanted.map(({ brand_id }) => brand_id))]
  const names = new Set(wanted.map(({ name }) => nameKey(name)))
  for (let start = 0; start < brands.length; start += KEYS) {
    const some = trx
      .selectFrom('model')
      .select(['id', 'device_type_id', 'brand_id', 'name', 'name_key', 'starter'])
      .where('brand_id', 'in', brands.slice(start, start + KEYS))
      .where('deleted_at', 'is', null)
      .orderBy(({ eb }) => eb('duplicate_of', 'is not', null))
      .orderBy('id')
    for (const model of await some.execute()) if (names.has(model.name_key)) found.push(model)
  }
  return found
}
