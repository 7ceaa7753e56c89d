import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { looksLikePhone } from '../../../../server/domain/text/looks-like-phone.ts'
import { tidyPhone } from '../../../ui/fields/phone.ts'
import type { Condition, ConditionPart } from '../../../../server/domain/device-condition.ts'
import { accessoryNames, type Accessory } from '../condition.ts'
import type { IntakeBody } from '../requests.ts'

/** What is on the intake screen, as typed. */
export type IntakeDraft = {
  customer_id: number | null
  /** An unconfirmed account with this number or address that is somebody else's. */
  not_customer: number | null
  phone: string
  full_name: string
  email: string
  device: DraftDevice | null
  serial: string
  type_id: number | null
  /** The picked model; null when brand and model are typed. */
  model_id: number | null
  brand: string
  model: string
  /** What is typed where the model is looked for, until it is known which one that is. */
  model_text: string
  problem_ids: number[]
  note: string
  accessories: Accessory[]
  otherAccessories: string
  /** It was asked, and nothing came with the device. */
  nothing_with_it: boolean
  condition: Partial<Record<ConditionPart, Condition>>
  passcode: string
  estimate_cents: Amount
  promised_at: number | null
  terms: boolean
  signature: string
  /** Under which it was sent and not answered: whatever is changed in it, it is taken in once. */
  key: string
  /** Every form in which it was sent under the key, the newest last. */
  sent: readonly IntakeBody[]
}

/** A device that the shop knows. */
export type DraftDevice = {
  id: number
  title: string
  serial_number: string | null
  /** The device belonged to somebody else before and is this customer's now. */
  taken_over?: boolean
  /** Its repair is open, and it gets a second ticket all the same. */
  second_ticket?: boolean
}

export const EMPTY_DRAFT: IntakeDraft = {
  customer_id: null,
  not_customer: null,
  phone: '',
  full_name: '',
  email: '',
  device: null,
  serial: '',
  type_id: null,
  model_id: null,
  brand: '',
  model: '',
  model_text: '',
  problem_ids: [],
  note: '',
  accessories: [],
  otherAccessories: '',
  nothing_with_it: false,
  condition: {},
  passcode: '',
  estimate_cents: null,
  promised_at: null,
  terms: false,
  signature: '',
  key: '',
  sent: [],
}

/** Neither is stored: what was sent holds the passcode too. */
export const SECRETS = ['passcode', 'sent'] as const

export type ChangeDraft = (part: Partial<IntakeDraft> | ((draft: IntakeDraft) => Partial<IntakeDraft>)) => void

/** What every part of the screen is given: the draft, how to change it, and what the server refused, by field. */
export type IntakePart = { draft: IntakeDraft; change: ChangeDraft; errors: Record<string, string> }

export const isNobody = (draft: IntakeDraft) =>
  draft.customer_id === null && draft.phone === '' && draft.full_name === ''

/** Who is typed, to see whether it changes while an answer is waited for. */
export const typedCustomer = ({ phone, full_name, email }: IntakeDraft) => [phone, full_name, email].join('\n')

/** Somebody new who has a name. */
export const isNewCustomer = ({ customer_id, full_name, phone }: IntakeDraft) =>
  customer_id === null && full_name.trim() !== '' && (phone.trim() === '' || looksLikePhone(phone))

/** A device that is new here, and of which model and kind are known. */
export const isNewDevice = ({ device, model_id, brand, model, type_id, model_text }: IntakeDraft) =>
  device === null &&
  model_text === '' &&
  (model_id !== null || (brand.trim() !== '' && model.trim() !== '' && type_id !== null))

/** What a change comes to: whoever agreed and signed is not the customer any more when another one is chosen. */
export function changeOf(draft: IntakeDraft, part: Parameters<ChangeDraft>[0]): Partial<IntakeDraft> {
  const next = typeof part === 'function' ? part(draft) : part
  const isAnother = next.customer_id !== undefined && next.customer_id !== draft.customer_id && !isNobody(draft)
  return isAnother ? { ...next, terms: false, signature: '' } : next
}

export const isEmptyDraft = (draft: IntakeDraft) =>
  draft.customer_id === null &&
  draft.device === null &&
  !draft.phone &&
  !draft.full_name &&
  !draft.serial &&
  !draft.model_text &&
  !draft.note

/** The draft as the server takes it, once `useIntakeErrors` has nothing against it. What was not typed is not sent. */
export function intakeBody(draft: IntakeDraft, nameOf: (accessory: Accessory) => string): IntakeBody {
  return {
    customer: customerOf(draft),
    device: deviceOf(draft),
    problem_ids: draft.problem_ids,
    note: emptyToUndefined(draft.note),
    accessories: accessoryNames(draft, nameOf),
    nothing_with_it: draft.nothing_with_it,
    condition: draft.condition,
    passcode: emptyToUndefined(draft.passcode),
    estimate_cents: isUnread(draft.estimate_cents) ? undefined : (draft.estimate_cents ?? undefined),
    promised_at: draft.promised_at ?? undefined,
    terms_accepted: draft.terms,
    signature: emptyToUndefined(draft.signature),
  }
}

function customerOf({ customer_id, not_customer, full_name, phone, email }: IntakeDraft): IntakeBody['customer'] {
  if (customer_id !== null) return { id: customer_id }
  return {
    full_name: emptyToUndefined(full_name),
    phone: emptyToUndefined(tidyPhone(phone)),
    email: emptyToUndefined(email),
    ...(not_customer !== null && { not: not_customer }),
  }
}

function deviceOf({ device, type_id, model_id, brand, model, serial }: IntakeDraft): IntakeBody['device'] {
  if (device)
    return {
      id: device.id,
      ...(device.taken_over && { take_over: true }),
      ...(device.second_ticket && { second_ticket: true }),
    }
  const serial_number = emptyToUndefined(serial)
  return model_id === null
    ? {
        device_type_id: type_id ?? undefined,
        brand_name: emptyToUndefined(brand),
        model_name: emptyToUndefined(model),
        serial_number,
      }
    : { model_id, device_type_id: type_id ?? undefined, serial_number }
}

const emptyToUndefined = (typed: string) => (typed.trim() === '' ? undefined : typed.trim())
