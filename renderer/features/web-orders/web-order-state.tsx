import {
  IconAlertTriangleFilled,
  IconCashBanknote,
  IconCircleCheckFilled,
  IconClockHour4,
  IconTruckDelivery,
  IconX,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import badge from '../../ui/status-badge.module.css'
import type { WebOrder } from './requests.ts'
import classes from './web-orders.module.css'

const STATUS_STYLES = {
  pending: [IconClockHour4, 'Pending'],
  paid: [IconCircleCheckFilled, 'Completed'],
  shipped: [IconTruckDelivery, 'Completed'],
  completed: [IconCircleCheckFilled, 'Completed'],
  cancelled: [IconX, 'Cancelled'],
  refunded: [IconCashBanknote, 'Cancelled'],
} as const

/** Where an order stands, and what needs a person now: always colour, icon and word. */
export function WebOrderState({ order: { status, refund_due, disputed } }: { order: WebOrder }) {
  const { t } = useTranslation('web-orders')
  const [Icon, looks] = STATUS_STYLES[status]
  return (
    <span className={classes.states}>
      <span className={badge.badge} data-status={looks}>
        <Icon size={14} aria-hidden stroke={2} />
        {t(`status.${status}`)}
      </span>
      {refund_due && <UrgentBadge>{t('refundDue')}</UrgentBadge>}
      {disputed && <UrgentBadge>{t('disputed')}</UrgentBadge>}
    </span>
  )
}

function UrgentBadge({ children }: { children: string }) {
  return (
    <span className={badge.badge} data-status="overdue">
      <IconAlertTriangleFilled size={14} aria-hidden />
      {children}
    </span>
  )
}
