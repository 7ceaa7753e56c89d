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
  /** Shows that the promise has passed instead of the status: the one thing that needs a person now. */
  overdue?: boolean
}

/** A repair's status: always colour, icon and word together. */
export function StatusBadge({ status, overdue = false }: Props) {
  const { t } = useTranslation()
  const shown = overdue ? 'overdue' : status
  const Icon = ICONS[shown]
  return (
    <span className={classes.badge} data-status={shown}>
      <Icon size={14} aria-hidden stroke={2} />
      {t(`status.${shown}`)}
    </span>
  )
}
