import { Button } from '@mantine/core'
import { IconCircleCheckFilled } from '@tabler/icons-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import { Key } from '../ui/scanner/key.tsx'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'
import { WholeCodes } from '../ui/whole-codes.tsx'
import classes from './payment.module.css'

/** A second tap on Enter comes sooner than this; whoever has read the change presses later. */
const UNREAD_MS = 600

type Props = {
  /** In cents, as all amounts. */
  change: number
  paid: number
  receiptNumber: string | null
  /** What is owed still, in words. */
  rest: string
  onPrint: () => void
  /** The buttons that go on; the first with the focus. */
  children: ReactNode
}

/** The change to hand over, where the amount stood, and the receipt. */
export function MoneyTaken({ change, paid, receiptNumber, rest, onPrint, children }: Props) {
  const { t } = useTranslation(['pay', 'papers'])
  const format = useFormat()
  const onKeyDownCapture = useEnterOnceRead()
  useShortcuts([{ keys: 'F10', label: t('papers:paper.receipt'), run: onPrint }], { dialog: true })
  return (
    <div className={classes.pay} role="status" onKeyDownCapture={onKeyDownCapture}>
      <div className={classes.done}>
        <span>{t(change > 0 ? 'change' : 'paid')}</span>
        <strong className="figures">{format.cents(change > 0 ? change : paid)}</strong>
      </div>
      <p className={classes.receipt}>
        <IconCircleCheckFilled size={20} aria-hidden />
        <span className="figures">
          <WholeCodes>{t('receiptNumber', { number: receiptNumber ?? '' })}</WholeCodes>
        </span>
        <span className={classes.rest}>{rest}</span>
      </p>
      <div className={classes.after}>
        <Button variant="default" size="lg" onClick={onPrint} rightSection={<Key of="F10" />}>
          {t('papers:paper.receipt')}
        </Button>
        {children}
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
