import { useTranslation } from 'react-i18next'
import { ApiError, isRefusedAs, Unreachable, type Fault, type Refused } from '../../api.ts'
import { words } from '../../i18n/en/refusals.ts'
import type { RefusalCode } from '../../i18n/words.ts'
import { useFormat } from '../format.ts'
import { faultKey } from './field-error-key.ts'

type Told = Refused & { detail: string; request?: string | undefined }

/** A refusal in the words of the page; where it has none for the code, what the server says is told beside the request's id. */
export function useRefusal() {
  const { t } = useTranslation(['frame', 'refusals'])
  const { cents } = useFormat()
  return ({ code, params = {}, detail, request = '' }: Told): string =>
    isKnown(code) ? t(`refusals:${code}`, { ...named(params), request }) : t('error.unknown', { detail, request })

  /** Amounts in the shop's currency, and words for people without a name. */
  function named(params: NonNullable<Refused['params']>) {
    const said = ([key, value]: [string, string | number]) => {
      if (value === '') return [key, t('error.nameless')]
      return [key, key.endsWith('_cents') ? cents(Number(value)) : value]
    }
    return Object.fromEntries(Object.entries(params).map(said)) as Record<string, string | number>
  }
}

const isKnown = (code: string | undefined): code is RefusalCode => code !== undefined && Object.hasOwn(words, code)

/** A fault in the words that stand beside its field. */
function useFaultWords() {
  const { t } = useTranslation()
  const refusal = useRefusal()
  return (fault: Fault): string => {
    const key = faultKey(fault)
    return key ? t(key) : refusal({ ...fault, detail: fault.msg })
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
    if (!(error instanceof ApiError)) return t('error.broken')
    if (isRefusedAs(error, 'too-many-attempts')) return waitFor(error.retryAfter ?? 60)
    const [fault] = error.faults
    return fault ? wordsOf(fault) : refusal({ ...error, detail: error.message })
  }

  function waitFor(seconds: number) {
    return seconds < 90
      ? t('error.tooManySeconds', { count: seconds })
      : t('error.tooManyMinutes', { count: Math.ceil(seconds / 60) })
  }
}
