import { Alert, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { imeiKind } from '../../../../server/domain/imei.ts'
import { isRefusedAs } from '../../../api.ts'
import { useConnection } from '../../../connection.ts'
import { imeiStays } from '../../../desk/imei-stays.ts'
import { queryClient } from '../../../query.ts'
import { serverNow } from '../../../server-clock.ts'
import { Page } from '../../../ui/page.tsx'
import { focusMarked } from '../../../ui/fields/focus-step.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { watchCursor } from '../../../ui/fields/watch-cursor.ts'
import { toBuyIn } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { isDocument } from '../../../ui/scanner/scan.ts'
import { useScanner } from '../../../ui/scanner/scanner.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { nextStep, workOut } from './answering.ts'
import { isEmpty } from './changes.ts'
import { Checks } from './checks.tsx'
import { Decision } from './decision.tsx'
import { Device } from './device.tsx'
import { KeptWhen, Overtaken } from './kept.tsx'
import { OfferLine } from './offer.tsx'
import { Photos } from './photos.tsx'
import { Questions } from './questions.tsx'
import { dropBuyIn } from './requests.ts'
import { type Evaluation, useEvaluation } from './use-evaluation.ts'
import classes from './evaluate.module.css'

/** One device is looked at: what it is, what the shop asks of it, and beside it what is offered. */
export function Evaluate() {
  const { t } = useTranslation('trade-ins')
  const { id = '' } = useParams()
  const go = useNavigate()
  const { evaluation, error, retry } = useEvaluation(id)
  const hasEnded = isRefusedAs(error, 'evaluation-not-found')
  if (evaluation && !hasEnded) return <Screen key={id} evaluation={evaluation} />
  return (
    <Page title={t('evaluate.title')}>
      {hasEnded ? (
        <Alert color="yellow" role="alert">
          {t('evaluate.ended')}
          <div>
            <Button mt="xs" variant="default" autoFocus onClick={() => void go('/buy-in', { replace: true })}>
              {t('evaluate.toTheList')}
            </Button>
          </div>
        </Alert>
      ) : error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </Page>
  )
}

function Screen({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const go = useNavigate()
  const { draft, change, unsent } = evaluation
  const kept = isEmpty(unsent)
  const { sure, busy, drop } = useDrop(evaluation)
  useTakeScanned(evaluation)
  useShortcuts([
    { keys: 'Escape', label: t('frame:shortcuts.back'), run: () => void go('/buy-in') },
    { keys: 'alt+x', label: t('evaluate.drop'), run: drop },
  ])
  const now = serverNow()
  const workedOut = workOut(draft, now)
  const base = workedOut.offer?.base_cents ?? null
  useCursorAtFirst(() => focusMarked(nextStep(draft)))
  return (
    <Page
      title={t('evaluate.title')}
      beside={<KeptWhen evaluation={evaluation} />}
      wide
      fill
      action={
        <Button
          variant="subtle"
          color={sure ? 'red' : 'gray'}
          loading={busy}
          onClick={drop}
          rightSection={<Key of="alt+x" />}
        >
          {t(sure ? 'evaluate.dropAll' : 'evaluate.drop')}
        </Button>
      }
    >
      <div className={classes.screen}>
        <div className={classes.main}>
          <Overtaken evaluation={evaluation} />
          <div className={classes.pane}>
            <Device draft={draft} change={change} kept={kept} />
            <Checks draft={draft} />
            <Questions draft={draft} base_cents={base} change={change} />
            <Photos draft={draft} />
          </div>
        </div>
        <OfferLine draft={draft} {...workedOut} />
        <Decision evaluation={evaluation} workedOut={workedOut} />
      </div>
    </Page>
  )
}

/** Once: where work goes on, unless somebody types already. */
function useCursorAtFirst(focus: () => void) {
  const isFree = useRef(watchCursor())
  const begin = useEffectEvent(() => isFree.current() && focus())
  useEffect(() => void begin(), [])
}

/**
 * Another device is an evaluation of its own; this one is kept. A first number says which device this is, and beside an IMEI a
 * code that is none is one of the box, and begins nothing.
 */
function useTakeScanned({ draft, change }: Evaluation) {
  const { t } = useTranslation('intake')
  const go = useNavigate()
  useScanner((scan) => {
    if (isDocument(scan)) return false
    const { serial_number, device_id } = draft.device
    const isById = scan.kind === 'device' && /^\d{1,15}$/.test(scan.value)
    if (scan.value === serial_number || (isById && Number(scan.value) === device_id)) focusMarked(nextStep(draft))
    else if (imeiStays(serial_number ?? '', scan) && imeiKind(scan.value) === 'not-an-imei')
      toast(t('imeiStays', { code: scan.value, imei: serial_number ?? '' }), { bad: true })
    else if (serial_number === null && !isById) {
      change({ 'device.serial_number': scan.value })
      focusMarked(nextStep(draft))
    } else void go(toBuyIn(isById ? { device: Number(scan.value) } : { serial: scan.value }))
    return true
  })
}

const SURE_MS = 8_000

/**
 * Ends it without an offer, which nothing brings back: the button says so before it does. What is on its way is kept first, since
 * it is ended as it was seen.
 */
function useDrop({ draft: { id, version }, unsent, refused, forget }: Evaluation) {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const explain = useExplain()
  const [sure, ask] = useState(false)
  const [wanted, want] = useState(false)
  const reachable = useConnection((state) => state.reachable)
  const { mutate, isPending } = useMutation({
    mutationFn: (seen: number) => dropBuyIn(id, seen),
    onSuccess: () => {
      void go('/buy-in', { replace: true })
      forget()
      void queryClient.invalidateQueries({ queryKey: ['buy-ins'], exact: true })
      toast(t('evaluate.dropped'))
    },
    onError: (error) => {
      ask(false)
      if (isRefusedAs(error, 'evaluation-changed')) void queryClient.invalidateQueries({ queryKey: ['buy-ins', id] })
      toast(explain(error), { bad: true })
    },
  })
  const isSettled = isEmpty(unsent) || refused !== null || !reachable
  const end = useEffectEvent(() => {
    want(false)
    mutate(version)
  })
  useEffect(() => void (wanted && isSettled && end()), [wanted, isSettled])
  useEffect(() => {
    if (!sure) return
    const unsure = setTimeout(() => ask(false), SURE_MS)
    return () => clearTimeout(unsure)
  }, [sure])
  const busy = wanted || isPending
  return { sure, busy, drop: () => (busy ? undefined : sure ? want(true) : ask(true)) }
}
