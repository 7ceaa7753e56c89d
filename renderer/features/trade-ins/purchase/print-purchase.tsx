import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { QrCode } from '../../../print/codes.tsx'
import classes from '../../../print/label.module.css'
import { LABEL, ROLL } from '../../../print/page-size.ts'
import { usePaperDate } from '../../../print/paper-parts.tsx'
import { PaperScreen } from '../../../print/paper-screen.tsx'
import { useFit } from '../../../print/use-fit.ts'
import { queryClient } from '../../../query.ts'
import { type PurchasePaper as Paper, TO_TRADE_INS, toPurchasePaper, toTradeIn } from '../../../ui/routes.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { PurchasePaper } from './purchase-paper.tsx'
import { notePrint, purchaseQuery, type PurchaseData } from './requests.ts'

/** The paper of a purchase for both sides, or the label of its device. */
export function PrintPurchase() {
  const { t } = useTranslation('trade-ins')
  const params = useParams()
  const id = Number(params['id'])
  const paper: Paper = params['paper'] === 'label' ? 'label' : 'purchase'
  const { data: purchase, error, refetch } = useQuery(purchaseQuery(id))
  useEffect(() => {
    document.title = purchase ? `${purchase.number} ${t(`purchase.paper.${paper}`)}` : 'Fixpoint'
  }, [purchase, paper, t])
  if (!purchase && error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return <Preview id={id} purchase={purchase} paper={paper} />
}

type PreviewProps = { id: number; purchase: PurchaseData | undefined; paper: Paper }

/** There from the first moment on, so that the cursor is on it when the paper comes. */
function Preview({ id, purchase, paper }: PreviewProps) {
  const { t } = useTranslation(['trade-ins', 'papers'])
  const go = useNavigate()
  const [query] = useSearchParams()
  const then = query.get('then') === 'label' && paper !== 'label' ? ('label' as const) : null
  const { queryKey } = purchaseQuery(id)
  const pickup_id = purchase?.pickup_id ?? null
  const leave = () => void go(pickup_id === null ? TO_TRADE_INS : toTradeIn(pickup_id), { replace: true })
  const printed = () => {
    if (then) void go(toPurchasePaper(id, then), { replace: true })
    else leave()
    // Not asked anew: each look at the seller's papers is written down.
    notePrint(id, paper)
      .then((made) => queryClient.setQueryData<PurchaseData>(queryKey, (before) => before && { ...before, ...made }))
      .catch(() => void toast(t('purchase.printNotNoted'), { bad: true }))
  }
  return (
    <PaperScreen
      paper={paper === 'label' ? 'label' : 'receipt'}
      size={paper === 'label' ? LABEL : ROLL}
      title={`${t(`purchase.paper.${paper}`)} ${purchase?.number ?? ''}`}
      back={pickup_id === null ? t('requests.title') : t('requests.one', { id: pickup_id })}
      onBack={leave}
      onPrinted={printed}
      ready={purchase !== undefined}
      {...(then && { printLabel: t('papers:printThen', { next: t('purchase.paper.label') }) })}
    >
      {!purchase ? null : paper === 'label' ? (
        <UnitLabel purchase={purchase} />
      ) : (
        <>
          <PurchasePaper purchase={purchase} side="seller" />
          <PurchasePaper purchase={purchase} side="shop" />
        </>
      )}
    </PaperScreen>
  )
}

/** What the device bears while it waits: its number, and from when on it may be sold. */
function UnitLabel({ purchase }: { purchase: PurchaseData }) {
  const { t } = useTranslation('trade-ins')
  const date = usePaperDate()
  const words = useRef<HTMLDivElement>(null)
  const fit = useFit(words)
  const { title, serial_number, hold_until, number } = purchase
  return (
    <article className={classes.label}>
      {serial_number && <QrCode text={serial_number} label={serial_number} className={classes.code} />}
      <div className={classes.text}>
        <strong className={classes.number}>{number}</strong>
        <div ref={words} className={classes.words} data-fit={fit}>
          <bdi className={classes.thing}>{title}</bdi>
          {serial_number && <bdi>{serial_number}</bdi>}
        </div>
        <span className={classes.foot}>
          <strong>{hold_until !== null && t('purchase.notBefore', { day: date.day(hold_until) })}</strong>
        </span>
      </div>
    </article>
  )
}
