import { Alert, Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import classes from '../../../payment/payment.module.css'
import { Failure, TakeMoney } from '../../../payment/take-money.tsx'
import type { Payment } from './use-payment.ts'

/** Somebody else has taken money or changed the price meanwhile. */
export function DueChanged({ due, onReload }: { due: number; onReload: () => void }) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  return (
    <Alert color="red" role="alert" title={t('changed', { amount: format.cents(due) })}>
      <Button variant="default" onClick={onReload}>
        {t('startAgain')}
      </Button>
    </Alert>
  )
}

/** What was sent before, and not answered, is in the books: this is something else, and has not been taken. */
export function SavedAlready({ due, onRestart, onClose }: { due: number; onRestart: () => void; onClose: () => void }) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  return (
    <Alert color="yellow" role="alert" title={t('savedAlready')}>
      <p className={classes.owed}>{due > 0 ? t('owedNow', { amount: format.cents(due) }) : t('nothingOwed')}</p>
      <Button variant="default" onClick={due > 0 ? onRestart : onClose}>
        {t(due > 0 ? 'startAgain' : 'done')}
      </Button>
    </Alert>
  )
}

/** The button that takes the money, and what became of a payment before. */
export function Confirm({ due, mustWait, paidSince, ...payment }: Payment) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  const owed = { amount: format.cents(due), paid: format.cents(paidSince ?? 0) }
  return (
    <>
      {mustWait && <Failure>{t('lastUnknown')}</Failure>}
      {paidSince !== null && <p role="status">{t(paidSince > 0 ? 'lastSaved' : 'lastNotSaved', owed)}</p>}
      <TakeMoney {...payment} />
    </>
  )
}
