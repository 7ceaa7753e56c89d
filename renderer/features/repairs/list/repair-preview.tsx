import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ContextPanel, ContextSection, Fact } from '../../../ui/context-panel.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { Money } from '../../../ui/money.tsx'
import { problemText } from '../../../ui/problem-text.ts'
import { StatusBadge } from '../../../ui/marks/status-badge.tsx'
import { toCustomer, toTicket } from '../../../ui/routes.ts'
import { When } from '../../../ui/when.tsx'
import { useSeesMoney } from '../../../session.ts'
import classes from './repairs.module.css'
import { ticketQuery, type RepairRow } from '../requests.ts'
import { TimelineRow } from '../timeline-row.tsx'
import { Phone } from '../../../ui/phone.tsx'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

/** The repair beside its list: enough to answer the phone. */
export function RepairPreview({ row }: { row: RepairRow }) {
  const { t } = useTranslation(['repairs', 'intake'])
  const seesMoney = useSeesMoney()
  const { data: ticket } = useQuery(ticketQuery(row.id))
  return (
    <ContextPanel label={row.ticket_number}>
      <div className={classes.previewHead}>
        <strong className="figures">
          <WholeCodes>{row.ticket_number}</WholeCodes>
        </strong>
        <StatusBadge status={row.status} overdue={row.overdue} />
      </div>
      <ContextSection title={row.device_title}>
        <dl className={classes.facts}>
          <Fact label={t('intake:serialShort')}>{row.serial_number}</Fact>
          <Fact label={t('column.problem')}>{problemText(row)}</Fact>
          <Fact label={t('column.promised')}>{row.promised_at !== null && <When at={row.promised_at} />}</Fact>
          <Fact label={t('column.technician')}>{row.technicians.map(({ full_name }) => full_name).join(', ')}</Fact>
        </dl>
      </ContextSection>
      <ContextSection title={t('column.customer')}>
        <dl className={classes.facts}>
          <Fact label={t('intake:name')}>
            <Link to={toCustomer(row.customer_id)}>{row.customer_name}</Link>
          </Fact>
          <Fact label={t('intake:phone')}>{row.customer_phone && <Phone number={row.customer_phone} call />}</Fact>
          {seesMoney && (
            <Fact label={t('ticket.due')}>
              <Money cents={row.due_cents} />
            </Fact>
          )}
        </dl>
      </ContextSection>
      {ticket && (
        <ContextSection title={t('ticket.latest')}>
          <ul className={classes.latest}>
            {ticket.timeline.slice(-3).map((entry) => (
              <TimelineRow key={entry.id} entry={entry} />
            ))}
          </ul>
        </ContextSection>
      )}
      <Button component={Link} to={toTicket(row.id)} fullWidth rightSection={<Key of="Enter" />}>
        {t('list.openTicket')}
      </Button>
    </ContextPanel>
  )
}
