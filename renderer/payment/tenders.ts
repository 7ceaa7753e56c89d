import { useTranslation } from 'react-i18next'
import { TENDERS } from '../../server/domain/tenders.ts'

/** Payments made by other programs may name other ways to pay; those stay as they are. */
export function useMethodName() {
  const { t } = useTranslation()
  return (method: string | null) => {
    const tender = TENDERS.find((one) => one === method)
    return tender ? t(`tender.${tender}`) : (method ?? t('noTender'))
  }
}
