import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { MoneyTaken } from '../../../payment/money-taken.tsx'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useHandOver, waitsForPickUp } from '../change-status.ts'
import { toPaper } from '../papers/papers.ts'
import type { Paid } from '../requests.ts'

/** The change to hand over and the receipt; with the last payment the device goes too. */
export function PaidNow({ paid: { ticket, payment, change_cents }, onClose }: { paid: Paid; onClose: () => void }) {
  const { t } = useTranslation(['pay', 'repairs'])
  const go = useNavigate()
  const format = useFormat()
  const handOver = useHandOver()
  const canHandOver = ticket.due_cents === 0 && waitsForPickUp(ticket)
  const handOverAndClose = () => {
    handOver(ticket)
    onClose()
  }
  return (
    <MoneyTaken
      change={change_cents}
      paid={payment.amount_cents}
      receiptNumber={payment.receipt_number}
      rest={ticket.due_cents > 0 ? t('staysOwed', { amount: format.cents(ticket.due_cents) }) : t('nothingOwed')}
      onPrint={() => void go(toPaper(ticket.id, 'receipt', { receipt: payment.receipt_number }))}
    >
      {canHandOver && (
        <Button variant="default" size="lg" onClick={onClose} rightSection={<Key of="Escape" />}>
          {t('staysHere')}
        </Button>
      )}
      <Button
        size="lg"
        onClick={canHandOver ? handOverAndClose : onClose}
        autoFocus
        data-autofocus
        rightSection={<Key of="Enter" />}
      >
        {t(canHandOver ? 'repairs:ticket.handOver' : 'done')}
      </Button>
    </MoneyTaken>
  )
}
