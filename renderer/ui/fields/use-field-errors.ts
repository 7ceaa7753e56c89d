import { useTranslation } from 'react-i18next'
import { ApiError, isRefusedAs, SenderLeft, Unreachable, type FieldError, type Refusal } from '../../api.ts'
import { words } from '../../i18n/en/refusals.ts'
import type { RefusalCode } from '../../i18n/words.ts'
import { useFormat } from '../format.ts'
import { fieldErrorKey } from './field-error-key.ts'

type RefusalDetail = Refusal & { detail: string; request?: string | undefined }

/** A refusal in the page's words; for an unknown code the server's sentence is shown with the request's id. */
export function useRefusal() {
  const { t } = useTranslation(['frame', 'refusals'])
  const { cents, date } = useFormat()
  return ({ code, params = {}, detail, request = '' }: RefusalDetail): string =>
    isKnown(code)
      ? t(`refusals:${code}`, { ...readableParams(params), request })
      : t('error.unknown', { detail, request })

  /** Amounts in the shop's currency, instants as days, and words for people without a name. */
  function readableParams(params: NonNullable<Refusal['params']>) {
    const worded = ([key, value]: [string, string | number]) => {
      if (value === '') return [key, t('error.nameless')]
      if (key.endsWith('_at')) return [key, date(Number(value))]
      return [key, key.endsWith('_cents') ? cents(Number(value)) : value]
    }
    return Object.fromEntries(Object.entries(params).map(worded)) as Record<string, string | number>
  }
}

const isKnown = (code: string | undefined): code is RefusalCode => code !== undefined && Object.hasOwn(words, code)

/** The text beside a field that was refused. */
function useFieldErrorWords() {
  const { t } = useTranslation()
  const refusal = useRefusal()
  return (fieldError: FieldError): string => {
    const key = fieldErrorKey(fieldError)
    return key ? t(key) : refusal({ ...fieldError, detail: fieldError.msg })
  }
}

/** Refusals that are about one field, though they do not name it. */
const FIELD_OF_REFUSAL: Partial<Record<string, string>> = {
  'pin-taken': 'pin',
  'store-code-taken': 'store.code',
  'terminal-taken': 'terminal',
  'terminal-promised': 'terminal',
}

/** The errors of a refused form by field, as Mantine's `form.setErrors` takes them: `owner.phone` → words. */
export function useFieldErrors() {
  const wordsOf = useFieldErrorWords()
  const refusal = useRefusal()
  return (error: unknown): Record<string, string> => {
    if (!(error instanceof ApiError)) return {}
    const field = FIELD_OF_REFUSAL[error.code ?? '']
    if (field) return { [field]: refusal({ ...error, detail: error.message }) }
    return Object.fromEntries(
      error.fieldErrors.map((fieldError) => [fieldError.loc.slice(1).join('.'), wordsOf(fieldError)]),
    )
  }
}

/** One sentence for what went wrong. */
export function useExplain() {
  const { t } = useTranslation()
  const refusal = useRefusal()
  const wordsOf = useFieldErrorWords()
  return (error: unknown): string => {
    if (error instanceof SenderLeft) return t('error.senderLeft')
    if (error instanceof Unreachable) return t('error.unreachable')
    if (!(error instanceof ApiError)) return t('error.broken')
    if (isRefusedAs(error, 'too-many-attempts')) return waitFor(error.retryAfter ?? 60)
    const [fieldError] = error.fieldErrors
    return fieldError ? wordsOf(fieldError) : refusal({ ...error, detail: error.message })
  }

  function waitFor(seconds: number) {
    return seconds < 90
      ? t('error.tooManySeconds', { count: seconds })
      : t('error.tooManyMinutes', { count: Math.ceil(seconds / 60) })
  }
}
