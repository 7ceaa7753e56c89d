import { Alert, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconPrinter } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { isDoneAlready, Unreachable } from '../../../api.ts'
import { randomKey } from '../../../intents.ts'
import { useConnection } from '../../../connection.ts'
import { DISCARDED_DRAFT, discardPhotos, movePhotos, usePhotosOf } from '../../../photos.ts'
import { queryClient } from '../../../query.ts'
import { useDraft } from '../../../ui/fields/draft.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { focusFirstError } from '../../../ui/fields/focus-first-error.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { Page } from '../../../ui/page.tsx'
import { useScanner } from '../../../ui/scanner/scanner.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { toTicket } from '../../../ui/routes.ts'
import { storeActivationCode } from '../../../activation-codes.ts'
import { accessoryNames, labelCount } from '../condition.ts'
import { IntakeCondition } from './intake-condition.tsx'
import { IntakeCustomer } from './intake-customer.tsx'
import { IntakeDevice } from './intake-device.tsx'
import { offerDraftBack, withdrawDraft } from './draft-undo.ts'
import {
  changeOf,
  EMPTY_DRAFT,
  intakeBody,
  isEmptyDraft,
  SECRETS,
  type ChangeDraft,
  type IntakeDraft,
} from './intake-draft.ts'
import { useIntakeErrors } from './intake-errors.ts'
import { IntakeProblems } from './intake-problems.tsx'
import { IntakePhotos, useIntakePhotoPlace } from './intake-photos.tsx'
import { IntakeTerms } from './intake-terms.tsx'
import { usePrefill } from './intake-prefill.ts'
import classes from './intake.module.css'
import { isSameDevice, isSameIntake, takeInOnce } from './take-in-once.ts'
import { focusStep } from './focus-order.ts'
import { useTakeScanned } from './take-device.ts'

/** One device taken in: everything on one screen, saved at once or not at all. */
export function Intake() {
  const { t } = useTranslation(['intake', 'frame'])
  const go = useNavigate()
  const [draft, change, clear] = useDraft<IntakeDraft>('intake', EMPTY_DRAFT, { secret: SECRETS })
  const { save, busy, errors, failure, clearErrors } = useTakeIn(draft, change, clear)
  const edit: ChangeDraft = (part) => {
    clearErrors()
    withdrawDraft()
    change((now) => changeOf(now, part))
  }
  const part = { draft, change: edit, errors }
  usePrefill(draft, change)
  usePreloadedPapers()
  const takeScanned = useTakeScanned(part)
  useScanner((scan) => {
    if (scan.kind === 'ticket' || scan.kind === 'receipt') return false
    void takeScanned(scan)
    return true
  })
  useShortcuts([
    { keys: 'mod+Enter', label: t('submit'), run: save },
    { keys: 'Escape', label: t('frame:shortcuts.back'), run: () => void go(-1) },
  ])
  const place = useIntakePhotoPlace()
  const hasPhotos = usePhotosOf(place).length > 0
  const discard = () => {
    clear()
    void discardPhotos(place)
    focusStep('customer')
    const undo = () => {
      change(draft)
      void movePhotos(DISCARDED_DRAFT, place)
    }
    offerDraftBack(t('discarded'), undo)
  }
  return (
    <Page
      title={t('title')}
      fill
      action={
        (!isEmptyDraft(draft) || hasPhotos) && (
          <Button variant="subtle" color="gray" onClick={discard}>
            {t('discard')}
          </Button>
        )
      }
    >
      <div className={classes.screen}>
        <div className={classes.scroll}>
          <div className={classes.column}>
            <IntakeCustomer {...part} />
            <IntakeDevice {...part} />
            <IntakeProblems {...part} />
            <IntakePhotos />
          </div>
          <div className={classes.column}>
            <IntakeCondition {...part} />
            <IntakeTerms {...part} />
          </div>
        </div>
        <SubmitBar
          draft={draft}
          busy={busy}
          failure={failure}
          shownAtFields={Object.keys(errors).length > 0 && !isDoneAlready(failure)}
          onSave={save}
        />
      </div>
    </Page>
  )
}

