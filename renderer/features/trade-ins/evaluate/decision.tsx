import { Alert, Button } from '@mantine/core'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../../connection.ts'
import { usePhotosOf } from '../../../photos.ts'
import { useMayWork } from '../../../session.ts'
import { useDraft } from '../../../ui/fields/draft.ts'
import { focusMarked } from '../../../ui/fields/focus-step.ts'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { isSizeOpen, nextStep, stepOf, type WorkedOut } from './answering.ts'
import { isEmpty } from './changes.ts'
import { useMakeOffer } from './make-offer.ts'
import { OfferSum } from './offer.tsx'
import { type Approver, NOBODY, useApproval } from '../approval-fields.tsx'
import { AnotherSum } from './other-price.tsx'
import { photosPlace } from './photos.tsx'
import { NO_SELLER, namedSeller, Seller, type SellerDraft } from './seller.tsx'
import type { Evaluation } from './use-evaluation.ts'
import classes from './evaluate.module.css'

/** The column that decides: what is offered and why, to whom, and the one button. */
export function Decision({ evaluation, workedOut }: { evaluation: Evaluation; workedOut: WorkedOut }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { draft, unsent, change, forget } = evaluation
  const [seller, changeSeller, clearSeller] = useDraft<SellerDraft>(`buy-in-seller.${draft.id}`, NO_SELLER)
  const [typed, setTyped] = useState<Approver>(NOBODY)
  const [wanted, setWanted] = useState(false)
  const [hindered, setHindered] = useState<string | null>(null)
  const { offer, busy, refusal, errors, reset } = useMakeOffer(draft.id, () => {
    clearSeller()
    forget()
  })
  const hindrance = useHindrance(evaluation, workedOut, seller)
  const approval = useApproval(typed)
  const price = draft.other_price?.price_cents ?? workedOut.offer?.price_cents
  const make = () => {
    const found = hindrance()
    setHindered(found?.says ?? null)
    if (found) return found.at && focusMarked(found.at)
    if (!isEmpty(unsent)) return setWanted(true)
    offer({
      version: draft.version,
      seen_cents: price,
      approval: draft.other_price ? approval : undefined,
      seller: draft.seller?.named ? null : namedSeller(draft, seller),
    })
  }
  // Pressed while the last answer was on its way: as soon as it is kept.
  const makeWhenKept = useEffectEvent(() => {
    setWanted(false)
    make()
  })
  useEffect(() => void (wanted && isEmpty(unsent) && makeWhenKept()), [wanted, unsent])
  const mayOffer = useMayWork() || draft.seller?.named === true
  useShortcuts([mayOffer && { keys: 'mod+Enter', label: t('evaluate.makeOffer'), run: make }])
  const priced = !('device.brand' in unsent || 'device.model' in unsent)
  const said = hindered ?? refusal
  return (
    <aside className={classes.side} aria-label={t('evaluate.offer')}>
      <OfferSum draft={draft} {...workedOut} priced={priced} />
      <AnotherSum
        draft={draft}
        sum_cents={workedOut.offer?.price_cents ?? null}
        change={change}
        approval={typed}
        onApproval={(now) => {
          reset()
          setTyped(now)
        }}
        refused={errors['approval']}
      />
      <Seller
        draft={draft}
        seller={seller}
        change={(part) => {
          reset()
          setHindered(null)
          changeSeller(part)
        }}
        errors={errors}
      />
      {mayOffer && (
        <section className={classes.act}>
          {said && (
            <Alert color="red" role="alert" py={6}>
              {said}
            </Alert>
          )}
          <Button
            size="lg"
            fullWidth
            data-step="make-offer"
            loading={busy || wanted}
            disabled={workedOut.assessment.blocked_by.length > 0}
            onClick={make}
            rightSection={<Key of="mod+Enter" />}
          >
            {price === undefined ? t('evaluate.makeOffer') : t('evaluate.offerAmount', { amount: format.cents(price) })}
          </Button>
          <span className={classes.hint}>{t('evaluate.afterwards')}</span>
        </section>
      )}
    </aside>
  )
}

type Hindrance = { says: string; at?: string }

/** What is missing before anything can be offered, and where the cursor goes to put it right. */
function useHindrance({ draft, unsent, refused }: Evaluation, { assessment, offer }: WorkedOut, seller: SellerDraft) {
  const { t } = useTranslation('trade-ins')
  const photos = usePhotosOf(photosPlace(draft.id))
  const reachable = useConnection((state) => state.reachable)
  return (): Hindrance | null => {
    const { brand, model, device_type_id } = draft.device
    if (brand === '' || model === '' || device_type_id === null)
      return { says: t('evaluate.sayWhichDevice'), at: nextStep(draft) }
    const [open] = [...assessment.unfit, ...assessment.unanswered]
    if (open !== undefined)
      return { says: t('evaluate.answerFirst', { count: assessment.unanswered.length }), at: stepOf({ id: open }) }
    if (assessment.blocked_by.length > 0) return { says: t('evaluate.nothingPaid') }
    if (!offer && !draft.other_price)
      return isSizeOpen(draft) ? { says: t('evaluate.noSizeYet'), at: 'storage' } : { says: t('evaluate.noPrice') }
    if (!draft.seller?.named && !namedSeller(draft, seller)) return { says: t('evaluate.saySeller'), at: 'seller' }
    if (photos.some(({ refused }) => refused === null)) return { says: t('evaluate.photosFirst') }
    if (!isEmpty(unsent) && (refused || !reachable)) return { says: t('evaluate.notKeptYet') }
    return null
  }
}
