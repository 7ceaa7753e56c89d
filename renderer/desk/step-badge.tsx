import { IconCheck, IconClockHour4, IconSearch, IconTag, IconTruck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PickupStatus } from '../../server/domain/pickup-status.ts'
import { Badge } from '../ui/marks/badge.tsx'

const LOOKS = {
  requested: ['pending', IconClockHour4],
  collected: ['pending', IconTruck],
  evaluating: ['repairing', IconSearch],
  offered: ['cancelled', IconTag],
  accepted: ['completed', IconCheck],
  rejected: ['cancelled', IconX],
} as const

/** How far a request has come. */
export function StepBadge({ status }: { status: PickupStatus }) {
  const { t } = useTranslation('trade-ins')
  const [tone, icon] = LOOKS[status]
  return (
    <Badge tone={tone} icon={icon}>
      {t(`requests.status.${status}`)}
    </Badge>
  )
}
