import { useTranslation } from 'react-i18next'
import { useMethodName } from '../../payment/tenders.ts'
import type { Stores } from './requests.ts'

type Figures = Stores['total']

/** By which methods money moved, what each is called, and what was taken by it, in cents. */
export function useTakenBy({ takings }: Figures) {
  const { t } = useTranslation('fleet')
  const nameOf = useMethodName()
  const methods = takings.map(({ method }) => method)
  return {
    methods,
    // Stripe's own word for it.
    nameOf: (method: string | null) => (method === 'card' ? t('stores.cardOnline') : nameOf(method)),
    takenBy: (of: Figures, method: string | null) => of.takings.find((one) => one.method === method)?.taken_cents ?? 0,
  }
}
