import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { PaidElsewhere, TakenElsewhere, useTakenElsewhere } from './paid-elsewhere.tsx'
import { PaidNow } from './paid-now.tsx'
import { Cash, Reference, Tenders } from '../../../payment/tender-fields.tsx'
import { AskTendered } from '../../../payment/ask-tendered.tsx'
import { Confirm, DueChanged, SavedAlready } from './pay-confirm.tsx'
import { AmountToPay } from './pay-fields.tsx'
import classes from '../../../payment/payment.module.css'
import type { Ticket } from '../requests.ts'
import { useIsPaying, usePayment } from './use-payment.ts'

type Props = { ticket: Ticket; opened: boolean; onClose: () => void }

/** Takes money for a ticket: all of it or a part, in cash with change, by an external card terminal, or otherwise. */
export function Pay({ ticket, opened, onClose }: Props) {
  const { t } = useTranslation('pay')
  const busy = useIsPaying(ticket)
  // The ticket's shortcuts are disabled from the first moment on: an amount that is typed early must not set a status.
  useShortcuts([], { dialog: opened })
  return (
    <Dialog
      opened={opened}
      onClose={() => busy || onClose()}
      size="lg"
      title={t('subtitle', { number: ticket.ticket_number, name: ticket.customer.full_name })}
    >
      {opened && <Payment ticket={ticket} onClose={onClose} />}
    </Dialog>
  )
}

function Payment({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const form = usePayment(ticket)
  const elsewhere = useTakenElsewhere(ticket)
  if (form.paid) return <PaidNow paid={form.paid} onClose={onClose} />
  if (form.idle && !form.mustWait && ticket.due_cents === 0)
    return <PaidElsewhere payments={elsewhere} onClose={onClose} />
  return (
    <form onSubmit={form.submit} className={classes.pay} noValidate>
      {form.idle && <TakenElsewhere payments={elsewhere} />}
      <AmountToPay {...form} />
      <Tenders {...form} />
      {form.tender === 'Cash' ? <Cash {...form} /> : <Reference {...form} />}
      {form.savedAlready ? (
        <SavedAlready due={ticket.due_cents} onRestart={form.restart} onClose={onClose} />
      ) : form.stale ? (
        <DueChanged due={ticket.due_cents} onReload={form.restart} />
      ) : form.needsConfirmation ? (
        <AskTendered {...form} />
      ) : (
        <Confirm {...form} />
      )}
    </form>
  )
}
