import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { TENDERS, type Tender } from '../../server/domain/tenders.ts'
import type { Amount } from '../ui/fields/amount.ts'
import { MoneyField } from '../ui/fields/money-field.tsx'
import { useFormat } from '../ui/format.ts'
import { Key } from '../ui/scanner/key.tsx'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'
import { likelyNotes } from './cash.ts'
import classes from './payment.module.css'
import { TenderButton } from './tender-button.tsx'

/** What is asked of every payment, of a repair and of an order alike: how it is paid, and what that way needs. */

type TenderProps = { tender: Tender; setTender: (tender: Tender) => void }

/** The ways to pay; F9 goes on to the next one. */
export function Tenders({ tender, setTender }: TenderProps) {
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

/** `refused`: what the server said of a field. Amounts are cents. */
type Asked = { toPay: number; refused: Record<string, string> }

type CashProps = Asked & {
  received: Amount
  setReceived: (received: Amount) => void
  /** What was given, in cents; null for what cannot be read. */
  tendered: number | null
  missing: number
}

/** What the customer gave, by a likely sum or typed, and the change. */
export function Cash({ toPay, received, tendered, setReceived, missing, refused }: CashProps) {
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

type ReferenceProps = Asked & Pick<TenderProps, 'tender'> & { reference: string; setReference: (text: string) => void }

/** What the card terminal printed, or how it was paid otherwise. */
export function Reference({ tender, reference, setReference, toPay, refused }: ReferenceProps) {
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