type ClearDraft = (still: (draft: IntakeDraft) => boolean) => boolean

function useTakeIn(draft: IntakeDraft, change: ChangeDraft, clear: ClearDraft) {
  const { t } = useTranslation(['repairs', 'intake'])
  const go = useNavigate()
  const { check, refused } = useIntakeErrors()
  const place = useIntakePhotoPlace()
  const [missing, setMissing] = useState<Record<string, string>>({})
  const bodyOf = (now: IntakeDraft) => intakeBody(now, (accessory) => t(`accessory.${accessory}`))
  const mutation = useMutation({
    mutationFn: ({ sent, key }: Pick<IntakeDraft, 'sent' | 'key'>) => takeInOnce(sent, key),
    onError: focusFirstError,
    onSuccess: ({ taken, body }) => {
      if (taken.claim_code) storeActivationCode(taken.customer_id, taken.claim_code)
      let typed = draft
      const unchanged = clear((now) => isSameIntake(bodyOf((typed = now)), body))
      // Another device typed meanwhile is an intake of its own; a changed one keeps the key, under which it is not taken in again.
      const another = !unchanged && !isSameDevice(bodyOf(typed), body)
      if (another) change({ key: '', sent: [] })
      else void movePhotos(place, `ticket.${taken.order_id}`)
      if (!unchanged && !isEmptyDraft(typed)) toast(t('intake:takenInAsSent'), { bad: true })
      void queryClient.invalidateQueries()
      void go(toTicket(taken.order_id), { replace: true, state: { takenIn: true } })
    },
  })
  const errors = { ...refused(mutation.error), ...missing }
  const save = () => {
    if (mutation.isPending || mutation.isSuccess) return
    const found = check(draft)
    setMissing(found)
    if (Object.keys(found).length > 0) return focusFirstError()
    const body = bodyOf(draft)
    const sending = {
      key: draft.key || randomKey(),
      sent: [...draft.sent.filter((form) => !isSameIntake(form, body)), body],
    }
    change(sending)
    mutation.mutate(sending)
  }
  /** Errors of the last refusal are cleared as soon as something is typed. */
  const clearErrors = () => {
    if (mutation.isError) mutation.reset()
    setMissing({})
  }
  return { save, busy: mutation.isPending, errors, failure: mutation.error, clearErrors }
}

/** The papers show themselves at once when the device has been taken in. */
function usePreloadedPapers() {
  useEffect(() => void import('../papers/taken-in.tsx'), [])
}

/** The banner says why; once the server is back there is nothing more to say. */
function NotSavedMessage() {
  const { t } = useTranslation('intake')
  const reachable = useConnection((state) => state.reachable)
  return (
    <span role="status" className={classes.failure}>
      {!reachable && t('notSaved')}
    </span>
  )
}

type SubmitBarProps = {
  draft: IntakeDraft
  busy: boolean
  failure: Error | null
  shownAtFields: boolean
  onSave: () => void
}

/** What will be printed, and the one button. `shownAtFields`: what was refused stands beside its field. */
function SubmitBar({ draft, busy, failure, shownAtFields, onSave }: SubmitBarProps) {
  const { t } = useTranslation('intake')
  const explain = useExplain()
  const labels = labelCount(accessoryNames(draft, (accessory) => accessory))
  return (
    <footer className={classes.bar}>
      <span className={classes.prints}>
        <IconPrinter size={18} aria-hidden />
        {t('prints', { count: labels })}
      </span>
      {failure instanceof Unreachable ? (
        <NotSavedMessage />
      ) : (
        failure && (
          <Alert color="red" role="alert" py={6} className={classes.failure}>
            {isDoneAlready(failure) ? t('savedAlready') : shownAtFields ? t('refused') : explain(failure)}
          </Alert>
        )
      )}
      <Button size="md" loading={busy} onClick={onSave} rightSection={<Key of="mod+Enter" />}>
        {t('submit')}
      </Button>
    </footer>
  )
}
