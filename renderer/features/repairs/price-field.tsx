import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { charged, priced, type TaxRule } from '../../../server/domain/money/tax.ts'
import { useShop } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import type { Amount } from '../../ui/fields/amount.ts'
import { MoneyField } from '../../ui/fields/money-field.tsx'

/**
 * A price as the shop writes it. `cents` is what the customer pays; where tax is added on top, the price before it is
 * typed, and the amount with it stands below.
 */
export function PriceField({ cents, onCents, ...input }: ComponentProps<typeof MoneyField>) {
  const { t } = useTranslation('repairs')
  const rule = useTaxRule()
  const format = useFormat()
  if (rule.mode !== 'added') return <MoneyField {...input} cents={cents} onCents={onCents} />
  return (
    <MoneyField
      {...input}
      cents={mapCents(cents, (amount) => priced(amount, rule))}
      onCents={(price) => onCents(mapCents(price, (amount) => charged(amount, rule)))}
      description={
        typeof cents === 'number' && cents > 0
          ? t('ticket.withTax', { amount: format.cents(cents), rate: format.percent(rule.rate) })
          : null
      }
    />
  )
}

const mapCents = (amount: Amount, to: (cents: number) => number): Amount =>
  typeof amount === 'number' ? to(amount) : amount

/** The shop's tax mode and rate today. */
function useTaxRule(): TaxRule {
  const shop = useShop()
  return { mode: shop?.tax_mode ?? 'none', rate: shop?.tax_rate ?? 0 }
}
