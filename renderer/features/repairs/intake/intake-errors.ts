import { useTranslation } from 'react-i18next'
import { ApiError, type Refusal } from '../../../api.ts'
import type { RefusalCode } from '../../../i18n/words.ts'
import { isUnread } from '../../../ui/fields/amount.ts'
import { useFieldErrors, useRefusal } from '../../../ui/fields/use-field-errors.ts'
import type { IntakeDraft } from './intake-draft.ts'

type FieldErrors = Record<string, string>

/** What keeps a device from being taken in, by field: what is missing before asking, and what the server refused. */
export function useIntakeErrors() {
  const { t } = useTranslation(['intake', 'frame'])
  const fieldErrors = useFieldErrors()
  const refusal = useRefusal()

  function check(draft: IntakeDraft): FieldErrors {
    const errors: FieldErrors = {}
    if (draft.customer_id === null && draft.full_name.trim() === '')
      errors[draft.phone.trim() === '' ? 'customer.phone' : 'customer.full_name'] = t('noCustomer')
    if (!draft.device && draft.model_id === null && draft.model.trim() === '') errors['device'] = t('noDevice')
    else if (!draft.device && draft.model_id === null && draft.type_id === null)
      errors['device.device_type_id'] = t('noType')
    if (isUnread(draft.estimate_cents)) errors['estimate_cents'] = t('frame:fieldError.money')
    return errors
  }

  /** A refusal by the shop's rules ("Phone already registered") goes to the field it speaks of. */
  function refused(error: Error | null): FieldErrors {
    if (!(error instanceof ApiError)) return {}
    if (error.fieldErrors.length > 0) return fieldErrors(error)
    const field = fieldOf(error)
    return field ? { [field]: refusal({ ...error, detail: error.message }) } : {}
  }

  return { check, refused }
}

const fieldOf = ({ code }: Refusal) => Object.entries(CODES).find(([, codes]) => codes.some((one) => one === code))?.[0]

const CODES: Readonly<Record<string, readonly RefusalCode[]>> = {
  'customer.phone': ['phone-registered', 'phone-of-somebody'],
  'customer.email': ['email-registered'],
  'device.serial_number': [
    'serial-number-exists',
    'serial-number-of-nobody',
    'serial-number-of-somebody',
    'device-of-somebody',
  ],
  'device.second_ticket': ['device-already-here'],
  'device.brand_name': ['brand-exists', 'brand-not-found'],
  'device.model_name': ['model-exists', 'model-not-found', 'model-mismatch'],
}
