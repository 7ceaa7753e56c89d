import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Money } from '../../ui/money.tsx'
import { problemText } from '../../ui/problem-text.ts'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { DeviceAndProblem, TwoLines } from '../../ui/two-lines.tsx'
import { toTicket } from '../../ui/routes.ts'
import { When } from '../../ui/when.tsx'
import type { WorkList, Repair } from './work-lists.ts'
import classes from './home.module.css'
import { Phone } from '../../ui/phone.tsx'

/** One work list under its name: its count, its most urgent rows, and a link to all of them. */
export function WorkListRows({ workList, wide }: { workList: WorkList; wide: boolean }) {
  const { t } = useTranslation('home')
  const { name, rows, count, error, retry } = workList
  const columns = wide ? 6 : 5
  return (
    <tbody>
      <tr className={classes.head}>
        <th scope="rowgroup" colSpan={columns}>
          <span className={classes.listTitle}>
            <span className={classes.name}>{t(`list.${name}`)}</span>
            {count !== undefined && count !== '0' && (
              <span className={classes.count} data-name={name}>
                {count}
              </span>
            )}
            {rows && String(rows.length) !== count && (
              <Link to={workList.all} className={classes.all}>
                {t('showAll')}
              </Link>
            )}
          </span>
        </th>
      </tr>
      {!rows && (
        <tr>
          <td colSpan={columns}>{error ? <ErrorState error={error} onRetry={retry} /> : <SkeletonRows rows={3} />}</td>
        </tr>
      )}
      {rows?.length === 0 && (
        <tr>
          <td colSpan={columns} className={classes.none}>
            {t(workList.none)}
          </td>
        </tr>
      )}
      {rows?.map((repair) => (
        <WorkListRow key={repair.id} name={name} repair={repair} wide={wide} />
      ))}
    </tbody>
  )
}

function WorkListRow({ name, repair, wide }: { name: WorkList['name']; repair: Repair; wide: boolean }) {
  const go = useNavigate()
  const at = name === 'ready' ? repair.completed_at : repair.promised_at
  return (
    <tr className={classes.row} onClick={() => void go(toTicket(repair.id))}>
      <td>
        <Link to={toTicket(repair.id)} onClick={(event) => event.stopPropagation()}>
          {repair.ticket_number}
        </Link>
      </td>
      <td>
        <DeviceAndProblem device={repair.device_title} problem={problemText(repair)} />
      </td>
      <td>
        <TwoLines title={repair.customer_name}>
          <bdi>{repair.customer_name}</bdi>{' '}
          {wide && repair.customer_phone && (
            <span className={classes.phone}>
              <Phone number={repair.customer_phone} />
            </span>
          )}
        </TwoLines>
      </td>
      {wide && (
        <td>
          <StatusBadge status={repair.status} />
        </td>
      )}
      <td className={classes.when} data-overdue={repair.overdue || undefined}>
        {at === null ? '–' : <When at={at} />}
      </td>
      <td className={classes.money}>{repair.due_cents > 0 ? <Money cents={repair.due_cents} /> : '–'}</td>
    </tr>
  )
}
