import {
  IconAlertTriangleFilled,
  IconCashBanknote,
  IconCircleCheckFilled,
  IconClockHour4,
  IconTruckDelivery,
  IconX,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { SalesStatus } from '../../server/domain/sales-status.ts'
import { Badge } from '../ui/marks/badge.tsx'
import classes from './web-order-state.module.css'

type Order = { status: SalesStatus; refund_due: boolean; disputed: boolean }

const LOOKS = {
  pending: ['pending', IconClockHour4],
  paid: ['completed', IconCircleCheckFilled],
  shipped: ['completed', IconTruckDelivery],
  completed: ['completed', IconCircleCheckFilled],
  cancelled: ['cancelled', IconX],
  refunded: ['cancelled', IconCashBanknote],
} as const

/** Where an order stands, and what needs a person now. */
export function WebOrderState({ order: { status, refund_due, disputed } }: { order: Order }) {
  const { t } = useTranslation('web-orders')
  const [tone, icon] = LOOKS[status]
  return (
    <span className={classes.states}>
      <Badge tone={tone} icon={icon}>
        {t(`status.${status}`)}
      </Badge>
      {refund_due && <UrgentBadge>{t('refundDue')}</UrgentBadge>}
      {disputed && <UrgentBadge>{t('disputed')}</UrgentBadge>}
    </span>
  )
}

const UrgentBadge = ({ children }: { children: string }) => (
  <Badge tone="alarm" icon={IconAlertTriangleFilled}>
    {children}
  </Badge>
)
