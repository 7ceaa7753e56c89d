import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { Money } from '../../ui/money.tsx'
import { problemText } from '../../ui/problem-text.ts'
import { StatusBadge } from '../../ui/marks/status-badge.tsx'
import { DeviceAndProblem, TwoLines } from '../../ui/two-lines.tsx'
import { toTicket } from '../../ui/routes.ts'
import { When } from '../../ui/when.tsx'
import type { CustomerData } from './requests.ts'
import { useSeesMoney } from '../../session.ts'
import classes from './customer.module.css'
import { sum } from '../../../server/domain/money/money.ts'
import { WholeCodes } from '../../ui/whole-codes.tsx'

type Props = { tickets: CustomerData['tickets']; of: 'customer' | 'device' }

/** The repairs of a customer or of a device, newest first, with what is owed in all at the foot. */
export function PastTickets({ tickets, of }: Props) {
  const { t } = useTranslation('customers')
  const seesMoney = useSeesMoney()
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('tickets.number')}</th>
          <th scope="col">{t(of === 'device' ? 'tickets.problem' : 'tickets.device')}</th>
          <th scope="col">{t('tickets.status')}</th>
          <th scope="col">{t('tickets.takenIn')}</th>
          {seesMoney && (
            <th scope="col" className={classes.money}>
              {t('tickets.due')}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {tickets.map((ticket) => (
          <PastTicket key={ticket.id} ticket={ticket} of={of} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={4}>{t('tickets.count', { count: tickets.length })}</td>
          {seesMoney && (
            <td className={classes.money}>
              <Money cents={sum(tickets.map(({ due_cents }) => due_cents))} />
            </td>
          )}
        </tr>
      </tfoot>
    </table>
  )
}

function PastTicket({ ticket, of }: { ticket: CustomerData['tickets'][number]; of: Props['of'] }) {
  const seesMoney = useSeesMoney()
  const go = useNavigate()
  const problem = problemText(ticket)
  return (
    <tr onClick={() => void go(toTicket(ticket.id))}>
      <td>
        <Link to={toTicket(ticket.id)} onClick={(event) => event.stopPropagation()}>
          <WholeCodes>{ticket.ticket_number}</WholeCodes>
        </Link>
      </td>
      <td>
        {of === 'customer' ? (
          <DeviceAndProblem device={ticket.device_title} problem={problem} />
        ) : (
          <TwoLines title={problem} />
        )}
      </td>
      <td>
        <StatusBadge status={ticket.status} />
      </td>
      <td>
        <When at={ticket.created_at} />
      </td>
      {seesMoney && (
        <td className={classes.money}>{ticket.due_cents > 0 ? <Money cents={ticket.due_cents} /> : '–'}</td>
      )}
    </tr>
  )
}
