import { useTranslation } from 'react-i18next'
import { sum } from '../../server/domain/money/money.ts'
import type { TaxRule } from '../../server/domain/money/tax.ts'
import { useShop } from '../session.ts'
import { useFormat } from '../ui/format.ts'
import { Line } from './paper-parts.tsx'
import classes from './roll.module.css'

/** The money of a receipt, and the cents of each rate (basis points) that it states. */
export type Taxed = { amount_cents: number; tax_mode: TaxRule['mode']; tax_rate: number; taxes: readonly RateTax[] }
type RateTax = { rate: number; cents: number }

/**
 * What a receipt says of tax: what is without it, that of each rate, and what several come to. Nothing where the shop knows
 * none.
 */
export function TaxLines({ amount_cents, tax_mode, tax_rate, taxes }: Taxed) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const isTaxed = taxes.length > 0 || (tax_mode !== 'none' && tax_rate > 0 && amount_cents !== 0)
  if (!isTaxed) return null
  const lines = taxes.length > 0 ? taxes : [{ rate: tax_rate, cents: 0 }]
  const tax = sum(taxes.map(({ cents }) => cents))
  return (
    <>
      <Line label={t('net')}>{format.cents(amount_cents - tax)}</Line>
      {lines.map(({ rate, cents }) => (
        <Line key={rate} label={t('tax', { rate: format.percent(rate) })}>
          {format.cents(cents)}
        </Line>
      ))}
      <Line label={t('taxInAll')}>{lines.length > 1 && format.cents(tax)}</Line>
    </>
  )
}

/** The words by which a law excuses a small business that shows no tax, by its country. */
const WORDS_OF_SMALL_BUSINESS: Readonly<Record<string, string>> = {
  DE: 'Kein Ausweis von Umsatzsteuer, § 19 UStG',
}

/** Why a receipt shows no tax, where the law of the shop's country wants that said: in its words, whatever the page speaks. */
export function NoTax({ tax_mode }: Pick<Taxed, 'tax_mode'>) {
  const country = useShop()?.country
  const words = country && WORDS_OF_SMALL_BUSINESS[country]
  if (tax_mode !== 'none' || !words) return null
  return (
    <p lang={country.toLowerCase()} className={classes.noTax}>
      {words}
    </p>
  )
}
