import { useTranslation } from 'react-i18next'
import type { VALUE_WORDS } from '../../../server/counter/aside/told.contract.ts'
import { useFormat } from '../../ui/format.ts'
import { When } from '../../ui/when.tsx'
import type { Value } from './requests.ts'

type WordOf<K extends keyof typeof VALUE_WORDS> = (typeof VALUE_WORDS)[K][number]

/** A value as people write it. */
export function ValueText({ value: { kind, text, number } }: { value: Value }) {
  const { t } = useTranslation('aside')
  const format = useFormat()
  const toWord = useWord()
  if (kind === 'unknown') return <>{t('notKnown')}</>
  if (number === null) {
    if (text === null || text === '') return <>{t('empty')}</>
    return <bdi>{toWord(kind, text)}</bdi>
  }
  if (kind === 'moment') return <When at={number} withTime />
  if (kind === 'flag') return <>{t(number === 1 ? 'yes' : 'no')}</>
  const figures = kind === 'cents' ? format.cents(number) : kind === 'tenths' ? format.percent(number * 10) : format.count(number) // oxfmt-ignore
  return <span className="figures">{figures}</span>
}

/** Words of the program in the language of the page; what somebody typed stays as it is. */
function useWord() {
  const { t } = useTranslation(['aside', 'frame', 'trade-ins', 'web-orders'])
  // The server says a kind of word only of one that it knows.
  return (kind: Value['kind'], text: string): string => {
    switch (kind) {
      case 'role':
        return t(`words.role.${text as WordOf<'role'>}`)
      case 'taxMode':
        return t(`words.taxMode.${text as WordOf<'taxMode'>}`)
      case 'method':
        return t(`frame:tender.${text as WordOf<'method'>}`)
      case 'repairStatus':
        return t(`frame:status.${text as WordOf<'repairStatus'>}`)
      case 'paymentStatus':
        return t(`frame:payment.${text as WordOf<'paymentStatus'>}`)
      case 'webOrderStatus':
        return t(`web-orders:status.${text as WordOf<'webOrderStatus'>}`)
      case 'tradeInStatus':
        return t(`trade-ins:requests.status.${text as WordOf<'tradeInStatus'>}`)
      default:
        return text
    }
  }
}
