import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { Money } from '../../ui/money.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { toTicket } from '../../ui/ways.ts'
import { When } from '../../ui/when.tsx'
import type { Pile, Repair } from './day.ts'
import classes from './home.module.css'

export function PileRows({ name, rows }: { name: Pile['name']; rows: readonly Repair[] }) {
  const { t } = useTranslation()
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('home.ticket')}</th>
          <th scope="col">{t('home.device')}</th>
          <th scope="col">{t('home.customer')}</th>
          <th scope="col">{t('customer.status')}</th>
          <th scope="col" className={classes.when}>
            {t(name === 'ready' ? 'home.readySince' : 'home.promisedFor')}
          </th>
          <th scope="col" className={classes.money}>
            {t('home.owed')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((repair) => (
          <PileRow key={repair.id} name={name} repair={repair} />
        ))}
      </tbody>
    </table>
  )
}

function PileRow({ name, repair }: { name: Pile['name']; repair: Repair }) {
  const go = useNavigate()
  const at = name === 'ready' ? repair.completed_at : repair.promised_at
  return (
    <tr onClick={() => void go(toTicket(repair.id))}>
      <td>
        <Link to={toTicket(repair.id)} onClick={(event) => event.stopPropagation()}>
          {repair.ticket_number}
        </Link>
      </td>
      <td>
        <span className={classes.device}>{repair.device_title}</span>
        {repair.note && <span className={classes.note}>{repair.note}</span>}
      </td>
      <td>
        {repair.customer_name}
        {repair.customer_phone && <span className={classes.phone}>{repair.customer_phone}</span>}
      </td>
      <td>
        <StatusBadge status={repair.status} />
      </td>
      <td className={classes.when} data-overdue={repair.overdue || undefined}>
        {at === null ? '–' : <When at={at} />}
      </td>
      <td className={classes.money}>{repair.due_cents > 0 ? <Money cents={repair.due_cents} /> : '–'}</td>
    </tr>
  )
}
