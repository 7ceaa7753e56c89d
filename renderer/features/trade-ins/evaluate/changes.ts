import type { BuyIn, OtherPrice } from './requests.ts'

/**
 * What somebody has changed of an evaluation and the server has not kept yet, field by field: so two people who answer
 * different questions keep both answers, and of one question nothing that was said is lost.
 */

const DEVICE_FIELDS = ['serial_number', 'device_type_id', 'brand', 'model', 'storage'] as const

export type Field = `answer.${number}` | `device.${(typeof DEVICE_FIELDS)[number]}` | 'other_price'
/** Null takes back what was there. */
export type Value = string | number | null | OtherPrice
export type Changes = Readonly<Partial<Record<Field, Value>>>

/** `base` is what the server had when a field was first changed; `lost` what somebody else, `by` name, has overtaken meanwhile. */
export type Kept = { changes: Changes; base: Changes; lost: Changes; by: string }

export const NOTHING_KEPT: Kept = { changes: {}, base: {}, lost: {}, by: '' }

export const fieldsOf = (changes: Changes) => Object.keys(changes) as Field[]

export const isEmpty = (changes: Changes) => fieldsOf(changes).length === 0

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What the evaluation says of a field. */
export function valueOf({ answers, device, other_price }: BuyIn, field: Field): Value {
  if (field === 'other_price') return other_price
  const [part, name = ''] = field.split('.')
  if (part === 'answer') return answers.find(({ item_id }) => item_id === Number(name))?.choice ?? null
  const known = DEVICE_FIELDS.find((one) => one === name)
  return known ? device[known] : null
}

/** A value that is one of a word, a number or nothing; other prices have none. */
export const textOf = (value: Value): string => (value === null || typeof value === 'object' ? '' : String(value))

/** The evaluation as it stands on the page. */
export function withChanges(draft: BuyIn, changes: Changes): BuyIn {
  return isEmpty(changes)
    ? draft
    : { ...draft, ...deviceOf(draft, changes), ...answersOf(draft, changes), ...otherOf(changes) }
}

/** What of it is sent: whole parts, of which something has changed. */
export function bodyOf(draft: BuyIn, changes: Changes) {
  const { device } = deviceOf(draft, changes)
  const { device_id: _, ...described } = device ?? { device_id: null }
  return {
    version: draft.version,
    ...(device && { device: described as Omit<BuyIn['device'], 'device_id'> }),
    ...answersOf(draft, changes),
    ...otherOf(changes),
  }
}

function deviceOf(draft: BuyIn, changes: Changes): { device?: BuyIn['device'] } {
  const changed = DEVICE_FIELDS.filter((name) => `device.${name}` in changes)
  if (changed.length === 0) return {}
  const values = Object.fromEntries(changed.map((name) => [name, changes[`device.${name}`]]))
  return { device: { ...draft.device, ...values } }
}

function answersOf({ answers }: BuyIn, changes: Changes): { answers?: BuyIn['answers'] } {
  const given = fieldsOf(changes).filter((field) => field.startsWith('answer.'))
  if (given.length === 0) return {}
  const changed = new Map(given.map((field) => [Number(field.slice('answer.'.length)), changes[field] ?? null]))
  const others = answers.filter(({ item_id }) => !changed.has(item_id))
  const anew = [...changed].flatMap(([item_id, choice]) =>
    choice === null ? [] : [{ item_id, choice: textOf(choice), photo_id: photoOf(answers, item_id) }],
  )
  return { answers: [...others, ...anew] }
}

const photoOf = (answers: BuyIn['answers'], item_id: number) =>
  answers.find((answer) => answer.item_id === item_id)?.photo_id ?? null

const otherOf = (changes: Changes): { other_price?: OtherPrice | null } =>
  // Only other prices are changed under this name.
  'other_price' in changes ? { other_price: changes.other_price as OtherPrice | null } : {}

/** More was changed, on top of what the server had. */
export const changed = (kept: Kept, draft: BuyIn, more: Changes): Kept => ({
  changes: { ...kept.changes, ...more },
  base: { ...Object.fromEntries(fieldsOf(more).map((field) => [field, valueOf(draft, field)])), ...kept.base },
  lost: without(kept.lost, fieldsOf(more)),
  by: kept.by,
})

/** The server has kept what was sent; what was changed since is still to be sent, on top of that. */
export function sentOff({ changes, base, ...kept }: Kept, sent: Changes): Kept {
  const done = fieldsOf(sent).filter((field) => same(changes[field], sent[field]))
  return { changes: without(changes, done), base: without({ ...base, ...sent }, done), ...kept }
}

/** The evaluation is another one by now. Where somebody has changed the same field, theirs stands and ours is said beside it. */
export function reconciled(kept: Kept, now: BuyIn): Kept {
  const { changes, base, lost } = kept
  const fields = fieldsOf(changes)
  const settled = fields.filter((field) => same(valueOf(now, field), changes[field]))
  const overtaken = fields.filter((field) => !settled.includes(field) && !same(valueOf(now, field), base[field]))
  const gone = [...settled, ...overtaken]
  if (gone.length === 0) return kept
  const ours = Object.fromEntries(overtaken.map((field) => [field, changes[field]]))
  return {
    changes: without(changes, gone),
    base: without(base, gone),
    lost: { ...lost, ...ours },
    by: overtaken.length > 0 ? now.updated_by_name : kept.by,
  }
}

export const without = (changes: Changes, fields: readonly Field[]): Changes =>
  Object.fromEntries(Object.entries(changes).filter(([field]) => !fields.some((one) => one === field)))
