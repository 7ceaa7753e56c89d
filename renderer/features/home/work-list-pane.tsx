import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSeesMoney } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { toTicket } from '../../ui/routes.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import classes from './home.module.css'
import { ListTitle } from './work-list-table.tsx'
import type { Repair, WorkList } from './work-lists.ts'
import { WholeCodes } from '../../ui/whole-codes.tsx'

/** A list beside the others: who it is for, what it is, since when it waits or by when it is promised, what is owed. */
export function WorkListPane({ workList }: { workList: WorkList }) {
  const { t } = useTranslation('home')
  const { name, rows, error, retry } = workList
  return (
    <section className={classes.pane} aria-labelledby={`list-${name}`}>
      <h2 id={`list-${name}`}>
        <ListTitle workList={workList} />
      </h2>
      {!rows && (error ? <ErrorState error={error} onRetry={retry} /> : <SkeletonRows rows={3} />)}
      {rows?.length === 0 && <p>{t(name === 'ready' ? 'none.ready' : 'none.mine')}</p>}
      {rows && rows.length > 0 && (
        <ul>
          {rows.map((repair) => (
            <Line key={repair.id} repair={repair} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Line({ repair }: { repair: Repair }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const seesMoney = useSeesMoney()
  const { id, customer_name, device_title, ticket_number, due_cents, completed_at, promised_at } = repair
  const since = completed_at !== null && t('since', { when: format.when(completed_at) })
  return (
    <li>
      <Link to={toTicket(id)} data-row-link>
        <strong>
          <bdi>
            <WholeCodes>{customer_name || ticket_number}</WholeCodes>
          </bdi>
        </strong>
        <span className={classes.end}>{seesMoney && due_cents > 0 && <Money cents={due_cents} />}</span>
        <span className={classes.second}>
          <bdi>{device_title}</bdi>
        </span>
        <span className={`${classes.second} ${classes.end}`}>
          {since || (promised_at !== null && format.when(promised_at))}
        </span>
      </Link>
    </li>
  )
}
