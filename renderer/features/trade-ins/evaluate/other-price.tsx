import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Amount, isUnread } from '../../../ui/fields/amount.ts'
import { focusFirstError } from '../../../ui/fields/focus-first-error.ts'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { Picture } from '../../../ui/photos/picture.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { ApprovalFields, type Approver, useMustAsk } from '../approval-fields.tsx'
import type { Changes } from './changes.ts'
import { type BuyIn, type OtherPrice, photoPath } from './requests.ts'
import classes from './evaluate.module.css'

type Props = {
  draft: BuyIn
  /** What the sum comes to; null where nobody has set a price. */
  sum_cents: number | null
  change: (changes: Changes) => void
  approval: Approver
  onApproval: (typed: Approver) => void
  /** Why the approval was refused. */
  refused: string | undefined
}

/** Another price than the sum: how much, why, a photo where it is more, and who approves it. */
export function AnotherSum({ draft, sum_cents, change, approval, onApproval, refused }: Props) {
  const { t } = useTranslation('trade-ins')
  const [editing, edit] = useState(false)
  const open = () => edit(true)
  useShortcuts([{ keys: 'alt+u', label: t('evaluate.anotherSum'), run: open }])
  if (editing)
    return (
      <OtherPriceForm
        draft={draft}
        sum_cents={sum_cents}
        onDone={(other_price) => {
          edit(false)
          if (other_price !== undefined) change({ other_price })
        }}
      />
    )
  const { other_price } = draft
  return (
    <section aria-label={t('evaluate.anotherSum')} className={classes.another}>
      {other_price && <p className={classes.dim}>{t('evaluate.because', { reason: other_price.reason })}</p>}
      <Button variant="default" size="compact-md" onClick={open} rightSection={<Key of="alt+u" />}>
        {t('evaluate.anotherSum')}
      </Button>
      {other_price && <Approval approval={approval} onApproval={onApproval} refused={refused} />}
    </section>
  )
}

type FormProps = Pick<Props, 'draft' | 'sum_cents'> & {
  /** Null goes back to the sum; undefined leaves all as it was. */
  onDone: (other_price: OtherPrice | null | undefined) => void
}

function OtherPriceForm({ draft, sum_cents, onDone }: FormProps) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const before = draft.other_price
  const [cents, setCents] = useState<Amount>(before?.price_cents ?? null)
  const [reason, setReason] = useState(before?.reason ?? '')
  const [photo, setPhoto] = useState(before?.photo_id ?? draft.photos.at(-1)?.id ?? null)
  const [tried, setTried] = useState(false)
  const photo_id = draft.photos.some(({ id }) => id === photo) ? photo : (draft.photos.at(-1)?.id ?? null)
  const isHigher = typeof cents === 'number' && sum_cents !== null && cents > sum_cents
  const faults = {
    cents: cents === null ? t('frame:fieldError.missing') : isUnread(cents) ? t('frame:fieldError.money') : null,
    reason: reason.trim() === '' ? t('frame:fieldError.missing') : null,
    photo: isHigher && photo_id === null ? t('evaluate.higherNeedsPhoto') : null,
  }
  const keep = () => {
    setTried(true)
    if (faults.cents || faults.reason || faults.photo || typeof cents !== 'number') return focusFirstError()
    onDone({ price_cents: cents, reason: reason.trim(), photo_id })
  }
  useShortcuts([
    { keys: 'mod+Enter', label: t('evaluate.takeSum'), run: keep },
    { keys: 'Escape', label: t('frame:action.cancel'), run: () => onDone(undefined) },
  ])
  return (
    <form
      aria-label={t('evaluate.anotherSum')}
      className={classes.otherForm}
      onSubmit={(event) => {
        event.preventDefault()
        keep()
      }}
    >
      <MoneyField
        label={t('evaluate.otherPrice')}
        autoFocus
        cents={cents}
        onCents={setCents}
        error={tried && faults.cents}
      />
      <TextInput
        label={t('evaluate.reason')}
        autoComplete="off"
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        error={tried && faults.reason}
      />
      {draft.photos.length > 0 ? (
        <div role="group" aria-label={t('evaluate.photoThatShows')} className={classes.pickPhoto}>
          <span className={classes.dim}>{t('evaluate.photoThatShows')}</span>
          {draft.photos.map(({ id }, index) => (
            <button key={id} type="button" aria-pressed={id === photo_id} onClick={() => setPhoto(id)}>
              <Picture
                src={photoPath(draft.id, id, 'thumbnail')}
                alt={t('evaluate.photoNumbered', { number: index + 1 })}
              />
            </button>
          ))}
        </div>
      ) : (
        <p className={tried && faults.photo ? classes.here : classes.hint}>{t('evaluate.higherNeedsPhoto')}</p>
      )}
      <SaveOrCancel save={t('evaluate.takeSum')} busy={false} keys onCancel={() => onDone(undefined)} />
      {before && (
        <div>
          <Button variant="subtle" size="compact-sm" onClick={() => onDone(null)}>
            {t('evaluate.backToSum')}
          </Button>
        </div>
      )}
    </form>
  )
}

/** Who does it approves it, or somebody who may does here. */
function Approval({ approval, onApproval, refused }: Pick<Props, 'approval' | 'onApproval' | 'refused'>) {
  const { t } = useTranslation('trade-ins')
  if (!useMustAsk()) return <p className={classes.hint}>{t('evaluate.approvedByYou')}</p>
  return (
    <div className={classes.approval}>
      <ApprovalFields value={approval} onChange={onApproval} error={undefined} wrong={refused} />
    </div>
  )
}
