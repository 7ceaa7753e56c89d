import { Alert, Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayWork } from '../../../session.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { Money } from '../../../ui/money.tsx'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { useEditTicket } from './edit-ticket.ts'
import { PriceField } from '../price-field.tsx'
import type { Ticket } from '../requests.ts'
import { Payments } from './payments.tsx'
import { Section } from './section.tsx'
import classes from './ticket.module.css'

/** Price, discount, what was paid and what is still owed. */
export function TicketMoney({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const [editing, setEditing] = useState(false)
  const mayWork = useMayWork()
  const format = useFormat()
  return (
    <Section
      title={t('ticket.price')}
      action={
        mayWork &&
        !editing && (
          <Button variant="subtle" size="compact-sm" onClick={() => setEditing(true)}>
            {t('frame:action.edit')}
          </Button>
        )
      }
    >
      {editing ? (
        <PriceForm ticket={ticket} onDone={() => setEditing(false)} />
      ) : (
        <dl className={classes.sums}>
          <SumLine label={t('ticket.price')} cents={ticket.cost_cents} />
          {ticket.discount_cents > 0 && <SumLine label={t('ticket.discount')} cents={-ticket.discount_cents} />}
          {ticket.paid_cents !== 0 && <SumLine label={t('ticket.paid')} cents={-ticket.paid_cents} />}
          <SumLine label={t('ticket.due')} cents={ticket.due_cents} total />
        </dl>
      )}
      {ticket.status === 'Cancelled' && ticket.paid_cents > 0 && (
        <Alert color="yellow" role="status" py={8}>
          {t('correction.cancelled', { amount: format.cents(ticket.paid_cents) })}
        </Alert>
      )}
      <Payments ticket={ticket} />
    </Section>
  )
}

function SumLine({ label, cents, total = false }: { label: string; cents: number; total?: boolean }) {
  return (
    <div className={classes.sum} data-total={total || undefined}>
      <dt>{label}</dt>
      <dd>
        <Money cents={cents} />
      </dd>
    </div>
  )
}

function PriceForm({ ticket, onDone }: { ticket: Ticket; onDone: () => void }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const [cost, setCost] = useState<Amount>(ticket.cost_cents === 0 ? null : ticket.cost_cents)
  const [discount, setDiscount] = useState<Amount>(ticket.discount_cents === 0 ? null : ticket.discount_cents)
  const change = useEditTicket(ticket, ['cost_cents', 'discount_cents'], onDone)
  const refused = useFieldErrors()(change.error)
  const newer = useNewerPrice(change.newer)
  const price = isUnread(cost) || isUnread(discount) ? null : { cost_cents: cost ?? 0, discount_cents: discount ?? 0 }
  const tooMuch = price !== null && price.discount_cents > price.cost_cents
  const ready = price !== null && !tooMuch
  const save = () => ready && change.save(price)
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
      <PriceField
        label={t('ticket.price')}
        cents={cost}
        onCents={setCost}
        autoFocus
        error={
          newer ??
          refused['cost_cents'] ??
          (change.error && !Object.keys(refused).length ? explain(change.error) : undefined)
        }
      />
      <PriceField
        label={t('ticket.discount')}
        cents={discount}
        onCents={setDiscount}
        error={refused['discount_cents'] ?? (tooMuch ? t('ticket.discountTooHigh') : undefined)}
      />
      <SaveOrCancel keys busy={change.busy} disabled={!ready} onCancel={onDone} />
    </form>
  )
}

/** The price as somebody else has changed it: `£120.00 − £10.00`. */
function useNewerPrice(newer: Pick<Ticket, 'cost_cents' | 'discount_cents'> | null): string | undefined {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  if (!newer) return undefined
  const parts = [newer.cost_cents, ...(newer.discount_cents > 0 ? [newer.discount_cents] : [])]
  return t('ticket.changedMeanwhile', { value: parts.map((cents) => format.cents(cents)).join(' − ') })
}
