import { Alert, Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMayWork } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { Money } from '../../../ui/money.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { PriceForm, usePriceDraft } from './price-form.tsx'
import type { Ticket } from '../requests.ts'
import { Payments } from './payments.tsx'
import { Section } from './section.tsx'
import classes from './ticket.module.css'

/** Price, discount, what was paid and what is still owed. */
export function TicketMoney({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const mayWork = useMayWork()
  const { draft, open, change, close } = usePriceDraft(ticket)
  useShortcuts([mayWork && { keys: 'alt+l', label: t('ticket.changePrice'), run: open }])
  const format = useFormat()
  return (
    <Section
      title={t('ticket.price')}
      action={
        mayWork &&
        !draft.from && (
          <Button variant="subtle" size="compact-sm" onClick={open} rightSection={<Key of="alt+l" />}>
            {t('frame:action.edit')}
          </Button>
        )
      }
    >
      {mayWork && draft.from ? (
        <PriceForm ticket={ticket} draft={draft} from={draft.from} change={change} onDone={close} />
      ) : (
        <dl className={classes.sums}>
          <SumLine label={t('ticket.price')} cents={ticket.cost_cents} />
          {ticket.discount_cents > 0 && <SumLine label={t('ticket.discount')} cents={-ticket.discount_cents} />}
          {ticket.discount_cents > 0 && <SumLine label={t('ticket.total')} cents={ticket.total_cents} total />}
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
