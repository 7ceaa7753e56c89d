import { Button } from '@mantine/core'
import { IconChevronRight, IconExchange } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderStatus } from '../../../server/domain/repair-status.ts'
import { StatusBadge } from '../../ui/marks/status-badge.tsx'
import { When } from '../../ui/when.tsx'
import type { TimelineEntry } from './requests.ts'
import classes from './timeline.module.css'
import { TimelineRow } from './timeline-row.tsx'

/** So many of a run's states are named before it is opened: where it began and where it ended. */
const NAMED = 3

/** Changes of the status with nothing between them, in one row; a press tells them one by one. */
export function StatusRun({ run }: { run: readonly TimelineEntry[] }) {
  const { t } = useTranslation('repairs')
  const [opened, open] = useState(false)
  if (opened) return run.map((entry) => <TimelineRow key={entry.id} entry={entry} />)
  const states = [run[0]?.from, ...run.map(({ to }) => to)].filter((state) => state !== null && state !== undefined)
  const last = run.at(-1)
  return (
    <li className={classes.entry} data-kind="status">
      <IconExchange size={18} stroke={1.6} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <span className={classes.change}>
          {states.slice(-NAMED).map((state, index) => (
            <Fragment key={index}>
              {index > 0 && <IconChevronRight size={14} aria-hidden />}
              <StatusBadge status={state as OrderStatus} />
            </Fragment>
          ))}
          <Button variant="subtle" size="compact-xs" onClick={() => open(true)}>
            {t('timeline.changes', { count: run.length })}
          </Button>
        </span>
        {last && (
          <span className={classes.by}>
            {last.who !== null && <>{last.who} · </>}
            <When at={last.at} />
          </span>
        )}
      </div>
    </li>
  )
}
