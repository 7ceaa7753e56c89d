import { useTranslation } from 'react-i18next'
import type { TENDERS } from '../../server/counter/repairs/tickets.contract.ts'

export type Tender = (typeof TENDERS)[number]
/** The contract's list; the value itself would bring the server's schemas into the page. */
export const TENDER_KEYS: readonly Tender[] = ['Cash', 'Card', 'Other']

/** Payments made by other programs may name other ways to pay; those stay as they are. */
export function useMethodName() {
  const { t } = useTranslation('repairs')
  return (method: string | null) => {
    const tender = TENDER_KEYS.find((one) => one === method)
    return tender ? t(`pay.tender.${tender}`) : (method ?? t('pay.noMethod'))
  }
}
