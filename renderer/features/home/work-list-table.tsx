import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useSeesMoney } from '../../session.ts'
import { initials } from '../../ui/marks/initials.ts'
import { Money } from '../../ui/money.tsx'
import { problemText } from '../../ui/problem-text.ts'
import { toTicket } from '../../ui/routes.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { StatusBadge } from '../../ui/marks/status-badge.tsx'
import { DeviceAndProblem, TwoLines } from '../../ui/two-lines.tsx'
import { When } from '../../ui/when.tsx'
import classes from './home.module.css'
import { useIsWide, type Repair, type WorkList } from './work-lists.ts'
import { WholeCodes } from '../../ui/whole-codes.tsx'

/** The lists of what is to be done, the most urgent first; those that are empty are left out, and with nothing in the shop it says so. */
export function WorkListTable({ workLists }: { workLists: readonly WorkList[] }) {
  const { t } = useTranslation('home')
  const wide = useIsWide()
  const seesMoney = useSeesMoney()
  // The cursor waits for the list that comes first, as long as it may still have rows.
  const first = workLists.find(({ rows }) => rows?.length !== 0)
  const columns = 5 + Number(wide) + Number(seesMoney)
  if (workLists.every(({ rows }) => rows?.length === 0))
    return (
      <div className={`${classes.pane} ${classes.quiet}`}>
        <EmptyState>{t('nothingOpen')}</EmptyState>
      </div>
    )
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col" className={classes.ticket}>
            {t('ticket')}
          </th>
          <th scope="col">{t('device')}</th>
          <th scope="col" className={classes.customer}>
            {t('customer')}
          </th>
          {wide && (
            <th scope="col" className={classes.by}>
              {t('by')}
            </th>
          )}
          <th scope="col" className={classes.status}>
            {t('status')}
          </th>
          <th scope="col" className={classes.when}>
            {t('promised')}
          </th>
          {seesMoney && (
            <th scope="col" className={classes.money}>
              {t('owed')}
            </th>
          )}
        </tr>
      </thead>
      {workLists.map((workList) => (
        <Rows key={workList.name} workList={workList} wide={wide} columns={columns} first={workList === first} />
      ))}
    </table>
  )
}

type RowsProps = { workList: WorkList; wide: boolean; columns: number; first: boolean }

/** One work list under its name: its count, its most urgent rows, and a link to all of them. */
function Rows({ workList, wide, columns, first }: RowsProps) {
  const { t } = useTranslation('home')
  const { rows, error, retry } = workList
  if (rows?.length === 0) return null
  return (
    <tbody>
      {workList.name === 'next' && (
        <tr className={classes.calm}>
          <td colSpan={columns}>{t('nothingDue')}</td>
        </tr>
      )}
      <tr className={classes.head}>
        <th scope="rowgroup" colSpan={columns}>
          <ListTitle workList={workList} />
        </th>
      </tr>
      {!rows && (
        <tr>
          <td colSpan={columns}>{error ? <ErrorState error={error} onRetry={retry} /> : <SkeletonRows rows={3} />}</td>
        </tr>
      )}
      {rows?.map((repair, index) => (
        <Row key={repair.id} repair={repair} wide={wide} isStart={first && index === 0} />
      ))}
    </tbody>
  )
}

/** The name of a list, how many there are, and the way to all of them. */
export function ListTitle({ workList: { name, rows, count, all } }: { workList: WorkList }) {
  const { t } = useTranslation('home')
  return (
    <span className={classes.listTitle}>
      <span className={classes.name}>{t(`list.${name}`)}</span>
      {count !== undefined && count !== '0' && (
        <span className={classes.count} data-name={name}>
          {count}
        </span>
      )}
      {rows && String(rows.length) !== count && (
        <Link to={all} className={classes.all} aria-label={`${t('showAll')}: ${t(`list.${name}`)}`}>
          {t('showAll')}
        </Link>
      )}
    </span>
  )
}

function Row({ repair, wide, isStart }: { repair: Repair; wide: boolean; isStart: boolean }) {
  const go = useNavigate()
  const seesMoney = useSeesMoney()
  return (
    <tr className={classes.row} onClick={() => void go(toTicket(repair.id))}>
      <td>
        <Link
          to={toTicket(repair.id)}
          data-row-link
          data-work-start={isStart || undefined}
          onClick={(event) => event.stopPropagation()}
        >
          <WholeCodes>{repair.ticket_number}</WholeCodes>
        </Link>
      </td>
      <td>
        <DeviceAndProblem device={repair.device_title} problem={problemText(repair)} />
      </td>
      <td>
        <TwoLines title={repair.customer_name}>
          <bdi>{repair.customer_name}</bdi>
        </TwoLines>
      </td>
      {wide && (
        <td className={classes.by} title={repair.technicians.map(({ full_name }) => full_name).join(', ')}>
          {repair.technicians.map(({ full_name }) => initials(full_name)).join(' ') || '–'}
        </td>
      )}
      <td>
        <StatusBadge status={repair.status} />
      </td>
      <td className={classes.when} data-overdue={repair.overdue || undefined}>
        {repair.promised_at === null ? '–' : <When at={repair.promised_at} />}
      </td>
      {seesMoney && (
        <td className={classes.money}>{repair.due_cents > 0 ? <Money cents={repair.due_cents} /> : '–'}</td>
      )}
    </tr>
  )
}
