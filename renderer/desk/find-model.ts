import { queryClient } from '../query.ts'
import { catalogueQuery, findModels, type ModelMatch } from './requests.ts'
import { splitName } from './split-model-name.ts'
import { deviceName } from '../../server/domain/text/device-name.ts'

/** How many are shown to choose from, and by how many the kind of a new one is judged. */
const SHOWN = 8
const JUDGED = 50

export const modelsQuery = (q: string, limit = SHOWN) => ({
  queryKey: ['models', q, limit],
  queryFn: ({ signal }: { signal: AbortSignal }) => findModels(q, limit, signal),
  staleTime: 60_000,
})

const ask = (q: string, limit?: number) =>
  queryClient.fetchQuery({ ...modelsQuery(q, limit), retry: false }).catch((): ModelMatch[] => [])

/** Brand and model as they are named, and what kind of device that is, where it is known. */
export type NamedModel = { brand: string; model: string; type_id: number | null }

/** Brand and model as they were named, where the catalogue has no such model; its kind is that of those with the most alike names. */
export async function newModel(text: string): Promise<NamedModel> {
  // Without the line its first word is taken for the brand: what was typed is kept either way.
  const catalogue = await queryClient.fetchQuery({ ...catalogueQuery, retry: false }).catch(() => null)
  const named = splitName(text, catalogue?.brands.map(({ name }) => name) ?? [])
  return { ...named, type_id: await kindLike(named) }
}

/** The model of exactly that name; null where there is none, or where several are called so. */
export async function modelCalled(text: string): Promise<ModelMatch | null> {
  const rows = await ask(text)
  const whole = rows.filter(
    ({ brand_name: brand, name: model }) =>
      isSame(deviceName({ brand, model }), text) || isSame(`${brand} ${model}`, text),
  )
  const named = whole.length > 0 ? whole : rows.filter((row) => isSame(row.name, text))
  return named.length === 1 ? named[0]! : null
}

const isSame = (a: string, b: string) => tidy(a) === tidy(b)
const tidy = (name: string) => name.trim().replaceAll(/\s+/g, ' ').toLowerCase()

/**
 * The kind of most that begin as this one does, with as many words as any have: a Galaxy Tab is a tablet, a Galaxy a phone. The
 * brand alone says it where all that it makes are of one kind.
 */
async function kindLike({ brand, model }: { brand: string; model: string }): Promise<number | null> {
  const words = `${brand} ${model}`.trim().split(/\s+/)
  for (let count = words.length - 1; count > 0; count--) {
    const rows = await ask(words.slice(0, count).join(' '), JUDGED)
    const kinds = new Map<number, number>()
    for (const { device_type_id } of rows) kinds.set(device_type_id, (kinds.get(device_type_id) ?? 0) + 1)
    if (kinds.size > 1 && count <= brand.split(/\s+/).length) return null
    const [most] = [...kinds].toSorted(([, a], [, b]) => b - a)
    if (most) return most[0]
  }
  return null
}
