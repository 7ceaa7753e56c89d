import { Button } from '@mantine/core'
import { IconCircleCheckFilled } from '@tabler/icons-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { useHandOver, waitsForPickUp } from '../change-status.ts'
import { toPaper } from '../papers/papers.ts'
import classes from './pay.module.css'
import type { Paid } from '../requests.ts'

/** A second tap on Enter comes sooner than this; whoever has read the change presses later. */
const UNREAD_MS = 600

/** The change to hand over, where the amount stood, and the receipt. */
export function PaidNow({ paid: { ticket, payment, change_cents }, onClose }: { paid: Paid; onClose: () => void }) {
  const { t } = useTranslation(['pay', 'papers', 'repairs'])
  const go = useNavigate()
  const format = useFormat()
  const print = () => void go(toPaper(ticket.id, 'receipt', { receipt: payment.receipt_number }))
  const handOver = useHandOver()
  const onKeyDownCapture = useEnterOnceRead()
  const canHandOver = ticket.due_cents === 0 && waitsForPickUp(ticket)
  const handOverAndClose = () => {
    handOver(ticket)
    onClose()
  }
  useShortcuts([{ keys: 'F10', label: t('papers:paper.receipt'), run: print }], { dialog: true })
  return (
    <div className={classes.pay} role="status" onKeyDownCapture={onKeyDownCapture}>
      <div className={classes.done}>
        <span>{t(change_cents > 0 ? 'change' : 'paid')}</span>
        <strong className="figures">{format.cents(change_cents > 0 ? change_cents : payment.amount_cents)}</strong>
      </div>
      <p className={classes.receipt}>
        <IconCircleCheckFilled size={20} aria-hidden />
        <span className="figures">{t('receiptNumber', { number: payment.receipt_number ?? '' })}</span>
        <span className={classes.rest}>
          {ticket.due_cents > 0 ? t('staysOwed', { amount: format.cents(ticket.due_cents) }) : t('nothingOwed')}
        </span>
      </p>
      <div className={classes.after}>
        <Button variant="default" size="lg" onClick={print} rightSection={<Key of="F10" />}>
          {t('papers:paper.receipt')}
        </Button>
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
      </div>
    </div>
  )
}

/** Enter presses nothing until the change can have been read: the same key has just taken the money. */
function useEnterOnceRead() {
  const read = useRef(false)
  useEffect(() => {
    const timer = setTimeout(() => (read.current = true), UNREAD_MS)
    return () => clearTimeout(timer)
  }, [])
  return (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || read.current) return
    event.preventDefault()
    event.stopPropagation()
  }
}
