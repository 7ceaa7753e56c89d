import { IconAlertTriangleFilled, IconCircleCheckFilled, IconClockHour4, IconTool, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { OrderStatus } from '../../server/domain/repair-status.ts'
import classes from './status-badge.module.css'

const ICONS = {
  Pending: IconClockHour4,
  Repairing: IconTool,
  Completed: IconCircleCheckFilled,
  Cancelled: IconX,
  overdue: IconAlertTriangleFilled,
} as const

type Props = {
  status: OrderStatus
  /** Says beside the status that the promise has passed. */
  overdue?: boolean
}

/** A repair's status: always colour, icon and word together. */
export function StatusBadge({ status, overdue = false }: Props) {
  if (!overdue) return <Badge shown={status} />
  return (
    <span className={classes.badges}>
      <Badge shown={status} /> <Badge shown="overdue" />
    </span>
  )
}

function Badge({ shown }: { shown: keyof typeof ICONS }) {
  const { t } = useTranslation()
  const Icon = ICONS[shown]
  return (
    <span className={classes.badge} data-status={shown}>
      <Icon size={14} aria-hidden stroke={2} />
      {t(`status.${shown}`)}
    </span>
  )
}
