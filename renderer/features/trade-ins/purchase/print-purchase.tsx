import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router'
import { QrCode } from '../../../print/codes.tsx'
import classes from '../../../print/label.module.css'
import { LABEL, ROLL } from '../../../print/page-size.ts'
import { usePaperDate } from '../../../print/paper-parts.tsx'
import { PaperScreen } from '../../../print/paper-screen.tsx'
import { useFit } from '../../../print/use-fit.ts'
import { queryClient } from '../../../query.ts'
import { type PurchasePaper as Paper, TO_TRADE_INS, toBought, toPurchasePaper, toTradeIn } from '../../../ui/routes.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { PurchasePaper } from './purchase-paper.tsx'
import { notePrint, type PurchaseData, type PurchaseFactsData, purchaseFactsQuery, purchaseQuery } from './requests.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

/** The paper of a purchase for both sides, or the label of its device. */
export function PrintPurchase() {
  const params = useParams()
  const id = Number(params['id'])
  return params['paper'] === 'label' ? <PrintLabel id={id} /> : <PrintPapers id={id} />
}

function PrintPapers({ id }: { id: number }) {
  const { data: purchase, error, refetch } = useQuery(purchaseQuery(id))
  if (!purchase && error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <Preview id={id} purchase={purchase} paper="purchase">
      {purchase && (
        <>
          <PurchasePaper purchase={purchase} side="seller" />
          <PurchasePaper purchase={purchase} side="shop" />
        </>
      )}
    </Preview>
  )
}

/** Nobody looks at who sold it for a label. */
function PrintLabel({ id }: { id: number }) {
  const { data: purchase, error, refetch } = useQuery(purchaseFactsQuery(id))
  if (!purchase && error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <Preview id={id} purchase={purchase} paper="label">
      {purchase && <UnitLabel purchase={purchase} />}
    </Preview>
  )
}

type PreviewProps = {
  id: number
  purchase: Pick<PurchaseData, 'number' | 'pickup_id'> | undefined
  paper: Paper
  children: ReactNode
}

/** There from the first moment on, so that the cursor is on it when the paper comes. */
function Preview({ id, purchase, paper, children }: PreviewProps) {
  const { t } = useTranslation(['trade-ins', 'papers'])
  const go = useNavigate()
  const [query] = useSearchParams()
  const { state } = useLocation() as { state: { from?: string } | null }
  const then = query.get('then') === 'label' && paper !== 'label' ? ('label' as const) : null
  const pickup_id = purchase?.pickup_id ?? null
  const isFromDocument = state?.from === toBought(id)
  const request = pickup_id === null ? TO_TRADE_INS : toTradeIn(pickup_id)
  const leave = () => void go(isFromDocument ? toBought(id) : request, { replace: true })
  const title = `${t(`purchase.paper.${paper}`)} ${purchase?.number ?? ''}`
  useEffect(() => {
    document.title = title
  }, [title])
  const printed = () => {
    if (then) void go(toPurchasePaper(id, then), { replace: true, state })
    else leave()
    // Not asked anew: each look at the seller's papers is written down.
    notePrint(id, paper)
      .then((made) =>
        queryClient.setQueryData<PurchaseData>(
          purchaseQuery(id).queryKey,
          (before) => before && { ...before, ...made },
        ),
      )
      .catch(() => void toast(t('purchase.printNotNoted'), { bad: true }))
  }
  return (
    <PaperScreen
      paper={paper === 'label' ? 'label' : 'receipt'}
      size={paper === 'label' ? LABEL : ROLL}
      title={title}
      back={backTo()}
      onBack={leave}
      onPrinted={printed}
      ready={purchase !== undefined}
      {...(then && { printLabel: t('papers:printThen', { next: t('purchase.paper.label') }) })}
    >
      {children}
    </PaperScreen>
  )

  function backTo() {
    if (isFromDocument) return t('document.title', { number: purchase?.number ?? '' })
    return pickup_id === null ? t('requests.title') : t('requests.one', { id: pickup_id })
  }
}

/** What the device bears while it waits: its number, and from when on it may be sold. */
function UnitLabel({ purchase }: { purchase: PurchaseFactsData }) {
  const { t } = useTranslation('trade-ins')
  const date = usePaperDate()
  const words = useRef<HTMLDivElement>(null)
  const fit = useFit(words)
  const { title, serial_number, hold_until, number } = purchase
  return (
    <article className={classes.label}>
      {serial_number && <QrCode text={serial_number} label={serial_number} className={classes.code} />}
      <div className={classes.text}>
        <strong className={classes.number}>
          <WholeCodes>{number}</WholeCodes>
        </strong>
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
