import { useTranslation } from 'react-i18next'
import { ApiError, Unreachable, type Fault } from '../api.ts'
import { translated } from './refusals.ts'

/** Pydantic's kinds of faults as the words that stand beside the field. */
const WORDS = {
  missing: 'fault.missing',
  string_type: 'fault.missing',
  string_too_short: 'fault.tooShort',
  string_too_long: 'fault.tooLong',
  int_parsing: 'fault.number',
  int_type: 'fault.number',
  int_from_float: 'fault.number',
  decimal_parsing: 'fault.money',
  decimal_max_places: 'fault.money',
  greater_than_equal: 'fault.tooSmall',
  less_than_equal: 'fault.tooLarge',
  enum: 'fault.choice',
  datetime_parsing: 'fault.date',
} as const

type FaultKey = (typeof WORDS)[keyof typeof WORDS] | 'fault.email' | 'fault.phone' | 'fault.card' | 'fault.other'

/** The words for a kind of fault; null where a rule of the shop speaks for itself. */
function faultKey({ type, msg }: Fault): FaultKey | null {
  if (type in WORDS) return WORDS[type as keyof typeof WORDS]
  if (msg.includes('email')) return 'fault.email'
  if (msg.includes('phone')) return 'fault.phone'
  if (msg.includes('card number')) return 'fault.card'
  return msg.startsWith(RULE) ? null : 'fault.other'
}

/** How pydantic begins what a rule says. */
const RULE = 'Value error, '

/** A refusal in the language that is spoken; in the server's own words where the language has none for it. */
export function useRefusal() {
  const { i18n } = useTranslation()
  return (text: string): string => {
    const table: unknown = i18n.getResourceBundle(i18n.language, 'refusals')
    // Only `languages.ts` adds bundles.
    const words = translated(text, (table ?? {}) as Record<string, string>) ?? text
    return words.charAt(0).toLocaleUpperCase() + words.slice(1)
  }
}

/** The errors of a refused form by field, as Mantine's `form.setErrors` takes them: `owner.phone` → words. */
export function useFieldErrors() {
  const { t } = useTranslation()
  const refusal = useRefusal()
  const wordsOf = (fault: Fault) => {
    const key = faultKey(fault)
    return key ? t(key) : refusal(fault.msg.slice(RULE.length))
  }
  return (error: unknown): Record<string, string> =>
    error instanceof ApiError
      ? Object.fromEntries(error.faults.map((fault) => [fault.loc.slice(1).join('.'), wordsOf(fault)]))
      : {}
}

/** One sentence for what went wrong. */
export function useExplain() {
  const { t } = useTranslation()
  const refusal = useRefusal()
  return (error: unknown): string => {
    if (error instanceof Unreachable) return t('error.unreachable')
    if (!(error instanceof ApiError)) return t('error.server')
    if (error.status === 429) return waitFor(error.retryAfter ?? 60)
    if (error.status === 403) return t('error.forbidden')
    if (error.status === 404) return t('error.missing')
    if (error.status === 507) return t('error.full')
    return error.status >= 500 ? t('error.server') : refusal(error.message)
  }

  function waitFor(seconds: number) {
    return seconds < 90
      ? t('error.tooMany', { count: seconds })
      : t('error.minutes', { count: Math.ceil(seconds / 60) })
  }
}
