import { useTranslation } from 'react-i18next'
import classes from '../../../payment/payment.module.css'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { useFormat } from '../../../ui/format.ts'
import type { Payment } from './use-payment.ts'

/** The largest thing on the screen; a part is typed over it. Enter goes on to what was given, and takes no money. */
export function AmountToPay({ due, amount, setAmount, toPay, refused }: Payment) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  const tooMuch = toPay > due ? t('tooMuch', { amount: format.cents(due) }) : undefined
  return (
    <MoneyField
      className={classes.amount}
      label={t('toPay')}
      cents={amount}
      onCents={setAmount}
      onFocus={({ currentTarget }) => currentTarget.select()}
      error={tooMuch ?? refused['amount_cents']}
      description={toPay > 0 && toPay < due ? t('staysOwed', { amount: format.cents(due - toPay) }) : t('partHint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  )
}
