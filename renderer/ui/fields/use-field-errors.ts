import { useTranslation } from 'react-i18next'
import { ApiError, Unreachable, type Fault } from '../../api.ts'
import { faultKey, RULE } from './field-error-key.ts'
import { translated } from '../states/refusals.ts'

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

/** A fault in the words that stand beside its field. */
function useFaultWords() {
  const { t } = useTranslation()
  const refusal = useRefusal()
  return (fault: Fault): string => {
    const key = faultKey(fault)
    return key ? t(key) : refusal(fault.msg.slice(RULE.length))
  }
}

/** The errors of a refused form by field, as Mantine's `form.setErrors` takes them: `owner.phone` → words. */
export function useFieldErrors() {
  const wordsOf = useFaultWords()
  return (error: unknown): Record<string, string> =>
    error instanceof ApiError
      ? Object.fromEntries(error.faults.map((fault) => [fault.loc.slice(1).join('.'), wordsOf(fault)]))
      : {}
}

/** One sentence for what went wrong. */
export function useExplain() {
  const { t } = useTranslation()
  const refusal = useRefusal()
  const wordsOf = useFaultWords()
  return (error: unknown): string => {
    if (error instanceof Unreachable) return t('error.unreachable')
    if (!(error instanceof ApiError)) return t('error.server')
    if (error.status === 429) return waitFor(error.retryAfter ?? 60)
    if (error.status === 403) return t('error.forbidden')
    if (error.status === 404) return t('error.missing')
    if (error.status === 507) return error.message.includes('photos') ? refusal(error.message) : t('error.full')
    if (error.status >= 500) return t('error.server')
    const [fault] = error.faults
    return fault ? wordsOf(fault) : refusal(error.message)
  }

  function waitFor(seconds: number) {
    return seconds < 90
      ? t('error.tooMany', { count: seconds })
      : t('error.minutes', { count: Math.ceil(seconds / 60) })
  }
}
