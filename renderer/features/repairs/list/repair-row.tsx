import { Checkbox } from '@mantine/core'
import { IconAlertTriangleFilled } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Money } from '../../../ui/money.tsx'
import { problemText } from '../../../ui/problem-text.ts'
import { StoreCode } from '../../../ui/stores/store-code.tsx'
import { StatusBadge } from '../../../ui/marks/status-badge.tsx'
import { TwoLines } from '../../../ui/two-lines.tsx'
import { When } from '../../../ui/when.tsx'
import classes from './repairs.module.css'
import type { RepairRow } from '../requests.ts'
import type { RepairRows } from './use-grid-keys.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

type Placed = { top: number; height: number }

type RowProps = Pick<RepairRows, 'onActive' | 'onOpen' | 'onToggle'> &
  Placed & {
    id: string
    row: RepairRow
    index: number
    mayMark: boolean
    isActive: boolean
    isChecked: boolean
  }

/** One repair of the list; its first cell marks it. Made anew only when something of it changes: rows pass by 60 times a second. */
export const Row = memo(function Row({ id, row, index, top, height, mayMark, isActive, isChecked, ...does }: RowProps) {
  const { t } = useTranslation(['repairs', 'frame'])
  const { onActive, onOpen, onToggle } = does
  const toggle = () => onToggle(row.id)
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChecked}
      data-active={isActive || undefined}
      data-overdue={row.overdue || undefined}
      className={classes.row}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={() => onActive(row)}
      onDoubleClick={() => onOpen(row)}
    >
      {!mayMark && <div role="presentation" />}
      {mayMark && (
        // The whole cell marks the row: a box alone is too small for a finger.
        <div
          role="gridcell"
          className={classes.check}
          onClick={(event) => {
            event.stopPropagation()
            toggle()
          }}
        >
          <Checkbox
            aria-label={t('list.mark', { number: row.ticket_number })}
            size="xs"
            tabIndex={-1}
            checked={isChecked}
            onClick={(event) => event.stopPropagation()}
            onChange={toggle}
          />
        </div>
      )}
      <div role="gridcell" className={classes.ticket}>
        <WholeCodes>{row.ticket_number}</WholeCodes>
        <StoreCode store_id={row.store_id} number={row.ticket_number} />
      </div>
      <div role="gridcell" className={classes.status}>
        <StatusBadge status={row.status} />
      </div>
      <div role="gridcell" className={classes.device}>
        <TwoLines title={row.device_title} />
      </div>
      <div role="gridcell" className={classes.customer}>
        <TwoLines title={row.customer_name} />
      </div>
      <div role="gridcell" className={classes.problem}>
        <TwoLines title={problemText(row)} />
      </div>
      <div role="gridcell" className={classes.technician}>
        {row.technicians.map(({ full_name }) => full_name).join(', ')}
      </div>
      <div role="gridcell" className={classes.promised}>
        {row.overdue && <IconAlertTriangleFilled size={14} role="img" aria-label={t('frame:status.overdue')} />}
        {row.promised_at !== null && <When at={row.promised_at} />}
      </div>
      <div role="gridcell" className={classes.due}>
        {row.due_cents > 0 && <Money cents={row.due_cents} />}
      </div>
    </div>
  )
})

/** A row that is being fetched. */
export function RowToCome({ top, height }: Placed) {
  return <div role="presentation" className={classes.toCome} style={{ transform: `translateY(${top}px)`, height }} />
}
