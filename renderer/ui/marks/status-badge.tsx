import { IconAlertTriangleFilled, IconCircleCheckFilled, IconClockHour4, IconTool, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { OrderStatus } from '../../../server/domain/repair-status.ts'
import { Badge } from './badge.tsx'
import classes from './status-badge.module.css'

const LOOKS = {
  Pending: ['pending', IconClockHour4],
  Repairing: ['repairing', IconTool],
  Completed: ['completed', IconCircleCheckFilled],
  Cancelled: ['cancelled', IconX],
  overdue: ['alarm', IconAlertTriangleFilled],
} as const

type Props = {
  status: OrderStatus
  /** Says beside the status that the promise has passed. */
  overdue?: boolean
}

/** A repair's status. */
export function StatusBadge({ status, overdue = false }: Props) {
  if (!overdue) return <Shown status={status} />
  return (
    <span className={classes.badges}>
      <Shown status={status} /> <Shown status="overdue" />
    </span>
  )
}

/** That the promise has passed, where the status stands already. */
export const OverdueBadge = () => <Shown status="overdue" />

function Shown({ status }: { status: keyof typeof LOOKS }) {
  const { t } = useTranslation()
  const [tone, icon] = LOOKS[status]
  return (
    <Badge tone={tone} icon={icon}>
      {t(`status.${status}`)}
    </Badge>
  )
}
