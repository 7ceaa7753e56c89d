import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { StatusBadge } from '../../../ui/marks/status-badge.tsx'
import { toDevice, toTicket } from '../../../ui/routes.ts'
import { When } from '../../../ui/when.tsx'
import type { Ticket } from '../requests.ts'
import { Section } from './section.tsx'
import classes from './ticket.module.css'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

/** How many stand here; the device's own screen has them all. */
const MAX_SHOWN = 3

/** What was done to this device before. */
export function PastRepairs({ ticket: { device } }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const past = device.past_tickets
  if (past.length === 0) return null
  return (
    <Section
      boxed
      title={t('ticket.earlier')}
      action={past.length > MAX_SHOWN && <Link to={toDevice(device.id)}>{t('ticket.allEarlier')}</Link>}
    >
      <ul className={classes.past}>
        {past.slice(0, MAX_SHOWN).map(({ id, ticket_number, status, created_at }) => (
          <li key={id}>
            <Link to={toTicket(id)} className="figures">
              <WholeCodes>{ticket_number}</WholeCodes>
            </Link>
            <StatusBadge status={status} />
            <When at={created_at} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
