import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { randomKey } from '../../../intents.ts'
import { DISCARDED_DRAFT, discardPhotos, movePhotos, usePhotosOf } from '../../../photos.ts'
import { queryClient } from '../../../query.ts'
import { useDraft } from '../../../ui/fields/draft.ts'
import { focusFirstError, focusRefused } from '../../../ui/fields/focus-first-error.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { Page } from '../../../ui/page.tsx'
import { isDocument } from '../../../ui/scanner/scan.ts'
import { useScanner } from '../../../ui/scanner/scanner.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { toTicket } from '../../../ui/routes.ts'
import { storeActivationCode } from '../../../activation-codes.ts'
import { IntakeBar } from './intake-bar.tsx'
import { IntakeAccessories, IntakeCondition } from './intake-condition.tsx'
import { IntakeCustomer } from './intake-customer.tsx'
import { IntakeDevice } from './device/intake-device.tsx'
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
import { useSettledModel } from './device/find-model.ts'
import { isSameDevice, isSameIntake, takeInOnce } from './take-in-once.ts'
import { focusStep } from './focus-order.ts'
import { useTakeScanned } from './device/take-device.ts'

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
    if (isDocument(scan)) return false
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
  const discardable = !isEmptyDraft(draft) || hasPhotos
  useShortcuts([discardable && { keys: 'alt+x', label: t('discard'), run: discard }])
  return (
    <Page
      title={t('title')}
      fill
      action={
        discardable && (
          <Button variant="subtle" color="gray" onClick={discard} rightSection={<Key of="alt+x" />}>
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
            <IntakeAccessories {...part} />
            <IntakeCondition {...part} />
            <IntakeTerms {...part} />
          </div>
        </div>
        <IntakeBar {...part} busy={busy} failure={failure} onSave={save} />
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
  const settleModel = useSettledModel(change)
  const bodyOf = (now: IntakeDraft) => intakeBody(now, (accessory) => t(`accessory.${accessory}`))
  const mutation = useMutation({
    mutationFn: ({ sent, key }: Pick<IntakeDraft, 'sent' | 'key'>) => takeInOnce(sent, key),
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
    if (!mutation.isPending && !mutation.isSuccess) settleModel(draft, send)
  }
  const send = (now: IntakeDraft) => {
    const found = check(now)
    setMissing(found)
    if (Object.keys(found).length > 0) return focusFirstError()
    const body = bodyOf(now)
    const sending = {
      key: now.key || randomKey(),
      sent: [...now.sent.filter((form) => !isSameIntake(form, body)), body],
    }
    change(sending)
    mutation.mutate(sending, focusRefused())
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
