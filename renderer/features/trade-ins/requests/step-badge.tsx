import { IconCheck, IconClockHour4, IconSearch, IconTag, IconTruck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PickupStatus } from '../../../../server/domain/pickup-status.ts'
import classes from './requests.module.css'

const ICONS = {
  requested: IconClockHour4,
  collected: IconTruck,
  evaluating: IconSearch,
  offered: IconTag,
  accepted: IconCheck,
  rejected: IconX,
} as const

/** How far a request has come: colour, icon and word together. */
export function StepBadge({ status }: { status: PickupStatus }) {
  const { t } = useTranslation('trade-ins')
  const Icon = ICONS[status]
  return (
    <span className={classes.badge} data-step={status}>
      <Icon size={14} aria-hidden stroke={2} />
      {t(`requests.status.${status}`)}
    </span>
  )
}
