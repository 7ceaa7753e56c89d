import { useRef } from 'react'
import { queryClient } from '../../../../query.ts'
import type { ChangeDraft, IntakeDraft } from '../intake-draft.ts'
import { catalogueQuery, findModels, type ModelMatch } from '../../requests.ts'
import { splitName } from './split-model-name.ts'

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

type ModelFields = Pick<IntakeDraft, 'model_id' | 'type_id' | 'brand' | 'model' | 'model_text'>

export const modelFields = ({ id, device_type_id, brand_name, name }: ModelMatch): ModelFields => ({
  model_id: id,
  type_id: device_type_id,
  brand: brand_name,
  model: name,
  model_text: '',
})

/** The model is looked for again, from what it was on. */
export const unsettledModel = ({ brand, model }: IntakeDraft): Partial<ModelFields> => ({
  model_id: null,
  brand: '',
  model: '',
  model_text: `${brand} ${model}`,
})

/** Brand and model as they were named, where the catalogue has no such model; its kind is that of those with the most alike names. */
export async function newModelFields(text: string): Promise<ModelFields> {
  // Without the line its first word is taken for the brand: what was typed is kept either way.
  const catalogue = await queryClient.fetchQuery({ ...catalogueQuery, retry: false }).catch(() => null)
  const named = splitName(text, catalogue?.brands.map(({ name }) => name) ?? [])
  return { model_id: null, ...named, type_id: await kindLike(named), model_text: '' }
}

/** What was typed and left: the model of exactly that name, else a new one. */
async function fieldsOf(text: string): Promise<ModelFields> {
  const rows = await ask(text)
  const whole = rows.filter((row) => isSame(`${row.brand_name} ${row.name}`, text))
  const named = whole.length > 0 ? whole : rows.filter((row) => isSame(row.name, text))
  return named.length === 1 ? modelFields(named[0]!) : await newModelFields(text)
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

/** Makes a model of what stands in its field, and goes on with the draft as it is then. */
export function useSettledModel(change: ChangeDraft) {
  const settling = useRef('')
  return (draft: IntakeDraft, goOn: (settled: IntakeDraft) => void) => {
    const text = draft.model_text.trim()
    if (text === '' || draft.device) return goOn(draft)
    if (settling.current === text) return
    settling.current = text
    void fieldsOf(text).then((fields) => {
      settling.current = ''
      change((now) => (now.model_text.trim() === text ? fields : {}))
      goOn({ ...draft, ...fields })
    })
  }
}
