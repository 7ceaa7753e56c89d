import { useTranslation } from 'react-i18next'
import { Line } from '../../../print/paper-parts.tsx'
import { useFormat } from '../../../ui/format.ts'
import type { Ticket } from '../requests.ts'

/** What was agreed when the device came in, however often its paper is printed; and the price since, where that is another. */
export function Estimate({ ticket: { agreed_cents, total_cents } }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  return (
    <>
      <Line label={t('estimate')}>{agreed_cents > 0 && format.cents(agreed_cents)}</Line>
      <Line label={t('priceNow')}>{total_cents !== agreed_cents && format.cents(total_cents)}</Line>
    </>
  )
}
