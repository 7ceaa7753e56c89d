import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { TenderButton } from '../../../payment/tender-button.tsx'
import { isUnread } from '../../../ui/fields/amount.ts'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { useFormat } from '../../../ui/format.ts'
import type { Chord } from '../../../ui/scanner/chords.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { type PurchasePart, type Way, WAYS } from './purchase-draft.ts'
import classes from './purchase.module.css'

const KEYS: Record<Way, Chord> = { cash: 'alt+c', transfer: 'alt+t', parts: 'alt+p' }

/** How the seller is paid: in cash, by transfer, or part and part. */
export function Payout({ draft, change, errors, price_cents }: PurchasePart & { price_cents: number }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { way, cash } = draft
  useShortcuts(
    WAYS.map((one) => ({ keys: KEYS[one], label: t(`purchase.way.${one}`), run: () => change({ way: one }) })),
  )
  const rest = price_cents - (isUnread(cash) ? 0 : (cash ?? 0))
  return (
    <>
      <div role="group" aria-label={t('purchase.payout')} className={classes.ways}>
        {WAYS.map((one) => (
          <TenderButton
            key={one}
            className={classes.way ?? ''}
            pressed={way === one}
            onPress={() => change({ way: one })}
          >
            {t(`purchase.way.${one}`)} <Key of={KEYS[one]} />
          </TenderButton>
        ))}
      </div>
      {way === 'parts' && (
        <MoneyField
          label={t('purchase.inCash')}
          cents={cash}
          onCents={(next) => change({ cash: next })}
          error={errors['cash']}
          description={rest > 0 ? t('purchase.restByTransfer', { amount: format.cents(rest) }) : undefined}
          data-field="cash"
        />
      )}
      {way !== 'cash' && (
        <TextInput
          label={t('purchase.reference')}
          description={t('purchase.referenceHint')}
          autoComplete="off"
          maxLength={100}
          value={draft.reference}
          error={errors['reference']}
          onChange={({ currentTarget }) => change({ reference: currentTarget.value })}
        />
      )}
    </>
  )
}
