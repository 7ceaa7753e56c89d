import { useTranslation } from 'react-i18next'
import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { useDraft } from '../../../ui/fields/draft.ts'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { useEditTicket } from './edit-ticket.ts'
import { PriceField } from '../price-field.tsx'
import type { Ticket } from '../requests.ts'
import classes from './ticket.module.css'

type Price = Pick<Ticket, 'cost_cents' | 'discount_cents'>
/** A price that is being changed. `from`: what stood there when it was begun; null while nobody changes it. */
type PriceDraft = { from: Price | null; cost: Amount; discount: Amount }

const NO_DRAFT: PriceDraft = { from: null, cost: null, discount: null }

/** Half of a price outlives its screen: it is there again when the ticket is. */
export function usePriceDraft({ id, cost_cents, discount_cents }: Ticket) {
  const [draft, change, clear] = useDraft(`price.${id}`, NO_DRAFT)
  const open = () => {
    if (draft.from) return
    const amountOf = (cents: number): Amount => (cents === 0 ? null : cents)
    change({ from: { cost_cents, discount_cents }, cost: amountOf(cost_cents), discount: amountOf(discount_cents) })
  }
  return { draft, open, change, close: () => void clear() }
}

type Props = {
  ticket: Ticket
  draft: PriceDraft
  from: Price
  change: (part: Partial<PriceDraft>) => void
  onDone: () => void
}

export function PriceForm({ ticket, draft: { cost, discount }, from, change, onDone }: Props) {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const editing = useEditTicket(ticket, ['cost_cents', 'discount_cents'], onDone, from)
  const refused = useFieldErrors()(editing.error)
  const newer = useNewerPrice(editing.newer)
  const price = isUnread(cost) || isUnread(discount) ? null : { cost_cents: cost ?? 0, discount_cents: discount ?? 0 }
  const tooMuch = price !== null && price.discount_cents > price.cost_cents
  const ready = price !== null && !tooMuch
  const save = () => ready && editing.save(price)
  useShortcuts([
    { keys: 'mod+Enter', label: t('frame:action.save'), run: save },
    { keys: 'Escape', label: t('frame:action.cancel'), run: onDone },
  ])
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <div className={classes.prices}>
        <PriceField
          label={t('ticket.price')}
          cents={cost}
          onCents={(typed) => change({ cost: typed })}
          autoFocus
          onFocus={({ currentTarget }) => currentTarget.select()}
          error={
            newer ??
            refused['cost_cents'] ??
            (editing.error && !Object.keys(refused).length ? explain(editing.error) : undefined)
          }
        />
        <PriceField
          label={t('ticket.discount')}
          cents={discount}
          onCents={(typed) => change({ discount: typed })}
          error={refused['discount_cents'] ?? (tooMuch ? t('ticket.discountTooHigh') : undefined)}
        />
      </div>
      <SaveOrCancel keys busy={editing.busy} disabled={!ready} onCancel={onDone} />
    </form>
  )
}

/** The price as somebody else has changed it: `£120.00 − £10.00`. */
function useNewerPrice(newer: Price | null): string | undefined {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  if (!newer) return undefined
  const parts = [newer.cost_cents, ...(newer.discount_cents > 0 ? [newer.discount_cents] : [])]
  return t('ticket.changedMeanwhile', { value: parts.map((cents) => format.cents(cents)).join(' − ') })
}
