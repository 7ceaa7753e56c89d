import { TenderButton } from '../../../payment/tender-button.tsx'
import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { likelyNotes } from '../../../payment/cash.ts'
import { TENDERS } from '../../../../server/domain/tenders.ts'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import classes from './pay.module.css'
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

export function Tenders({ tender, setTender }: Payment) {
  const { t } = useTranslation(['pay', 'frame'])
  const next = () => setTender(TENDERS[(TENDERS.indexOf(tender) + 1) % TENDERS.length] ?? 'Cash')
  useShortcuts([{ keys: 'F9', label: t('nextTender'), run: next }], { dialog: true })
  return (
    <div role="group" aria-labelledby="pay-how" className={classes.tenders}>
      <span id="pay-how" className={classes.groupName}>
        {t('method')} <Key of="F9" />
      </span>
      {TENDERS.map((one) => (
        <TenderButton key={one} pressed={tender === one} onPress={() => setTender(one)}>
          {t(`frame:tender.${one}`)}
        </TenderButton>
      ))}
    </div>
  )
}

export function Cash({ toPay, received, tendered, setReceived, missing, refused }: Payment) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  const [exact, ...notes] = likelyNotes(toPay)
  return (
    <>
      <div className={classes.notes} role="group" aria-label={t('tendered')}>
        {exact !== undefined && (
          <TenderButton pressed={received === exact} onPress={() => setReceived(exact)}>
            {t('exact')}
          </TenderButton>
        )}
        {notes.map((sum) => (
          <TenderButton key={sum} pressed={received === sum} onPress={() => setReceived(sum)} className="figures">
            {format.cents(sum)}
          </TenderButton>
        ))}
      </div>
      <div className={classes.received}>
        <MoneyField
          label={t('received')}
          data-autofocus
          data-enter-sends
          autoFocus
          cents={received}
          onCents={setReceived}
          error={missing > 0 ? t('missing', { amount: format.cents(missing) }) : refused['tendered_cents']}
        />
        <div className={classes.change} aria-live="polite">
          <span>{t('change')}</span>
          <strong className="figures">{tendered === null ? '–' : format.cents(Math.max(0, tendered - toPay))}</strong>
        </div>
      </div>
    </>
  )
}

export function Reference({ tender, reference, setReference, toPay, refused }: Payment) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  return (
    <TextInput
      label={t(tender === 'Card' ? 'reference' : 'otherReference')}
      description={tender === 'Card' ? t('referenceHint', { amount: format.cents(toPay) }) : undefined}
      autoFocus
      autoComplete="off"
      value={reference}
      maxLength={100}
      onChange={({ currentTarget }) => setReference(currentTarget.value)}
      error={refused['reference']}
    />
  )
}
