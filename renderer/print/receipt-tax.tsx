import { useTranslation } from 'react-i18next'
import { sum } from '../../server/domain/money/money.ts'
import type { TaxRule } from '../../server/domain/money/tax.ts'
import { useFormat } from '../ui/format.ts'
import { Line } from './paper-parts.tsx'

/** The money of a receipt, and the cents of each rate (basis points) that it states. */
export type Taxed = { amount_cents: number; tax_mode: TaxRule['mode']; tax_rate: number; taxes: readonly RateTax[] }
type RateTax = { rate: number; cents: number }

/** What a receipt says of tax: what is without it, and that of each rate. Nothing where the shop knows none. */
export function TaxLines({ amount_cents, tax_mode, tax_rate, taxes }: Taxed) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const isTaxed = taxes.length > 0 || (tax_mode !== 'none' && tax_rate > 0 && amount_cents !== 0)
  if (!isTaxed) return null
  const lines = taxes.length > 0 ? taxes : [{ rate: tax_rate, cents: 0 }]
  return (
    <>
      <Line label={t('net')}>{format.cents(amount_cents - sum(taxes.map(({ cents }) => cents)))}</Line>
      {lines.map(({ rate, cents }) => (
        <Line key={rate} label={t('tax', { rate: format.percent(rate) })}>
          {format.cents(cents)}
        </Line>
      ))}
    </>
  )
}
